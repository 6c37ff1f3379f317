import { chmodSync, readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConnectionFields } from '../../../src/shared/contract/workspace';
import { connectOnce } from '../../../src/main/workspace/connect/connect-once';
import { type SignInMethod, streamOf } from '../../../src/main/postgres/wire';
import { describeOnEachPostgres } from '../../support/postgres';
import { openssl, type OwnServer, startOwnServer } from '../../support/own-server';
import { failure, fields, test } from './connecting';

const password = 'right and long 4711';

/** How real servers ask for a password, and over which ways they get it. */
describeOnEachPostgres('signing in', (major) => {
  let server: OwnServer;
  const as = (user: string, changes: Partial<ConnectionFields> = {}): ConnectionFields =>
    fields({ host: 'localhost', port: server.cluster.port, user, ...changes });
  const verified = (): Partial<ConnectionFields> => ({
    tlsMode: 'verify-full',
    caFile: join(server.folder, 'server.pem'),
  });

  /** By which method it was signed in to. */
  function method(connection: ConnectionFields): Promise<SignInMethod | null> {
    return connectOnce(
      { connection, password, passwordProblem: null },
      { signal: new AbortController().signal },
      (client) => Promise.resolve(streamOf(client).signInMethod),
    );
  }

  beforeAll(async () => {
    server = await startOwnServer(major);
    const file = (name: string): string => join(server.folder, name);
    openssl(
      server.folder,
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.pem'],
      ...['-days', '3', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    );
    chmodSync(file('server.key'), 0o600);
    server.own(file('server.key'));
    await server.admin(async (client) => {
      await client.query(`SET password_encryption = 'scram-sha-256'`);
      await client.query(`CREATE ROLE plain LOGIN PASSWORD '${password}'`);
      await client.query(`CREATE ROLE scrammer LOGIN PASSWORD '${password}'`);
      await client.query('CREATE ROLE kerberos LOGIN');
      await client.query('CREATE ROLE trusted LOGIN');
      await client.query(`SET password_encryption = 'md5'`);
      await client.query(`CREATE ROLE old LOGIN PASSWORD '${password}'`);
    });
    await server.configure({
      ssl: 'on',
      ssl_cert_file: file('server.pem'),
      ssl_key_file: file('server.key'),
    });
    await server.restart();
    await server.setAccess(
      'host all plain 127.0.0.1/32 password',
      'host all old 127.0.0.1/32 md5',
      'host all scrammer 127.0.0.1/32 scram-sha-256',
      'host all trusted 127.0.0.1/32 trust',
      // npm's build has no GSSAPI.
      ...(major === 15 ? ['host all kerberos 127.0.0.1/32 gss'] : []),
    );
  });
  afterAll(() => server.remove());

  it('is said in the report, with channel binding where there is some', async () => {
    const said = async (user: string, changes?: Partial<ConnectionFields>) =>
      (await test(as(user, changes), password)).signIn;
    expect(await said('scrammer')).toBe('scram');
    expect(await said('scrammer', verified())).toBe('scram-bound');
    expect(await said('scrammer', { ...verified(), channelBinding: 'disable' })).toBe('scram');
    expect(await said('plain', verified())).toBe('password');
    expect(await said('old', verified())).toBe('md5');
    expect(await said('trusted')).toBe('none');
  });

  it('gives the password in clear or as MD5 only where TLS verified the server, or the person allowed it', async () => {
    for (const user of ['plain', 'old']) {
      for (const tlsMode of ['disable', 'require'] as const) {
        expect(await failure(as(user, { tlsMode }), password)).toMatchObject({
          code: 'db_auth',
          reason: 'weak_sign_in',
        });
      }
      const expected = user === 'plain' ? 'password' : 'md5';
      expect(await method(as(user, { weakSignInAllowed: true }))).toBe(expected);
      expect(await method(as(user, verified()))).toBe(expected);
    }
  });

  it('signs in by SCRAM everywhere, bound to the TLS connection where there is one', async () => {
    expect(await method(as('scrammer'))).toBe('scram');
    expect(await method(as('scrammer', { tlsMode: 'require' }))).toBe('scram-bound');
    expect(await method(as('scrammer', verified()))).toBe('scram-bound');
    expect(await method(as('scrammer', { ...verified(), channelBinding: 'require' }))).toBe('scram-bound');
    expect(await method(as('scrammer', { ...verified(), channelBinding: 'disable' }))).toBe('scram');
    expect(await failure(as('scrammer', verified()), 'wrong')).toMatchObject({ reason: 'wrong_password' });
    expect(await failure(as('scrammer'))).toMatchObject({ reason: 'password_needed' });
  });

  it('refuses a server that signs in without channel binding where the workspace requires it', async () => {
    for (const user of ['plain', 'old', 'trusted']) {
      expect(await failure(as(user, { ...verified(), channelBinding: 'require' }), password)).toMatchObject({
        code: 'db_auth',
        reason: 'channel_binding',
      });
    }
  });

  it('needs no password where the server asks for none', async () => {
    expect(await method(as('trusted'))).toBe('none');
  });

  // npm's build of 18 has no GSSAPI; the fake servers of tests/security/wire ask for it too.
  const itWithGssapi = major === 15 ? it : () => undefined;
  itWithGssapi('names GSSAPI, and the console lives on', async () => {
    expect(await failure(as('kerberos'), password)).toMatchObject({
      code: 'db_auth',
      reason: 'sign_in_unsupported',
      message: expect.stringContaining('GSSAPI') as string,
    });
  });

  it('is not fooled by somebody in between who has a certificate of his own', async () => {
    openssl(
      server.folder,
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'middle.key', '-out', 'middle.pem'],
      ...['-days', '3', '-subj', '/CN=localhost'],
    );
    const middle = await startMiddle(server);
    try {
      const { port } = middle.address() as { port: number };
      const through = as('scrammer', { port, tlsMode: 'require' });
      // Where nobody verifies and nothing is bound, he listens unnoticed.
      expect(await method({ ...through, channelBinding: 'disable' })).toBe('scram');
      for (const channelBinding of ['prefer', 'require'] as const) {
        expect((await failure({ ...through, channelBinding }, password)).code).toMatch(
          /^db_(?:auth|server)$/,
        );
      }
    } finally {
      middle.close();
    }
  });
});

/** Ends TLS with a certificate of its own and passes everything on over TLS to the server. */
async function startMiddle({ folder, cluster }: OwnServer): Promise<Server> {
  const secureContext = createSecureContext({
    key: readFileSync(join(folder, 'middle.key')),
    cert: readFileSync(join(folder, 'middle.pem')),
  });
  const middle = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', (request: Buffer) => {
      const upstream = connect(cluster.port, cluster.host, () => upstream.write(request));
      upstream.on('error', () => client.destroy());
      upstream.once('data', (answer: Buffer) => {
        const server = connectTls({ socket: upstream, rejectUnauthorized: false }, () => {
          client.write(answer);
          const victim = new TLSSocket(client, { isServer: true, secureContext });
          victim.on('error', () => server.destroy());
          server.on('error', () => victim.destroy());
          victim.pipe(server).pipe(victim);
        });
      });
    });
  });
  await new Promise<void>((resolve) => middle.listen(0, '127.0.0.1', resolve));
  return middle;
}
