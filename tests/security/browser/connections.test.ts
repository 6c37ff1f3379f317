import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startTestServer, type TestServer } from './test-server';

/** A connection as another program opens it; `closed` once the server has given it up. */
async function open(
  { server }: TestServer,
  sent = '',
): Promise<{ socket: Socket; closed: Promise<unknown> }> {
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  const closed = once(socket, 'end').catch(() => undefined);
  socket.resume();
  await once(socket, 'connect');
  if (sent !== '') socket.write(sent);
  return { socket, closed };
}

/** Whether the server has let go of it: what is written after that is answered by a reset. */
async function isGone(socket: Socket): Promise<boolean> {
  if (socket.destroyed) return true;
  return new Promise((resolve) => {
    socket.once('close', () => resolve(true));
    const again = setInterval(() => socket.write('x'), 20);
    socket.once('close', () => clearInterval(again));
  });
}

it.each([
  ['never sends a byte', ''],
  ['sends one line of garbage', 'garbage\r\n\r\n'],
  ['stops within its headers', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
  ['speaks TLS', '\x16\x03\x01\x02\x00\x01\x00'],
])('a connection that %s is closed, both ways', async (_what, sent) => {
  const console = await startTestServer({ bodyTimeoutMs: 200 });
  const { socket, closed } = await open(console, sent);
  await closed;
  expect(await isGone(socket)).toBe(true);
});

it('600 idle connections keep nobody out, and close the oldest of them first', async () => {
  const console = await startTestServer();
  const idle = await Promise.all(Array.from({ length: 600 }, () => open(console)));
  expect((await console.send({ path: '/' })).status).toBe(200);
  const answer = await console.post('/api/users/list', { callId: '1' }, await console.enter());
  expect(answer.status).toBe(200);
  await Promise.all(idle.slice(0, 300).map(({ closed }) => closed));
});

it('600 connections with garbage or half a request keep nobody out', async () => {
  const console = await startTestServer();
  await Promise.all(
    Array.from({ length: 600 }, (_, index) =>
      open(console, index % 2 === 0 ? 'garbage\r\n' : 'GET / HTTP/1.1\r\n'),
    ),
  );
  const answer = await console.post('/api/users/list', { callId: '1' }, await console.enter());
  expect(answer.status).toBe(200);
});

it('what a session waits for is never given up for new connections', async () => {
  let finish = (): void => undefined;
  const console = await startTestServer({
    maxConnections: 8,
    answering: async ({ procedure }) => {
      if (procedure === 'watch') await new Promise<void>((resolve) => (finish = resolve));
      return { ok: true, value: procedure };
    },
  });
  const credentials = await console.enter();
  const waiting = console.post('/api/app/watch', { callId: 'long' }, credentials);
  while (console.received.length < 1) await delay(5);
  await Promise.all(Array.from({ length: 50 }, () => open(console)));
  finish();
  expect((await waiting).json).toEqual({ ok: true, value: 'watch' });
});

it('180 cookies of 4 KiB of a neighbour leave the session as it is', async () => {
  const console = await startTestServer();
  const credentials = await console.enter();
  const others = Array.from({ length: 180 }, (_, index) => `other-${String(index)}=${'x'.repeat(4_080)}`);
  const [name = ''] = credentials.cookie.split('=');
  const odd = ['', '=', ';', name, `${name}=`, `${name}=forged`, `"${name}=quoted"`, 'a==b', '__proto__=x'];
  const cookie = [...others, ...odd, credentials.cookie, `${name}=later`, ...odd].join('; ');
  expect((await console.send({ path: '/', headers: { cookie } })).status).toBe(200);
  const answer = await console.post('/api/users/list', { callId: '1' }, { ...credentials, cookie });
  expect(answer.status).toBe(200);
});
