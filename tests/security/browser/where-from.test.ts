import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { assetPath, ownPageHeaders, refusalCode, startTestServer } from './test-server';

const call = { callId: '1', input: {} };

describe('host name', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])(
    'answers %s on any port (a tunnel)',
    async (name) => {
      const console = await startTestServer();
      for (const host of [name, `${name}:8443`, `${name}:65535`]) {
        const page = await console.send({ path: '/', headers: { host } });
        expect(page.status, host).toBe(200);
      }
      const host = `${name}:8443`;
      const credentials = await console.enter(ownPageHeaders(host));
      const answer = await console.post('/api/users/list', call, { ...ownPageHeaders(host), ...credentials });
      expect(answer.status).toBe(200);
    },
  );

  it.each([
    'evil.test',
    '127.0.0.1.evil.test',
    'localhost.evil.test',
    'evil.test:80@127.0.0.1',
    'localhost:80:80',
    'localhost.',
    '127.0.0.2',
    '0.0.0.0',
    '[::]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '127.1',
    '',
  ])('refuses "%s" (DNS rebinding), also for static files', async (host) => {
    const console = await startTestServer();
    for (const path of ['/', assetPath]) {
      const answer = await console.send({ path, headers: { host } });
      expect([answer.status, refusalCode(answer)]).toEqual([403, 'validation']);
    }
    const credentials = await console.enter();
    const own = `http://127.0.0.1:${String(console.server.port)}`;
    for (const origin of [own, `http://${host}`]) {
      const answer = await console.post('/api/users/list', call, {
        ...credentials,
        host: host || ' ',
        origin,
      });
      expect(answer.status).toBe(403);
    }
    expect(console.received).toEqual([]);
  });

  it('refuses two host headers and none', async () => {
    const console = await startTestServer();
    const own = `127.0.0.1:${String(console.server.port)}`;
    for (const lines of [`Host: ${own}\r\nHost: evil.test\r\n`, `Host: evil.test\r\nHost: ${own}\r\n`, '']) {
      expect(await statusLineOf(console.server.port, `GET / HTTP/1.1\r\n${lines}\r\n`)).toMatch(/ 40[03] /);
    }
  });

  it('does not take the host from an absolute request target', async () => {
    const console = await startTestServer();
    const own = `127.0.0.1:${String(console.server.port)}`;
    const target = `GET http://evil.test/ HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`;
    expect(await statusLineOf(console.server.port, target)).toContain(' 404 ');
  });

  it('listens on the loopback address only', async () => {
    const console = await startTestServer();
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address);
    // 127.0.0.2 is this host too; a server on all addresses would answer there.
    for (const address of [...others, '127.0.0.2']) {
      await expect(connecting(console.server.port, address)).resolves.toBe('refused');
    }
  });
});

describe('origin and the browser’s mark', () => {
  it.each([
    ['no origin', { origin: '' }],
    ['a null origin (sandboxed frame, file)', { origin: 'null' }],
    ['another site', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['another site that forged the mark', { origin: 'https://evil.test' }],
    ['https of the same host', { origin: 'https://127.0.0.1' }],
    ['no mark', { 'sec-fetch-site': '' }],
    ['a page on another port', { 'sec-fetch-site': 'same-site' }],
    ['a typed address', { 'sec-fetch-site': 'none' }],
    ['two marks', { 'sec-fetch-site': 'same-origin, same-origin' }],
  ])('refuses a call from %s although it has both secrets', async (_name, headers) => {
    const console = await startTestServer();
    const credentials = await console.enter();
    const answer = await console.post('/api/users/list', call, { ...credentials, ...headers });
    expect([answer.status, refusalCode(answer)]).toEqual([403, 'validation']);
    expect(console.received).toEqual([]);
  });

  it('refuses a page on another port of the same host, POST and GET', async () => {
    const console = await startTestServer();
    const credentials = await console.enter();
    const origin = `http://127.0.0.1:${String(console.server.port + 1)}`;
    const headers = { ...credentials, origin, 'sec-fetch-site': 'same-site' };
    expect((await console.post('/api/users/list', call, headers)).status).toBe(403);
    const get = {
      origin,
      'sec-fetch-site': 'same-site',
      'sec-fetch-mode': 'no-cors',
      cookie: credentials.cookie,
    };
    for (const [path, destination] of [
      [assetPath, 'script'],
      ['/', 'empty'],
      ['/', 'iframe'],
      ['/index.html', 'object'],
    ] as const) {
      const answer = await console.send({ path, headers: { ...get, 'sec-fetch-dest': destination } });
      expect([path, destination, answer.status]).toEqual([path, destination, 403]);
    }
    expect(console.received).toEqual([]);
  });

  it('opens the page itself from a link or a file, as a document of its own only', async () => {
    const console = await startTestServer();
    const open = (headers: Record<string, string>) => console.send({ path: '/', headers });
    const document = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await open(document)).status).toBe(200);
    expect((await open({ ...document, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect((await open({ ...document, 'sec-purpose': 'prefetch;prerender' })).status).toBe(403);
    expect((await console.send({ path: assetPath, headers: document })).status).toBe(403);
  });

  it('has no CORS answer for anybody', async () => {
    const console = await startTestServer();
    const credentials = await console.enter();
    const preflight = await console.send({
      method: 'OPTIONS',
      path: '/api/users/list',
      headers: {
        origin: 'http://127.0.0.1:1',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-litemaas-session',
      },
    });
    expect(preflight.status).toBe(405);
    const answers = [
      preflight,
      await console.send({ path: '/' }),
      await console.post('/api/users/list', call, credentials),
    ];
    for (const { headers } of answers) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

function statusLineOf(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.once('data', (data) => {
      resolve(data.toString().split('\r\n', 1)[0] ?? '');
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

function connecting(port: number, address: string): Promise<'refused' | 'answered'> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: address, timeout: 2_000 }, () => {
      resolve('answered');
      socket.destroy();
    });
    const refused = (): void => {
      resolve('refused');
      socket.destroy();
    };
    socket.once('error', refused);
    socket.once('timeout', refused);
  });
}
