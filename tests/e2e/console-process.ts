import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { quickestFolder } from '../support/quickest-folder';

/** A running browser-mode console with a data folder of its own. */
export interface RunningConsole {
  readonly dataFolder: string;
  /** Opens the console's page with a fresh one-time token. */
  readonly url: string;
  /** Every address its process connected to or looked up so far. */
  connectedTo(): ReadonlySet<string>;
  /** Bytes its process holds once the garbage is gone; compiled code aside, which grows for as long as V8 finds what is worth it. */
  memoryInUse(): Promise<number>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly dataFolder?: string;
  /** Environment variables besides the ones of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the built console as a person would and waits until it reports its address. */
export async function startConsole({
  dataFolder = newDataFolder(),
  environment = {},
}: StartOptions = {}): Promise<RunningConsole> {
  const watchFile = join(dataFolder, 'watched.jsonl');
  const watcher = new URL('../support/watch-process.mjs', import.meta.url).href;
  const child = spawn(
    process.execPath,
    ['--import', watcher, 'out/main/browser.js', '--no-open', '--report-ready'],
    {
      env: {
        ...process.env,
        LITEMAAS_DATA_DIR: dataFolder,
        LITEMAAS_CHECK_OUTPUTS: '1',
        LITEMAAS_WATCH_FILE: watchFile,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const url = await readyUrl(child);
  return {
    dataFolder,
    url,
    connectedTo: () => new Set(watched(watchFile).flatMap(({ address }) => address ?? [])),
    async memoryInUse() {
      const taken = () => watched(watchFile).flatMap(({ snapshot }) => snapshot ?? []);
      const before = taken().length;
      child.kill('SIGUSR2');
      for (;;) {
        const file = taken()[before];
        if (file !== undefined) {
          const bytes = bytesWithoutCode(JSON.parse(readFileSync(file, 'utf8')) as HeapSnapshot);
          rmSync(file);
          return bytes;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** What is read of a heap snapshot: all nodes are one list of numbers, so many for each as it has fields. */
interface HeapSnapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: string[]; readonly node_types: [string[]] } };
  readonly nodes: number[];
}

function bytesWithoutCode({ snapshot: { meta }, nodes }: HeapSnapshot): number {
  const [type, size] = [meta.node_fields.indexOf('type'), meta.node_fields.indexOf('self_size')];
  const code = meta.node_types[0].indexOf('code');
  let bytes = 0;
  for (let node = 0; node < nodes.length; node += meta.node_fields.length) {
    if (nodes[node + type] !== code) bytes += nodes[node + size] ?? 0;
  }
  return bytes;
}

function watched(file: string): { address?: string; snapshot?: string }[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as { address?: string; snapshot?: string });
}

export function newDataFolder(): string {
  const folder = mkdtempSync(join(quickestFolder(), 'litemaas-e2e-'));
  // Root lends the server another account, which has to reach the folder inside.
  chmodSync(folder, 0o711);
  return folder;
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The console has no output to read');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('READY ')) {
      child.stdout.resume();
      return (JSON.parse(line.slice('READY '.length)) as { address: string }).address;
    }
  }
  throw new Error('The console ended before it was ready');
}
