import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { refusalCode, startTestServer } from './test-server';

const call = { callId: '1', input: {} };

describe('every call needs the cookie and the session header', () => {
  it('refuses a call with neither', async () => {
    const console = await startTestServer();
    await console.enter();
    const answer = await console.post('/api/users/list', call);
    expect([answer.status, refusalCode(answer)]).toEqual([401, 'session_ended']);
    expect(console.received).toEqual([]);
  });

  it('refuses the cookie without the header: a page on another port of this host has the cookie too', async () => {
    const console = await startTestServer();
    const { cookie } = await console.enter();
    for (const path of ['/api/users/list', '/api/cancel', '/session/end']) {
      expect((await console.post(path, call, { cookie })).status, path).toBe(401);
    }
    expect(console.received).toEqual([]);
  });

  it('refuses the header without the cookie', async () => {
    const console = await startTestServer();
    const { cookie: _cookie, ...header } = await console.enter();
    for (const path of ['/api/users/list', '/api/cancel', '/session/end']) {
      expect((await console.post(path, call, header)).status, path).toBe(401);
    }
    expect(console.received).toEqual([]);
  });

  it('refuses the cookie of one session with the header of another', async () => {
    const console = await startTestServer();
    const first = await console.enter();
    await console.post('/session', {});
    const second = await console.enter();
    expect(second.cookie).not.toBe(first.cookie);
    const mixed = { cookie: first.cookie, 'x-litemaas-session': second['x-litemaas-session'] };
    expect((await console.post('/api/users/list', call, mixed)).status).toBe(401);
    expect((await console.post('/api/users/list', call, first)).status).toBe(200);
    expect((await console.post('/api/users/list', call, second)).status).toBe(200);
  });

  it('refuses values that are nearly right', async () => {
    const console = await startTestServer();
    const { cookie, 'x-litemaas-session': header } = await console.enter();
    const wrong = [
      { cookie, 'x-litemaas-session': header.slice(0, -1) },
      { cookie, 'x-litemaas-session': `${header}, ${header}` },
      { cookie: cookie.slice(0, -1), 'x-litemaas-session': header },
      { cookie: cookie.replace(/^litemaas-[^=]+/, 'litemaas'), 'x-litemaas-session': header },
      { cookie: `x${cookie}`, 'x-litemaas-session': header },
    ];
    for (const credentials of wrong)
      expect((await console.post('/api/users/list', call, credentials)).status).toBe(401);
    expect(console.received).toEqual([]);
  });

  it('is not shut out by a second cookie of the same name that another port has set', async () => {
    const console = await startTestServer();
    const { cookie, ...header } = await console.enter();
    const tossed = `${console.server.cookieName}=planted; ${cookie}; ${console.server.cookieName}=more`;
    expect((await console.post('/api/users/list', call, { ...header, cookie: tossed })).status).toBe(200);
  });
});

describe('a session ends', () => {
  it('when the person ends it: later calls are refused, running ones stop, the cookie is cleared', async () => {
    let aborted = false;
    const console = await startTestServer({
      answering: async (_request, { signal }) => {
        await delay(30_000, undefined, { signal }).catch(() => (aborted = true));
        return { ok: true, value: 'must not arrive' };
      },
    });
    const credentials = await console.enter();
    const running = console.post('/api/app/watch', call, credentials);
    while (console.received.length === 0) await delay(5);
    const ended = await console.post('/session/end', {}, credentials);
    expect(ended.status).toBe(200);
    expect(ended.headers['set-cookie']?.[0]).toMatch(/Max-Age=0$/);
    const answer = await running;
    expect([answer.status, refusalCode(answer), aborted]).toEqual([401, 'session_ended', true]);
    expect((await console.post('/api/users/list', call, credentials)).status).toBe(401);
  });

  it('after its idle time, and a page that only waits does not prolong it', async () => {
    let now = 1_000_000;
    const console = await startTestServer({
      now: () => now,
      idleTimeoutMs: 60_000,
      answering: () => Promise.resolve({ ok: true, value: {} }),
    });
    const credentials = await console.enter();
    now += 59_000;
    expect((await console.post('/api/users/list', call, credentials)).status).toBe(200);
    now += 59_000;
    expect((await console.post('/api/app/watch', call, credentials)).status).toBe(200);
    now += 1_000;
    const answer = await console.post('/api/app/watch', call, credentials);
    expect([answer.status, refusalCode(answer)]).toEqual([401, 'session_ended']);
    expect((await console.post('/api/users/list', call, credentials)).status).toBe(401);
  });

  it('tells a page that waits when its idle time is over', async () => {
    const console = await startTestServer({
      idleTimeoutMs: 200,
      answering: async (_request, { signal }) => {
        await delay(30_000, undefined, { signal }).catch(() => undefined);
        return { ok: true, value: {} };
      },
    });
    const credentials = await console.enter();
    const answer = await console.post('/api/app/watch', call, credentials);
    expect([answer.status, refusalCode(answer)]).toEqual([401, 'session_ended']);
  });

  it('when too many others were opened: the one unused for longest goes', async () => {
    const console = await startTestServer({ replacementIntervalMs: 1 });
    const sessions = [await console.enter()];
    for (let count = 0; count < 16; count += 1) {
      await console.post('/session', {});
      sessions.push(await console.enter());
    }
    const statuses = [];
    for (const session of sessions)
      statuses.push((await console.post('/api/users/list', call, session)).status);
    expect(statuses).toEqual([401, ...Array<number>(16).fill(200)]);
  });
});

describe('two consoles on one host', () => {
  it('keep their cookies apart although a browser sends both to both', async () => {
    const [one, other] = [await startTestServer(), await startTestServer()];
    expect(one.server.cookieName).not.toBe(other.server.cookieName);
    const [first, second] = [await one.enter(), await other.enter()];
    const cookie = `${first.cookie}; ${second.cookie}`;
    expect((await one.post('/api/users/list', call, { ...first, cookie })).status).toBe(200);
    expect((await other.post('/api/users/list', call, { ...second, cookie })).status).toBe(200);
    expect((await one.post('/api/users/list', call, { ...second, cookie })).status).toBe(401);
    expect((await other.post('/api/users/list', call, { ...first, cookie })).status).toBe(401);
  });
});
