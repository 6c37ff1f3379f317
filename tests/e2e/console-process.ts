import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A running browser-mode console with a data folder of its own. */
export interface RunningConsole {
  readonly dataFolder: string;
  /** Opens the console's page with a fresh one-time token. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the built console as a person would and waits until it reports its address. */
export async function startConsole(dataFolder = newDataFolder()): Promise<RunningConsole> {
  const child = spawn(process.execPath, ['out/main/browser.js', '--no-open', '--report-ready'], {
    env: { ...process.env, LITEMAAS_DATA_DIR: dataFolder, LITEMAAS_CHECK_OUTPUTS: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await readyUrl(child);
  return {
    dataFolder,
    url,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

export function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'litemaas-e2e-'));
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
