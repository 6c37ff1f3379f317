import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';

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

interface Fixtures {
  readonly console_: RunningConsole;
}

/**
 * A test with a console of its own. It fails on any policy violation, page error, or request to a place other than
 * the console itself.
 */
export const test = base.extend<Fixtures>({
  // Playwright reads the parameter's pattern; it has no fixtures of its own to name here.
  // eslint-disable-next-line no-empty-pattern
  console_: async ({}, use) => {
    const running = await startConsole();
    await use(running);
    await running.stop();
    await rm(running.dataFolder, { recursive: true, force: true });
  },
  page: async ({ page }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (/content security policy|refused to/i.test(message.text())) problems.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1')
        problems.push(`request to ${request.url()}`);
    });
    await use(page);
    expect(problems).toEqual([]);
  },
});

export { expect };

/** No serious or critical finding of axe on what the page shows now. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
  expect(grave, `axe on ${where}`).toEqual([]);
}
