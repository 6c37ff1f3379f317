import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How many requests the shipped trace holds. */
export const traceLength = 28_185;

export interface TraceRequest {
  /** When it came, as a share of the trace's length: 0 is its first request, 1 its last. */
  readonly position: number;
  readonly kind: 'conv' | 'code';
  readonly contextTokens: number;
  readonly generatedTokens: number;
}

/** The real requests of `data/azure-llm-trace-2023.csv` in order of time (licence and source: NOTICE.md there). */
export async function readTrace(demoFolder: string): Promise<TraceRequest[]> {
  const input = createReadStream(join(demoFolder, 'azure-llm-trace-2023.csv'), 'utf8');
  const requests: { at: number; kind: 'conv' | 'code'; contextTokens: number; generatedTokens: number }[] =
    [];
  let header = true;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (header || line === '') {
      header = false;
      continue;
    }
    const [at = '', kind = '', context = '', generated = ''] = line.split(',');
    requests.push({
      at: Date.parse(`${at.replace(' ', 'T')}Z`),
      kind: kind === 'code' ? 'code' : 'conv',
      contextTokens: Number(context),
      generatedTokens: Number(generated),
    });
  }
  const first = requests[0]?.at ?? 0;
  const length = Math.max(1, (requests.at(-1)?.at ?? 0) - first);
  return requests.map(({ at, ...request }) => ({ position: (at - first) / length, ...request }));
}
