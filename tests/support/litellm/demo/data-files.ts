import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { microsecondsOf } from '../instants';
import type { JsonObject } from '../state';

/** One request of the Azure trace; time in milliseconds since 1970, with a fraction. */
export interface TraceRequest {
  readonly timestampMs: number;
  readonly kind: 'conv' | 'code';
  readonly contextTokens: number;
  readonly generatedTokens: number;
}

const folder = new URL('../../../../src/main/demo/data/', import.meta.url);

function readDataFile(name: string): string {
  return readFileSync(fileURLToPath(new URL(name, folder)), 'utf8');
}

/** The whole real trace, oldest first: 28,185 requests. */
export function readTrace(): TraceRequest[] {
  const lines = readDataFile('azure-llm-trace-2023.csv').trimEnd().split('\n').slice(1);
  return lines.map((line) => {
    const [timestamp = '', kind, contextTokens, generatedTokens] = line.split(',');
    return {
      timestampMs: microsecondsOf(timestamp) / 1000,
      kind: kind === 'code' ? 'code' : 'conv',
      contextTokens: Number(contextTokens),
      generatedTokens: Number(generatedTokens),
    };
  });
}

/** Real catalogue entries by their LiteLLM model string. */
export function readModelPrices(): Readonly<Record<string, JsonObject>> {
  return JSON.parse(readDataFile('model-prices.json')) as Record<string, JsonObject>;
}
