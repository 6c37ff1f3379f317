import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openssl } from '../../support/own-server';
import {
  type Listener,
  startClosingServer,
  startDroppingPort,
  startGreeter,
  startHttpServer,
  startRedisLike,
  startSilentServer,
  startTlsServer,
} from '../../support/faults/listeners';
import { failure, fields } from './connecting';

/** Addresses where no PostgreSQL is: nothing there, nothing on the way, or another program. */
let folder: string;
const listeners: Listener[] = [];
async function on(starting: Promise<Listener>): Promise<number> {
  const listener = await starting;
  listeners.push(listener);
  return listener.port;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'litemaas-strangers-'));
  openssl(
    folder,
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'key.pem',
    '-out',
    'cert.pem',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  );
});
afterAll(async () => {
  for (const listener of listeners) await listener.close();
  rmSync(folder, { recursive: true });
});

it('a connection is refused where nothing listens', async () => {
  const { port, close } = await startSilentServer();
  await close();
  expect(await failure(fields({ port }))).toMatchObject({
    code: 'db_unreachable',
    reason: 'refused',
    message: `Nothing listens at 127.0.0.1:${String(port)}: the connection was refused.`,
  });
});

// Each has a listener of its own, and some wait for ten seconds: they wait together.
describe.concurrent('a connection', () => {
  it('finds no host of that name', async () => {
    const unknown = await failure(fields({ host: 'no-such-host.invalid' }));
    expect(unknown.code).toBe('db_unreachable');
    expect(unknown.message).toContain('“no-such-host.invalid”');
    expect(['unknown_host', 'lookup_failed']).toContain(unknown.reason);
  });

  it('finds no socket in its folder', async () => {
    expect(await failure(fields({ host: null, socketFolder: folder, port: 5433 }))).toMatchObject({
      reason: 'no_socket',
      message: `There is no server socket for port 5433 in ${folder}.`,
    });
  });

  it('is given up when its packets are dropped', { timeout: 30_000 }, async () => {
    const port = await on(startDroppingPort());
    expect(await failure(fields({ port }))).toMatchObject({
      code: 'db_unreachable',
      reason: 'dropped',
      message: `127.0.0.1:${String(port)} did not answer within 10 s: the packets are lost on the way.`,
    });
  });

  it('is given up when the server takes it and says nothing', { timeout: 30_000 }, async () => {
    const port = await on(startSilentServer());
    expect(await failure(fields({ port }))).toMatchObject({
      code: 'db_unreachable',
      reason: 'silent',
      message: `127.0.0.1:${String(port)} takes connections and says nothing: PostgreSQL did not answer within 10 s.`,
    });
  });

  it.each([
    ['dropped packets', startDroppingPort],
    ['a silent server', startSilentServer],
  ])('is cancelled while it waits for %s', async (_, start) => {
    const port = await on(start());
    const person = new AbortController();
    const waiting = failure(fields({ port }), undefined, person.signal);
    person.abort();
    expect(await waiting).toMatchObject({ code: 'cancelled' });
  });

  it('is cut off by something that closes it', async () => {
    const port = await on(startClosingServer());
    expect(await failure(fields({ port }))).toMatchObject({ code: 'db_unreachable', reason: 'reset' });
  });

  it.each([
    ['a web server (HTTP)', () => startHttpServer()],
    ['a Redis server', () => startRedisLike()],
    ['a MySQL or MariaDB server', () => startGreeter('J\0\0\0\n8.0.36\0')],
    ['an SSH server', () => startGreeter('SSH-2.0-OpenSSH_9.2\r\n')],
    [
      'a server that speaks TLS only',
      () =>
        startTlsServer({
          key: readFileSync(join(folder, 'key.pem'), 'utf8'),
          cert: readFileSync(join(folder, 'cert.pem'), 'utf8'),
        }),
    ],
    ['another program', () => startGreeter('220 mail.example.org ESMTP\r\n')],
  ])('finds %s instead, asked with and without TLS', { timeout: 60_000 }, async (what, start) => {
    const port = await on(start());
    for (const tlsMode of ['disable', 'require'] as const) {
      expect(await failure(fields({ port, tlsMode }))).toMatchObject({
        code: 'db_unreachable',
        reason: 'not_postgres',
        message: `There is no PostgreSQL at 127.0.0.1:${String(port)}: ${what} answered.`,
      });
    }
  });
});
