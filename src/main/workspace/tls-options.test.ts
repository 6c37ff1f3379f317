import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerCertificate } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tlsOptions } from './tls-options';

const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
let folder: string;
let caFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'litemaas-tls-'));
  caFile = join(folder, 'ca.pem');
  await writeFile(caFile, pem);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const server = {
  host: 'db.example.org',
  socketFolder: null,
  caFile: null,
  clientCertificateFile: null,
  clientKeyFile: null,
} as const;

describe('the TLS options of a profile', () => {
  it('are none for disable, and for a socket, over which PostgreSQL speaks no TLS', async () => {
    expect(await tlsOptions({ ...server, tlsMode: 'disable' })).toBe(false);
    expect(await tlsOptions({ ...server, host: null, socketFolder: '/run', tlsMode: 'verify-full' })).toBe(
      false,
    );
  });

  it('encrypt without checking only for require without a CA file', async () => {
    expect(await tlsOptions({ ...server, tlsMode: 'require' })).toEqual({ rejectUnauthorized: false });
    expect(await tlsOptions({ ...server, tlsMode: 'require', caFile })).toMatchObject({
      rejectUnauthorized: true,
      ca: pem,
    });
  });

  it('check the chain and no name for verify-ca, which needs a CA file', async () => {
    const options = await tlsOptions({ ...server, tlsMode: 'verify-ca', caFile });
    expect(options).toMatchObject({ rejectUnauthorized: true, ca: pem });
    await expect(tlsOptions({ ...server, tlsMode: 'verify-ca' })).rejects.toMatchObject({
      code: 'validation',
    });
  });

  it.each([
    ['db.example.org', 'DNS:db.example.org', true],
    ['db.example.org', 'DNS:*.example.org', true],
    ['db.example.org', 'DNS:evil.example.org', false],
    ['192.0.2.7', 'IP Address:192.0.2.7', true],
    ['192.0.2.7', 'DNS:localhost', false],
    ['2001:db8::7', 'IP Address:2001:DB8:0:0:0:0:0:7', true],
  ])(
    'compare the host %s of the profile with the certificate’s %s for verify-full',
    async (host, subjectaltname, matches) => {
      const options = await tlsOptions({ ...server, host, tlsMode: 'verify-full' });
      if (options === false) throw new Error('TLS is off');
      expect(options.rejectUnauthorized).toBe(true);
      // What pg passes as name for an IP address must not matter.
      const certificate = { subject: { CN: 'localhost' }, subjectaltname } as unknown as PeerCertificate;
      const problem = options.checkServerIdentity?.('localhost', certificate);
      expect(problem === undefined).toBe(matches);
    },
  );

  it('are refused in plain words when the CA file is missing or no certificate', async () => {
    const missing = join(folder, 'missing.pem');
    await expect(tlsOptions({ ...server, tlsMode: 'verify-full', caFile: missing })).rejects.toMatchObject({
      code: 'validation',
      message: `The CA file ${missing} can’t be read.`,
    });
    const other = join(folder, 'other.der');
    await writeFile(other, 'binary');
    await expect(tlsOptions({ ...server, tlsMode: 'require', caFile: other })).rejects.toMatchObject({
      message: `The CA file ${other} holds no PEM certificate.`,
    });
  });
});
