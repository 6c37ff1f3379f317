import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../support/built-program';
import { type DesktopProgram, startDesktop } from '../../support/electron-stand-in/desktop-program';

let desktop: DesktopProgram;
beforeAll(async () => {
  await ensureBuilt();
  desktop = await startDesktop();
});
afterAll(() => desktop.stop());

const appInfo = ['app', 'info', {}, 'forged'];
const newest = async (): Promise<number> => {
  const answer = (await desktop.call('app', 'watch', { sinceRevision: -1 })) as {
    value: { revision: number };
  };
  return answer.value.revision;
};

describe('a call from the page', () => {
  it('goes through preload, IPC and router and back', async () => {
    expect(await desktop.call('app', 'info', {})).toMatchObject({
      ok: true,
      value: { version: '9.9.9', host: 'desktop', node: process.versions.node },
    });
  });

  it.each([
    ['an unknown procedure', 'not_found', "litemaas.app.info.constructor('return 1')"],
    ['input that is not valid', 'validation', "litemaas.app.watch({ sinceRevision: 'x' }, 'a1')"],
    ['input with more than belongs', 'validation', "litemaas.app.info({ extra: 1 }, 'a2')"],
    [
      'no open database',
      'not_found',
      "litemaas.users.get({ id: '00000000-0000-4000-8000-000000000000' }, 'a3')",
    ],
    ['no id of its own', 'validation', 'litemaas.app.info({}, 7)'],
    ['an empty id', 'validation', "litemaas.app.info({}, '')"],
  ])('keeps the code of its failure: %s', async (what, code, expression) => {
    const answer =
      what === 'an unknown procedure'
        ? await desktop.ask('forge', 'litemaas:call', ['app', 'toString', {}, 'a0'], {
            frameUrl: 'litemaas-app://console/',
          })
        : await desktop.ask('evaluate', expression);
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect((answer as { error: { message: string } }).error.message).not.toMatch(/\bat .*\.js:\d/);
  });

  it('answers instead of failing when its input can’t be cloned', async () => {
    const answer = await desktop.ask('evaluate', "litemaas.app.info({ nested: () => 1 }, 'b1')");
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
  });

  it('ends at once when it is cancelled, and only that call', async () => {
    const sinceRevision = await newest();
    const started = performance.now();
    const cancelled = desktop.call('app', 'watch', { sinceRevision }, 'long-1');
    let otherEnded = false;
    void desktop.call('app', 'watch', { sinceRevision }, 'long-2').then(() => (otherEnded = true));
    await delay(200);
    await desktop.ask('evaluate', "litemaas.host.cancel('no-such-call'); litemaas.host.cancel('long-1')");
    await cancelled;
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(otherEnded).toBe(false);
    await desktop.ask('evaluate', "litemaas.host.cancel('long-2')");
    await expect.poll(() => otherEnded).toBe(true);
  });

  it('refuses a second call with an id that is under way', async () => {
    const sinceRevision = await newest();
    const first = desktop.call('app', 'watch', { sinceRevision }, 'twice');
    await delay(100);
    expect(await desktop.call('app', 'info', {}, 'twice')).toMatchObject({
      ok: false,
      error: { code: 'validation' },
    });
    await desktop.ask('evaluate', "litemaas.host.cancel('twice')");
    await first;
    expect(await desktop.call('app', 'info', {}, 'twice')).toMatchObject({ ok: true });
  });

  it('is one of 64 at most', async () => {
    const sinceRevision = await newest();
    const ids = Array.from({ length: 64 }, (_, index) => `crowd-${String(index)}`);
    const running = ids.map((id) => desktop.call('app', 'watch', { sinceRevision }, id));
    await expect
      .poll(() => desktop.call('app', 'info', {}))
      .toMatchObject({ ok: false, error: { code: 'busy' } });
    for (const id of ids) await desktop.ask('evaluate', `litemaas.host.cancel('${id}')`);
    await Promise.all(running);
    expect(await desktop.call('app', 'info', {})).toMatchObject({ ok: true });
  });

  it('ends with the page that made it', async () => {
    const sinceRevision = await newest();
    const call = desktop.call('app', 'watch', { sinceRevision }, 'before-reload');
    await delay(200);
    const started = performance.now();
    await desktop.ask('reload');
    await call;
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await desktop.call('app', 'info', {}, 'before-reload')).toMatchObject({ ok: true });
  });
});

describe('a message that is not from our page', () => {
  const senders = {
    'another site': { frameUrl: 'https://example.com/' },
    'another host of our scheme': { frameUrl: 'litemaas-app://other/' },
    'our host under another scheme': { frameUrl: 'https://console/' },
    'our page with credentials': { frameUrl: 'litemaas-app://user:pw@console/' },
    'no address at all': { frameUrl: '' },
    'a frame inside our page': { frameUrl: 'litemaas-app://console/', inFrame: true },
    'a frame that is gone': { frameUrl: null },
    'a frame that was disposed': { frameUrl: null, disposed: true },
    'a window we did not make': { frameUrl: 'litemaas-app://console/', stranger: true },
  };
  it.each(Object.entries(senders))('is refused: %s', async (_who, from) => {
    await expect(desktop.ask('forge', 'litemaas:call', appInfo, from)).rejects.toThrow(/Refused/);
  });

  it('is answered when nothing about it is forged', async () => {
    const from = { frameUrl: 'litemaas-app://console/#/users' };
    expect(await desktop.ask('forge', 'litemaas:call', appInfo, from)).toMatchObject({ ok: true });
  });

  it('cancels nothing', async () => {
    const sinceRevision = await newest();
    let ended = false;
    const call = desktop.call('app', 'watch', { sinceRevision }, 'guarded').then(() => (ended = true));
    await delay(100);
    await desktop.ask('forgeSend', 'litemaas:cancel', ['guarded'], 'https://example.com/');
    await desktop.ask('forgeSend', 'litemaas:cancel', ['guarded'], null);
    await delay(300);
    expect(ended).toBe(false);
    await desktop.ask('forgeSend', 'litemaas:cancel', ['guarded'], 'litemaas-app://console/');
    await call;
  });

  it('finds no other channel', async () => {
    expect((await desktop.ask('state')).channels.sort()).toEqual(['litemaas:call', 'litemaas:cancel']);
    const from = { frameUrl: 'litemaas-app://console/' };
    await expect(desktop.ask('forge', 'litemaas:other', [], from)).rejects.toThrow(/No handler registered/);
  });
});
