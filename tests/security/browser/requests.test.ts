import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ownPageHeaders, refusalCode, startTestServer, type TestServer } from './test-server';

async function entered(console: TestServer): Promise<Record<string, string>> {
  const host = `127.0.0.1:${String(console.server.port)}`;
  return { ...ownPageHeaders(host), ...(await console.enter()) };
}

describe('bodies', () => {
  it('refuses more than 1 MiB, announced or not', async () => {
    const console = await startTestServer();
    const headers = await entered(console);
    const body = JSON.stringify({ callId: '1', input: 'x'.repeat(1024 * 1024) });
    const announced = await console.send({ method: 'POST', path: '/api/users/list', headers, body });
    expect([announced.status, refusalCode(announced)]).toEqual([413, 'validation']);
    const chunked = await console.send({
      method: 'POST',
      path: '/api/users/list',
      headers: { ...headers, 'transfer-encoding': 'chunked' },
      body,
    });
    expect([chunked.status, refusalCode(chunked)]).toEqual([413, 'validation']);
    expect(console.received).toEqual([]);
  });

  it('takes just under 1 MiB', async () => {
    const console = await startTestServer();
    const headers = await entered(console);
    const body = JSON.stringify({ callId: '1', input: 'x'.repeat(1024 * 1024 - 100) });
    expect((await console.send({ method: 'POST', path: '/api/users/list', headers, body })).status).toBe(200);
  });

  it('reads no body of somebody without a session', async () => {
    const console = await startTestServer();
    const body = JSON.stringify({ callId: '1', input: 'x'.repeat(3 * 1024 * 1024) });
    const headers = ownPageHeaders(`127.0.0.1:${String(console.server.port)}`);
    const answer = await console.send({ method: 'POST', path: '/api/users/list', headers, body });
    expect(answer.status).toBe(401);
    expect(answer.headers.connection).toBe('close');
  });

  it.each([
    ['nothing', ''],
    ['half an object', '{"callId":"1"'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['a number', '1'],
    ['a trailing comma', '{"callId":"1",}'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ])('refuses %s as malformed', async (_name, body) => {
    const console = await startTestServer();
    const headers = await entered(console);
    const answer = await console.send({ method: 'POST', path: '/api/users/list', headers, body });
    expect([answer.status, refusalCode(answer)]).toEqual([400, 'validation']);
    expect(console.received).toEqual([]);
  });

  it('survives very deep JSON', async () => {
    const console = await startTestServer({ answering: () => Promise.resolve({ ok: true, value: 1 }) });
    const headers = await entered(console);
    const body = `{"callId":"1","input":${'['.repeat(400_000)}${']'.repeat(400_000)}}`;
    const answer = await console.send({ method: 'POST', path: '/api/users/list', headers, body });
    expect([200, 400]).toContain(answer.status);
    expect((await console.send({ path: '/' })).status).toBe(200);
  });

  it.each([
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/plain; application/json',
    'application/json; charset=utf-7',
  ])('refuses the type "%s": a form of another page could send it', async (type) => {
    const console = await startTestServer();
    const credentials = await console.enter();
    const answer = await console.post(
      '/api/users/list',
      { callId: '1' },
      { ...credentials, 'content-type': type },
    );
    expect([answer.status, refusalCode(answer)]).toEqual([415, 'validation']);
    expect(console.received).toEqual([]);
  });

  it('refuses compressed bodies', async () => {
    const console = await startTestServer();
    const credentials = await console.enter();
    const answer = await console.post(
      '/api/users/list',
      { callId: '1' },
      { ...credentials, 'content-encoding': 'gzip' },
    );
    expect(answer.status).toBe(415);
  });

  it('does not wait for a body that does not come', async () => {
    const console = await startTestServer({ bodyTimeoutMs: 200 });
    const headers = await entered(console);
    const head = Object.entries({ ...headers, 'content-length': '1000' })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    const socket = connect(console.server.port, '127.0.0.1');
    socket.write(`POST /api/users/list HTTP/1.1\r\n${head}\r\n{"callId"`);
    const text = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    );
    socket.destroy();
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(console.received).toEqual([]);
  });

  it('does not keep a connection that sends nothing', async () => {
    const console = await startTestServer({ bodyTimeoutMs: 200 });
    const socket = connect(console.server.port, '127.0.0.1');
    const openedAt = performance.now();
    await new Promise((resolve) => socket.resume().once('close', resolve));
    expect(performance.now() - openedAt).toBeLessThan(10_000);
  });

  it('passes keys such as __proto__ on as plain values and changes no prototype', async () => {
    const console = await startTestServer();
    const headers = await entered(console);
    const body =
      '{"__proto__":{"admin":true},"callId":"1","input":{"__proto__":{"admin":true},"constructor":1}}';
    const answer = await console.send({ method: 'POST', path: '/api/users/list', headers, body });
    expect(answer.status).toBe(200);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(Object.hasOwn(console.received[0]?.input as object, '__proto__')).toBe(true);
  });
});

describe('addresses and methods', () => {
  it.each([
    '/api',
    '/api/',
    '/api/users',
    '/api/users/',
    '/api//list',
    '/api/users/list/x',
    '/api/users%2flist',
  ])('knows no %s', async (path) => {
    const console = await startTestServer();
    const answer = await console.post(path, { callId: '1' }, await console.enter());
    expect([answer.status, refusalCode(answer)]).toEqual([404, 'not_found']);
    expect(console.received).toEqual([]);
  });

  it('answers no call by GET', async () => {
    const console = await startTestServer();
    const headers = await entered(console);
    for (const path of ['/api/users/list', '/session', '/session/end', '/api/cancel']) {
      expect((await console.send({ path, headers })).status, path).toBe(404);
    }
    expect(console.received).toEqual([]);
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'])('refuses %s', async (method) => {
    const console = await startTestServer();
    const answer = await console.send({ method, path: '/api/users/list', headers: await entered(console) });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('closes on what is no HTTP, and goes on answering others', async () => {
    const console = await startTestServer();
    const socket = connect(console.server.port, '127.0.0.1');
    socket.write('hello\r\n\r\n');
    const text = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    );
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect((await console.send({ path: '/' })).status).toBe(200);
  });
});

describe('calls', () => {
  it.each([undefined, '', 7, 'x'.repeat(65), 'a b', '__proto__\n'])(
    'refuses %j as a call’s id',
    async (callId) => {
      const console = await startTestServer();
      const answer = await console.post('/api/users/list', { callId }, await console.enter());
      expect([answer.status, refusalCode(answer)]).toEqual([400, 'validation']);
    },
  );

  it('cancels one call, of the same session only', async () => {
    const console = await startTestServer({
      answering: async (_request, { signal }) => {
        await delay(30_000, undefined, { signal }).catch(() => undefined);
        return { ok: false, error: { code: 'cancelled', message: 'Cancelled.' } };
      },
    });
    const credentials = await console.enter();
    await console.post('/session', {});
    const other = await console.enter();
    let answered = false;
    const running = console
      .post('/api/usage/totals', { callId: 'one' }, credentials)
      .finally(() => (answered = true));
    while (console.received.length === 0) await delay(5);
    expect((await console.post('/api/cancel', { callId: 'one' }, other)).status).toBe(200);
    expect((await console.post('/api/cancel', { callId: 'unknown' }, credentials)).status).toBe(200);
    await delay(50);
    expect(answered).toBe(false);
    await console.post('/api/cancel', { callId: 'one' }, credentials);
    expect((await running).json).toEqual({ ok: false, error: { code: 'cancelled', message: 'Cancelled.' } });
  });

  it('stops a call whose browser went away', async () => {
    let aborted = false;
    const console = await startTestServer({
      answering: async (_request, { signal }) => {
        await delay(30_000, undefined, { signal }).catch(() => (aborted = true));
        return { ok: true, value: 1 };
      },
    });
    const leaving = new AbortController();
    const answer = fetch(`http://127.0.0.1:${String(console.server.port)}/api/usage/totals`, {
      method: 'POST',
      headers: await entered(console),
      body: JSON.stringify({ callId: '1' }),
      signal: leaving.signal,
    });
    while (console.received.length === 0) await delay(5);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    for (let attempt = 0; attempt < 200 && !aborted; attempt += 1) await delay(10);
    expect(aborted).toBe(true);
  });

  it('runs no more than 64 at once for one session', async () => {
    const console = await startTestServer({
      answering: async (_request, { signal }) => {
        await delay(30_000, undefined, { signal }).catch(() => undefined);
        return { ok: true, value: 1 };
      },
    });
    const credentials = await console.enter();
    const running = Array.from({ length: 64 }, (_, index) =>
      console.post('/api/usage/totals', { callId: `c${String(index)}` }, credentials),
    );
    while (console.received.length < 64) await delay(5);
    const refused = await console.post('/api/usage/totals', { callId: 'more' }, credentials);
    expect([refused.status, refusalCode(refused)]).toEqual([429, 'busy']);
    await console.post('/session/end', {}, credentials);
    await Promise.all(running);
  });
});

describe('what an answer tells', () => {
  it('is never a stack trace: an unexpected failure goes to the log', async () => {
    const console = await startTestServer({
      answering: () => Promise.reject(new Error('password=hunter2 at /home/me')),
    });
    const answer = await console.post('/api/users/list', { callId: '1' }, await console.enter());
    expect([answer.status, refusalCode(answer)]).toEqual([500, 'internal']);
    expect(answer.body.toString()).not.toMatch(/hunter2|home|at /);
    expect(console.log.some(({ where }) => where === 'browser')).toBe(true);
  });

  it('has the security headers everywhere', async () => {
    const console = await startTestServer();
    const headers = await entered(console);
    const body = JSON.stringify({ callId: '1' });
    const answers = [
      await console.send({ path: '/' }),
      await console.send({ path: '/nothing' }),
      await console.send({ path: '/', headers: { host: 'evil.test' } }),
      await console.send({ method: 'PUT', path: '/' }),
      await console.send({ method: 'POST', path: '/api/users/list', headers, body }),
      await console.send({ method: 'POST', path: '/api/users/list', body }),
    ];
    for (const answer of answers) {
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(answer.headers['permissions-policy']).toContain('camera=()');
      const policy = answer.headers['content-security-policy'];
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
    }
    const nonces = answers.map(({ headers: { 'content-security-policy': policy } }) => policy);
    expect(new Set(nonces).size).toBe(answers.length);
  });
});
