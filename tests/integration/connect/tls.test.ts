import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionFields } from '../../../src/shared/contract/workspace';
import { describeOnEachPostgres } from '../../support/postgres';
import { openssl, type OwnServer, startOwnServer } from '../../support/own-server';
import { failure, fields, test } from './connecting';

/** TLS against real servers: each thing that can be wrong has a message of its own, and a way out. */
describeOnEachPostgres('TLS', (major) => {
  let server: OwnServer;
  const file = (name: string): string => join(server.folder, name);
  const over = (changes: Partial<ConnectionFields>): ConnectionFields =>
    fields({ host: 'localhost', port: server.cluster.port, tlsMode: 'verify-full', ...changes });

  function authority(name: string): void {
    openssl(
      server.folder,
      ...request(`${name}.key`),
      '-x509',
      '-out',
      `${name}.pem`,
      '-days',
      '3',
      '-subj',
      `/CN=${name}`,
    );
  }
  function certificate(name: string, subject: string, authorityName: string, ...validity: string[]): void {
    const { folder } = server;
    openssl(
      folder,
      ...request(`${name}.key`),
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${subject}`,
      '-addext',
      `subjectAltName=DNS:${subject}`,
    );
    const by = ['-CA', `${authorityName}.pem`, '-CAkey', `${authorityName}.key`, '-CAcreateserial'];
    const days = validity.length > 0 ? validity : ['-days', '3'];
    openssl(
      folder,
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...by,
      '-out',
      `${name}.pem`,
      ...days,
      '-copy_extensions',
      'copy',
    );
  }
  async function present(name: string): Promise<void> {
    copyFileSync(file(`${name}.pem`), file('server.pem'));
    copyFileSync(file(`${name}.key`), file('server.key'));
    chmodSync(file('server.key'), 0o600);
    server.own(file('server.key'));
    await server.restart();
  }

  beforeAll(async () => {
    server = await startOwnServer(major);
    authority('ca');
    authority('other');
    certificate('right', 'localhost', 'ca');
    certificate('named', 'db.example.org', 'ca');
    certificate('expired', 'localhost', 'ca', '-days', '0');
    certificate('client', 'litemaas', 'ca');
    certificate('stranger', 'litemaas', 'other');
    certificate('colleague', 'ana', 'ca');
    openssl(
      server.folder,
      ...request('self.key'),
      '-x509',
      '-out',
      'self.pem',
      '-days',
      '3',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
    );
    for (const name of ['client', 'stranger', 'colleague']) chmodSync(file(`${name}.key`), 0o600);
  });
  afterAll(() => server.remove());

  it('is refused by a server without TLS, and nothing is sent in the clear', async () => {
    expect(await failure(over({}))).toMatchObject({
      code: 'db_unreachable',
      reason: 'tls_not_offered',
      message: `The server at localhost:${String(server.cluster.port)} speaks no TLS, and the TLS mode verify-full insists on it.`,
    });
  });

  describe('with a server that has it', () => {
    beforeAll(async () => {
      copyFileSync(file('right.pem'), file('server.pem'));
      copyFileSync(file('right.key'), file('server.key'));
      chmodSync(file('server.key'), 0o600);
      server.own(file('server.key'));
      await server.configure({
        ssl: 'on',
        ssl_cert_file: file('server.pem'),
        ssl_key_file: file('server.key'),
        ssl_ca_file: file('ca.pem'),
      });
      await server.restart();
    });

    it('says protocol, verified name, issuer and when the certificate ends', async () => {
      const report = await test(over({ caFile: file('ca.pem') }));
      expect(report.tls).toMatchObject({
        protocol: 'TLSv1.3',
        verified: 'name',
        peerName: 'localhost',
        issuer: 'ca',
        clientCertificateSent: false,
      });
      expect(Date.parse(report.tls?.expiresAt ?? '')).toBeGreaterThan(Date.now());
      expect(report.unencrypted).toBeNull();
      expect(report.warnings.join()).toContain('certificate expires in 2 days');
    });

    it('says what is not verified', async () => {
      const trusting = await test(over({ tlsMode: 'require' }));
      expect(trusting.tls).toMatchObject({ verified: 'nothing', peerName: 'localhost' });
      expect(trusting.warnings.join()).toContain('nobody checked who answers');
      const chain = await test(over({ tlsMode: 'verify-ca', caFile: file('ca.pem') }));
      expect(chain.tls?.verified).toBe('authority');
    });

    it('refuses an authority that is not the one in the CA file', async () => {
      expect(await failure(over({ caFile: file('other.pem') }))).toMatchObject({
        reason: 'tls_wrong_authority',
      });
      expect(await failure(over({ tlsMode: 'verify-ca', caFile: file('other.pem') }))).toMatchObject({
        reason: 'tls_wrong_authority',
      });
      expect(await failure(over({}))).toMatchObject({ reason: 'tls_unknown_authority' });
    });

    it('refuses an entry for TLS only without TLS, and the other way round', async () => {
      await server.setAccess('hostssl all litemaas 127.0.0.1/32 trust');
      expect(await failure(over({ host: '127.0.0.1', tlsMode: 'disable' }))).toMatchObject({
        code: 'db_auth',
        reason: 'refused_unencrypted',
      });
      await test(over({ tlsMode: 'require' }));
      await server.setAccess('hostnossl all litemaas 127.0.0.1/32 trust');
      expect(await failure(over({ tlsMode: 'require' }))).toMatchObject({
        code: 'db_auth',
        reason: 'refused_by_hba',
      });
    });

    it('asks for a client certificate: missing, of another authority, of another user, right', async () => {
      await server.setAccess('hostssl all litemaas 127.0.0.1/32 cert');
      const own = (name: string): Partial<ConnectionFields> => ({
        caFile: file('ca.pem'),
        clientCertificateFile: file(`${name}.pem`),
        clientKeyFile: file(`${name}.key`),
      });
      expect(await failure(over({ caFile: file('ca.pem') }))).toMatchObject({
        code: 'db_auth',
        reason: 'client_certificate_missing',
      });
      expect(await failure(over(own('stranger')))).toMatchObject({ reason: 'client_certificate_refused' });
      expect(await failure(over(own('colleague')))).toMatchObject({
        code: 'db_auth',
        reason: 'client_certificate_of_other',
        message: 'The client certificate is not the one of the user “litemaas”.',
      });
      expect((await test(over(own('client')))).tls).toMatchObject({ clientCertificateSent: true });
    });

    it('refuses a client key that others may read, that is encrypted or of another certificate', async () => {
      const own = { caFile: file('ca.pem'), clientCertificateFile: file('client.pem') };
      copyFileSync(file('client.key'), file('open.key'));
      chmodSync(file('open.key'), 0o644);
      expect(await failure(over({ ...own, clientKeyFile: file('open.key') }))).toMatchObject({
        code: 'validation',
        message: `The client key file ${file('open.key')} can be read by others, so it is not used.`,
      });
      openssl(
        server.folder,
        'pkey',
        '-in',
        'client.key',
        '-aes256',
        '-passout',
        'pass:x',
        '-out',
        'locked.key',
      );
      chmodSync(file('locked.key'), 0o600);
      expect((await failure(over({ ...own, clientKeyFile: file('locked.key') }))).message).toContain(
        'passphrase',
      );
      expect((await failure(over({ ...own, clientKeyFile: file('colleague.key') }))).message).toContain(
        'belong together',
      );
      writeFileSync(file('no.key'), 'nothing', { mode: 0o600 });
      expect((await failure(over({ ...own, clientKeyFile: file('no.key') }))).message).toContain(
        'no PEM key',
      );
      expect((await failure(over({ ...own, clientKeyFile: file('absent.key') }))).message).toContain(
        'can’t be read',
      );
    });

    it('refuses a certificate for another name, and takes it where the name is not asked', async () => {
      await server.setAccess('host all litemaas 127.0.0.1/32 trust');
      await present('named');
      expect(await failure(over({ caFile: file('ca.pem') }))).toMatchObject({
        reason: 'tls_wrong_name',
        message: 'The server’s certificate is not for “localhost”: it names db.example.org.',
      });
      expect((await test(over({ tlsMode: 'verify-ca', caFile: file('ca.pem') }))).tls?.peerName).toBe(
        'db.example.org',
      );
    });

    it('refuses one that has expired', async () => {
      await present('expired');
      expect(await failure(over({ caFile: file('ca.pem') }))).toMatchObject({
        reason: 'tls_expired',
        message: 'The server’s certificate has expired.',
      });
    });

    it('refuses one that signed itself, unless it is the CA file', async () => {
      await present('self');
      expect(await failure(over({}))).toMatchObject({ reason: 'tls_self_signed' });
      expect((await test(over({ caFile: file('self.pem') }))).tls?.verified).toBe('name');
    });
  });
});

function request(key: string): string[] {
  return ['req', '-newkey', 'rsa:2048', '-nodes', '-keyout', key];
}
