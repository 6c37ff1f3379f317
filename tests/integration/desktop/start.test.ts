import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { downloadElectron, findElectron, reasonAgainstElectron } from '../../../scripts/electron-binary.mjs';
import { runChild } from '../../../scripts/run-child.mjs';
import { ensureBuilt } from '../../support/built-program';

let child: ChildProcess | null = null;
const folder = mkdtempSync(join(tmpdir(), 'litemaas-start-'));
beforeAll(ensureBuilt);
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Starts as a person would and waits until browser mode is there. Answers what was said on the way. */
async function startUntilReady(...args: string[]): Promise<{ said: string; program: ChildProcess }> {
  const program = spawn(process.execPath, ['scripts/start.mjs', '--no-open', '--report-ready', ...args], {
    env: { ...process.env, LITEMAAS_DATA_DIR: folder, LITEMAAS_NO_DOWNLOAD: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = program;
  let said = '';
  let output = '';
  program.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  program.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => output, { timeout: 30_000 }).toMatch(/^READY .*\n/m);
  return { said, program };
}

describe('npm start', () => {
  it.runIf(findElectron() === null || reasonAgainstElectron() !== null)(
    'says in one sentence why it is browser mode, and ends in order when told to',
    async () => {
      const { said, program } = await startUntilReady();
      expect(said.split('\n').filter((line) => line.includes('browser mode'))).toHaveLength(1);
      program.kill('SIGTERM');
      expect(await once(program, 'exit')).toEqual([0, null]);
    },
  );

  it('gives no reason for browser mode that was asked for', async () => {
    const { said, program } = await startUntilReady('--browser');
    expect(said).not.toMatch(/browser mode|Electron/);
    program.kill('SIGTERM');
    expect(await once(program, 'exit')).toEqual([0, null]);
  });
});

describe('Electron', () => {
  const linux = { platform: 'linux' as const, userId: 1_000, environment: { DISPLAY: ':0' } };

  it('is not run by root, who would have to give up its sandbox', () => {
    expect(reasonAgainstElectron({ ...linux, userId: 0 })).toMatch(/as root only without its sandbox/);
  });

  it('needs a display on Linux', () => {
    expect(reasonAgainstElectron({ ...linux, environment: {} })).toBe('there is no display');
    expect(reasonAgainstElectron({ ...linux, environment: { WAYLAND_DISPLAY: 'wayland-0' } })).not.toBe(
      'there is no display',
    );
    expect(reasonAgainstElectron({ platform: 'darwin', userId: 501, environment: {} })).toBeNull();
  });
});

describe('fetching Electron', () => {
  /** A package whose installer is the given code. */
  function packageWith(installer: string): string {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'install.js'), installer);
    return folder;
  }

  it('answers where its program is', async () => {
    const installer = `const fs = require('node:fs');
      fs.mkdirSync(__dirname + '/dist');
      fs.writeFileSync(__dirname + '/dist/electron', '');
      fs.writeFileSync(__dirname + '/path.txt', 'electron');`;
    expect(await downloadElectron({ folder: packageWith(installer) })).toBe(join(folder, 'dist', 'electron'));
  });

  it('answers none when the installer fails', async () => {
    expect(await downloadElectron({ folder: packageWith('process.exit(1)') })).toBeNull();
  });

  it('gives up when it takes too long', async () => {
    const startedAt = performance.now();
    const installer = 'setTimeout(() => {}, 60_000)';
    expect(await downloadElectron({ folder: packageWith(installer), limitMs: 500 })).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  it('stops, with everything, when it is interrupted', async () => {
    const starter = join(packageWith('setTimeout(() => {}, 60_000)'), 'starter.mjs');
    const module = JSON.stringify(new URL('../../../scripts/electron-binary.mjs', import.meta.url).href);
    writeFileSync(
      starter,
      `import { downloadElectron } from ${module};
      await downloadElectron({ folder: ${JSON.stringify(folder)} });`,
    );
    const program = spawn(process.execPath, [starter], { stdio: ['ignore', 'ignore', 'pipe'] });
    child = program;
    await once(program.stderr, 'data');
    await delay(500);
    program.kill('SIGINT');
    expect(await once(program, 'exit')).toEqual([130, null]);
  });
});

describe('a program that was started', () => {
  it.each([
    ['its exit code', ['-e', 'process.exit(7)'], 7],
    ['the number of the signal that ended it', ['-e', 'process.kill(process.pid, "SIGKILL")'], 137],
  ])('gives back %s', async (_what, args, code) => {
    expect(await runChild(process.execPath, args)).toBe(code);
  });

  it('that can’t be found is 127', async () => {
    expect(await runChild(join(folder, 'no-such-program'), [])).toBe(127);
  });
});
