import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownPageHeaders, tokenOf } from './test-server';

interface Started {
  readonly child: ChildProcess;
  readonly dataFolder: string;
  /** Standard output and standard error so far. */
  output(): string;
  exited(): Promise<number | null>;
}

/** Browser mode's own entry, as `npm run browser` starts it once built. */
function startEntry(
  args: string[],
  environment: Record<string, string> = {},
  dataFolder = newFolder(),
): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main/browser.ts', ...args], {
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', LITEMAAS_DATA_DIR: dataFolder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  const exit = once(child, 'exit');
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await exit;
  });
  return {
    child,
    dataFolder,
    output: () => output,
    exited: async () => ((await exit) as [number | null])[0],
  };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'litemaas-entry-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function until<T>(find: () => T | undefined, what: string): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`No ${what} within 30 s`);
    await delay(20);
  }
}

/** The address in the redirect file, which is how the owner gets in where the output is no terminal. */
function addressOf(started: Started): Promise<string> {
  return until(() => {
    const name = readdirSync(started.dataFolder).find((name) =>
      name.includes(`-${String(started.child.pid)}.html`),
    );
    return name && /url=(\S+)"/.exec(readFileSync(join(started.dataFolder, name), 'utf8'))?.[1];
  }, `redirect file (${started.output()})`);
}

async function exchange(address: string): Promise<Response> {
  const { host } = new URL(address);
  const headers = ownPageHeaders(host);
  return fetch(`http://${host}/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ token: tokenOf(address) }),
  });
}

describe('browser mode’s entry', () => {
  it('keeps the token out of process lists, of a log and of files that others can read', async () => {
    const programs = newFolder();
    const opened = join(programs, 'opened');
    writeFileSync(
      join(programs, 'xdg-open'),
      `#!/bin/sh\nprintf '%s\\n' "$@" > '${opened}.part'\nmv '${opened}.part' '${opened}'\n`,
    );
    chmodSync(join(programs, 'xdg-open'), 0o755);
    const console = startEntry([], {
      DISPLAY: ':9',
      PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`,
    });
    const token = tokenOf(await addressOf(console));
    await until(() => (existsSync(opened) ? true : undefined), 'start of the system browser');
    const path = readFileSync(opened, 'utf8').trim();
    expect(path).toBe(join(console.dataFolder, `open-console-${String(console.child.pid)}.html`));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(console.output()).toMatch(/^LiteMaaS Console is at http:\/\/127\.0\.0\.1:\d+\/ .*\n$/);
    expect(console.output()).toContain(path);
    expect(console.output()).not.toContain(token);
    const log = join(console.dataFolder, 'logs', 'console.log');
    expect(existsSync(log) ? readFileSync(log, 'utf8') : '').not.toContain(token);
  });

  it('removes the redirect file once it was used, and makes a new one for a used address', async () => {
    const console = startEntry(['--no-open']);
    const address = await addressOf(console);
    expect((await exchange(address)).status).toBe(200);
    expect(readdirSync(console.dataFolder).filter((name) => name.startsWith('open-console'))).toEqual([]);
    expect((await exchange(address)).status).toBe(401);
    const next = await addressOf(console);
    expect(next).not.toBe(address);
    expect((await exchange(next)).status).toBe(200);
  });

  it('closes on SIGTERM and leaves no redirect file', async () => {
    const console = startEntry(['--no-open', '--report-ready']);
    await addressOf(console);
    const ready = await until(() => /^READY (.*)$/m.exec(console.output())?.[1], 'READY line');
    expect(JSON.parse(ready)).toEqual({ address: await addressOf(console), pid: console.child.pid });
    console.child.kill('SIGTERM');
    expect(await console.exited()).toBe(0);
    expect(readdirSync(console.dataFolder).filter((name) => name.startsWith('open-console'))).toEqual([]);
  });

  it('runs a second one beside it in the same data folder, each with its own address', async () => {
    const one = startEntry(['--no-open']);
    const first = await addressOf(one);
    const other = startEntry(['--no-open'], {}, one.dataFolder);
    const second = await addressOf(other);
    expect(new URL(second).port).not.toBe(new URL(first).port);
    const cookies = [];
    for (const address of [first, second]) {
      const answer = await exchange(address);
      expect(answer.status).toBe(200);
      cookies.push(answer.headers.get('set-cookie')?.split('=')[0]);
    }
    expect(cookies[0]).not.toBe(cookies[1]);
  });

  it('says in one sentence that a port is taken, and ends', async () => {
    const one = startEntry(['--no-open']);
    const { port } = new URL(await addressOf(one));
    const other = startEntry(['--no-open'], { LITEMAAS_PORT: port });
    expect(await other.exited()).toBe(1);
    expect(other.output()).toBe(
      `The console can’t listen on port ${port}: another program uses it.\nChoose another one with --port, or leave it out for a free one.\n`,
    );
  });

  it('refuses an unknown option and explains the known ones', async () => {
    const wrong = startEntry(['--listen', '0.0.0.0']);
    expect(await wrong.exited()).toBe(1);
    expect(wrong.output()).toContain("Unknown option '--listen'");
    expect(wrong.output()).toContain('--port <number>');
    const help = startEntry(['--help']);
    expect(await help.exited()).toBe(0);
    expect(help.output()).toContain('--no-open');
  });
});
