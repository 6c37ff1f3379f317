import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectProxy, startConnectProxy } from '../../support/faults/connect-proxy';
import { openssl } from '../../support/own-server';
import { createHarness, type Harness } from './harness';

/** LiteLLM behind an authority of the company's own, and reached through the company's HTTP proxy. */
let h: Harness;
let folder: string;
let proxy: ConnectProxy;
let baseUrl: string;
let closeTls: () => Promise<void>;

beforeAll(async () => {
  h = await createHarness();
  folder = mkdtempSync(join(tmpdir(), 'litemaas-way-'));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
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
    'ca.pem',
    '-days',
    '2',
    ...subject,
  );
  const sockets = new Set<Socket>();
  const server = createServer(
    { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'ca.pem')) },
    (near) => {
      const far = connect(Number(new URL(h.simulator.url).port), '127.0.0.1');
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
      near.pipe(far).pipe(near);
    },
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  baseUrl = `https://localhost:${String(typeof address === 'object' && address !== null ? address.port : 0)}`;
  closeTls = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  proxy = await startConnectProxy();
});
afterAll(async () => {
  await Promise.all([closeTls(), proxy.close(), h.close()]);
  rmSync(folder, { recursive: true });
});

const call = () => ({
  workspace: h.workspace,
  signal: new AbortController().signal,
  report: () => undefined,
});
const entered = (way: { caFile?: string | null; proxy?: string | null }) => ({
  baseUrl,
  apiKey: h.simulator.masterKey,
  headerName: 'Authorization',
  caFile: null,
  proxy: null,
  ...way,
});

describe('a LiteLLM with an authority of its own', () => {
  it('is trusted with its CA file only', async () => {
    await expect(h.handlers.test(entered({}), call())).rejects.toMatchObject({
      code: 'litellm_unreachable',
      details: { reason: 'certificate' },
    });
    expect(await h.handlers.test(entered({ caFile: join(folder, 'ca.pem') }), call())).toMatchObject({
      databaseConnected: true,
    });
  });

  it.each(['relative.pem', '/nonexistent/ca.pem'])('is refused with the file %s', async (caFile) => {
    await expect(h.handlers.test(entered({ caFile }), call())).rejects.toMatchObject({
      code: 'validation',
      details: { field: 'caFile' },
    });
    await expect(h.handlers.test(entered({ caFile: join(folder, 'key.pem') }), call())).rejects.toMatchObject(
      {
        code: 'validation',
      },
    );
  });
});

describe('an HTTP proxy on the way', () => {
  it('makes the tunnel, with TLS inside and without', async () => {
    await h.handlers.test(entered({ caFile: join(folder, 'ca.pem'), proxy: proxy.url }), call());
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(baseUrl).host]));
    proxy.targets.length = 0;
    await h.handlers.test({ ...entered({ proxy: proxy.url }), baseUrl: h.simulator.url }, call());
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(h.simulator.url).host]));
  });

  it('is kept with the link and used by every later call, until it is unlinked', async () => {
    await h.handlers.link(entered({ caFile: join(folder, 'ca.pem'), proxy: proxy.url }), call());
    expect((await h.handlers.status({}, call())).link).toMatchObject({
      caFile: join(folder, 'ca.pem'),
      proxy: proxy.url,
    });
    proxy.targets.length = 0;
    expect(await h.pull()).toMatchObject({ state: 'succeeded' });
    expect(proxy.targets.length).toBeGreaterThan(0);
    // It is this machine's way there: nothing of it stands in the database.
    const [row] = await h.rows<{ text: string }>(
      `SELECT value::text AS text FROM litemaas_console.settings WHERE key = 'litellm_link'`,
    );
    expect(row?.text).not.toContain('ca.pem');
    await h.handlers.unlink({}, call());
    expect(h.workspace.profile.litellm).toBeNull();
  });

  it('is named when it does not answer, refuses, or was given with a password', async () => {
    const unreachable = h.handlers.test(entered({ proxy: 'http://127.0.0.1:1' }), call());
    await expect(unreachable).rejects.toMatchObject({
      code: 'litellm_unreachable',
      message: 'LiteLLM did not answer: the HTTP proxy 127.0.0.1:1 on the way did not answer (ECONNREFUSED).',
    });
    const secret = proxy.url.replace('http://', 'http://ana:geheim@');
    await expect(h.handlers.test(entered({ proxy: secret }), call())).rejects.toMatchObject({
      code: 'validation',
      details: { field: 'proxy' },
    });
    proxy.refuse(407);
    await expect(h.handlers.test(entered({ proxy: proxy.url }), call())).rejects.toMatchObject({
      message: `LiteLLM did not answer: the HTTP proxy ${new URL(proxy.url).host} on the way refused to connect (407).`,
    });
  });
});
