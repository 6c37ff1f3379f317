import { describe, expect, it } from 'vitest';
import type { ConnectionReport } from '../../../shared/contract/workspace';
import { warningsOf } from './connection-warnings';

const now = new Date('2026-11-22T12:00:00Z');

function report(changes: Partial<ConnectionReport> = {}): Omit<ConnectionReport, 'warnings'> {
  return {
    elapsedMs: 10,
    serverVersion: '18.4',
    serverVersionNumber: 180_004,
    tls: null,
    unencrypted: null,
    signIn: 'scram',
    role: { name: 'ana', superuser: false, memberOf: [], ownsDatabase: true },
    superuserRisk: null,
    privileges: { createSchemas: true, createTables: true, tables: 3, readableTables: 3, writableTables: 3 },
    inRecovery: false,
    readOnlyByDefault: false,
    pooler: false,
    sizeBytes: '8000000',
    database: { kind: 'console', generation: null, holdsLitellm: false, statement: 'Ours.' },
    ...changes,
  };
}

const tls = {
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  verified: 'name',
  peerName: 'db',
  issuer: 'ca',
  expiresAt: '2027-11-22T12:00:00.000000Z',
  clientCertificateSent: false,
} as const;

describe('what a person is warned of before a database is opened', () => {
  it('is nothing where all is well', () => {
    expect(warningsOf(report({ tls }), now)).toEqual([]);
  });

  it.each([
    [
      'a server newer than this console knows',
      { serverVersion: '19.0', serverVersionNumber: 190_000 },
      'PostgreSQL 19.0 is newer',
    ],
    [
      'one that can only be browsed',
      { serverVersion: '14.9', serverVersionNumber: 140_009 },
      'can be browsed',
    ],
    ['no encryption in a network', { unencrypted: 'network' }, 'Nothing is encrypted'],
    ['a certificate that nobody checked', { tls: { ...tls, verified: 'nothing' } }, 'nobody checked'],
    ['a name that nobody checked', { tls: { ...tls, verified: 'authority' } }, 'its name was not'],
    [
      'a certificate that ends tomorrow',
      { tls: { ...tls, expiresAt: '2026-11-24T00:00:00.000000Z' } },
      'in 1 day.',
    ],
    ['a standby', { inRecovery: true, readOnlyByDefault: true }, 'standby'],
    ['a role that starts read-only', { readOnlyByDefault: true }, 'read-only'],
    ['a pooler', { pooler: true }, 'pooler'],
    [
      'tables that cannot be read',
      { privileges: { ...report().privileges, readableTables: 0 } },
      'none of the tables',
    ],
  ] as const)('names %s, once', (_, changes, words) => {
    const warnings = warningsOf(report(changes), now);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(words);
  });
});
