import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../support/built-program';
import {
  type DesktopProgram,
  launchDesktop,
  startDesktop,
} from '../../support/electron-stand-in/desktop-program';

let desktop: DesktopProgram;
beforeAll(ensureBuilt);
afterEach(() => desktop.stop());

async function startedDesktop(environment: Record<string, string> = {}): Promise<DesktopProgram> {
  desktop = await startDesktop({ environment });
  await desktop.call('app', 'info', {});
  return desktop;
}

describe('quitting', () => {
  const ways: readonly (readonly [string, (program: DesktopProgram) => Promise<void> | void])[] = [
    ['the menu', (program) => program.ask('quit')],
    ['closing the window', (program) => program.ask('closeWindow')],
    ['a termination signal', (program) => program.kill('SIGTERM')],
    ['an interrupt', (program) => program.kill('SIGINT')],
  ];
  it.each(ways)('closes the console and ends with 0: %s', async (_way, quit) => {
    const program = await startedDesktop();
    const lock = join(program.folder, 'data', 'console.lock');
    expect(existsSync(lock)).toBe(true);
    const leftStateBehind = join(program.folder, 'data', 'desktop', 'window.json');
    await program.ask('themeColor', '#0A1929');
    await quit(program);
    expect(await program.exited).toBe(0);
    expect(existsSync(lock)).toBe(false);
    expect(JSON.parse(readFileSync(leftStateBehind, 'utf8'))).toMatchObject({
      maximized: false,
      backgroundColor: '#0a1929',
      bounds: { width: 1360, height: 860 },
    });
  });

  it('ends calls that wait', async () => {
    const program = await startedDesktop();
    const answer = (await program.call('app', 'watch', { sinceRevision: -1 })) as {
      value: { revision: number };
    };
    void program.call('app', 'watch', { sinceRevision: answer.value.revision }).catch(() => undefined);
    const started = performance.now();
    await program.ask('quit');
    expect(await program.exited).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('failures', () => {
  it('are shown without a secret or a stack, logged, and end the program in order', async () => {
    const program = await startedDesktop();
    await program.ask(
      'throwUncaught',
      'could not connect to postgresql://admin:hunter2@db.example.com/litemaas',
    );
    expect(await program.exited).toBe(1);
    expect(program.output()).toMatch(/\[error box\] LiteMaaS Console has to quit\nError: could not connect/);
    expect(program.output()).toContain(join(program.folder, 'data', 'logs'));
    expect(program.output()).not.toMatch(/hunter2|\bat .*\.js:\d/);
    const log = readFileSync(join(program.folder, 'data', 'logs', 'console.log'), 'utf8');
    expect(log).toContain('uncaught exception');
    expect(log).not.toContain('hunter2');
    expect(existsSync(join(program.folder, 'data', 'console.lock'))).toBe(false);
  });

  it('of the page offer to reload it', async () => {
    const program = await startedDesktop();
    await program.ask('answerMessages', 0);
    await program.ask('crash', 'oom');
    await expect
      .poll(async () => (await program.ask('state')).shown.messages)
      .toMatchObject([
        { message: expect.stringContaining('ran out of memory') as string, buttons: ['Reload', 'Quit'] },
      ]);
    expect(await program.call('app', 'info', {})).toMatchObject({ ok: true });
    await program.ask('crash', 'crashed');
    await expect.poll(async () => (await program.ask('state')).shown.messages).toHaveLength(2);
  });

  it('of a page that hangs offer to wait', async () => {
    const program = await startedDesktop();
    await program.ask('unresponsive');
    await expect
      .poll(async () => (await program.ask('state')).shown.messages)
      .toMatchObject([{ buttons: ['Wait', 'Reload'] }]);
  });

  it('to start are said in words, with what to do', async () => {
    desktop = await launchDesktop({ environment: { LITEMAAS_DATA_DIR: 'relative/folder' } });
    expect(await desktop.exited).toBe(1);
    expect(desktop.output()).toMatch(
      /\[error box\] LiteMaaS Console can’t start\n.*relative\/folder.*\n\nGive /,
    );
    expect(existsSync('relative')).toBe(false);
  });
});

it('starting is measured in the log', async () => {
  const program = await startedDesktop();
  const log = (): string => readFileSync(join(program.folder, 'data', 'logs', 'console.log'), 'utf8');
  await expect.poll(log).toMatch(/"event":"started","readyMs":\d+,"consoleMs":\d+,"windowMs":\d+/);
});
