import { execFileSync } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Credentials } from '../../../src/main/local-server/credentials';
import type { LocalConnection } from '../../../src/main/local-server';
import type { TlsMode } from '../../../src/main/workspace/tls-mode';
import { tlsOptions } from '../../../src/main/workspace/tls-options';
import { openTestSession } from '../../support/test-session';
import { Place, query } from './consoles';

let place: Place;
let plain: LocalConnection;
let secured: LocalConnection;
let caFile: string;
let otherCaFile: string;

const openssl = (...parameters: string[]): void => {
  execFileSync('openssl', parameters, { stdio: 'ignore', cwd: place.root });
};

/** An authority, and a server certificate for the name localhost that it signed. */
function makeCertificates(): void {
  for (const name of ['ca', 'other']) {
    const subject = `/CN=${name}`;
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-subj',
      subject,
    );
  }
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    'server.pem',
    '-days',
    '2',
    '-copy_extensions',
    'copy',
  );
}

async function offerTls(connection: LocalConnection, serverFolder: string): Promise<void> {
  const { uid, gid } = statSync(join(serverFolder, 'current', 'cluster'));
  chownSync(join(place.root, 'server.key'), uid, gid);
  const credentials = JSON.parse(
    readFileSync(join(serverFolder, 'current', 'credentials.json'), 'utf8'),
  ) as Credentials;
  const superuser = { ...connection, user: 'postgres', password: credentials.superuserPassword };
  await query(superuser, `alter system set ssl_cert_file = '${join(place.root, 'server.pem')}'`);
  await query(superuser, `alter system set ssl_key_file = '${join(place.root, 'server.key')}'`);
  await query(superuser, `alter system set ssl = on`);
  await query(superuser, `select pg_reload_conf()`);
}

/** Connects as a profile with this TLS mode would; answers whether the connection is encrypted. */
async function connect(
  connection: LocalConnection,
  host: string,
  tlsMode: TlsMode,
  ca: string | null,
): Promise<boolean> {
  const ssl = await tlsOptions({
    host,
    socketFolder: null,
    tlsMode,
    caFile: ca,
    clientCertificateFile: null,
    clientKeyFile: null,
  });
  const { port, database, user, password } = connection;
  const client = await openTestSession({ host, port, database, user, password, ssl });
  try {
    const { rows } = await client.query<{ ssl: boolean }>(
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    );
    return rows[0]?.ssl ?? false;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  place = new Place();
  makeCertificates();
  caFile = join(place.root, 'ca.pem');
  otherCaFile = join(place.root, 'other.pem');
  plain = await (await place.open({ folder: place.folder('plain') })).ensureRunning();
  const folder = place.folder('secured');
  secured = await (await place.open({ folder })).ensureRunning();
  await offerTls(secured, folder.serverFolder);
  const deadline = Date.now() + 10_000;
  while (!(await connect(secured, '127.0.0.1', 'require', null).catch(() => false)) && Date.now() < deadline);
});
afterAll(async () => {
  await place.clear();
});

describe('TLS to a real server', () => {
  it('is off only for disable', async () => {
    expect(await connect(secured, '127.0.0.1', 'disable', null)).toBe(false);
    expect(await connect(plain, '127.0.0.1', 'disable', null)).toBe(false);
  });

  it.each(['require', 'verify-ca', 'verify-full'] as const)(
    'never falls back to plain text with %s when the server offers none',
    async (tlsMode) => {
      await expect(connect(plain, 'localhost', tlsMode, caFile)).rejects.toThrow(/does not support SSL/);
    },
  );

  it.each([
    ['require', '127.0.0.1', 'no CA file'],
    ['require', '127.0.0.1', 'the right CA'],
    ['verify-ca', '127.0.0.1', 'the right CA'],
    ['verify-full', 'localhost', 'the right CA'],
  ] as const)('encrypts with %s to %s and %s', async (tlsMode, host, ca) => {
    expect(await connect(secured, host, tlsMode, ca === 'no CA file' ? null : caFile)).toBe(true);
  });

  it.each([
    ['require', '127.0.0.1', 'another CA'],
    ['verify-ca', 'localhost', 'another CA'],
    ['verify-full', 'localhost', 'another CA'],
    ['verify-full', 'localhost', 'no CA file'],
    // The certificate is for the name localhost, not for the address.
    ['verify-full', '127.0.0.1', 'the right CA'],
  ] as const)('is refused with %s to %s and %s', async (tlsMode, host, ca) => {
    const file = { 'another CA': otherCaFile, 'the right CA': caFile, 'no CA file': null }[ca];
    await expect(connect(secured, host, tlsMode, file)).rejects.toThrow();
  });
});
