import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedSettings } from '../../../src/main/postgres/session-settings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionFields } from '../../../src/shared/contract/workspace';
import { checkConnection } from '../../../src/main/workspace/connect/check-connection';
import { parseConnectionUri } from '../../../src/main/workspace/connection-uri';
import { startProtocolStub } from '../../support/faults/protocol-stub';
import { connectAsOther } from '../../support/postgres';
import { connectionTo } from '../../support/postgres-cluster';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { failure, fields, test } from './connecting';

/** What PostgreSQL itself refuses: each refusal has a message of its own, and a way out. */
let server: OwnServer;
const at = (changes: Partial<ConnectionFields> = {}): ConnectionFields =>
  fields({ port: server.cluster.port, ...changes });

beforeAll(async () => {
  server = await startOwnServer(18);
  await server.admin(async (client) => {
    await client.query(`SET password_encryption = 'scram-sha-256'`);
    await client.query(`CREATE ROLE ana LOGIN PASSWORD 'rechts'`);
    await client.query(`CREATE ROLE asleep NOLOGIN`);
    await client.query(`CREATE ROLE lonely LOGIN CONNECTION LIMIT 1`);
  });
  await server.setAccess(
    'host all ana 127.0.0.1/32 scram-sha-256',
    'host all forbidden 127.0.0.1/32 reject',
    'host all litemaas,lonely,asleep,nobody 127.0.0.1/32 trust',
    'local all all peer',
  );
});
afterAll(() => server.remove());

describe('PostgreSQL', () => {
  it('refuses a wrong password', async () => {
    expect(await failure(at({ user: 'ana' }), 'links')).toMatchObject({
      code: 'db_auth',
      reason: 'wrong_password',
      message: 'The password for the user “ana” is wrong.',
    });
    await test(at({ user: 'ana' }), 'rechts');
  });

  it('asks for a password where none was given, and PGPASSWORD of the process is given to nobody', async () => {
    process.env['PGPASSWORD'] = 'rechts';
    try {
      expect(await failure(at({ user: 'ana' }))).toMatchObject({
        code: 'db_auth',
        reason: 'password_needed',
      });
    } finally {
      delete process.env['PGPASSWORD'];
    }
  });

  it('has no such database', async () => {
    expect(await failure(at({ database: 'lightmaas' }))).toMatchObject({
      code: 'db_unreachable',
      reason: 'no_database',
      message: 'The server has no database “lightmaas”.',
    });
  });

  it('has no such role, or one that cannot sign in', async () => {
    expect(await failure(at({ user: 'nobody' }))).toMatchObject({
      code: 'db_auth',
      reason: 'no_role',
      message: 'The server has no user “nobody”.',
    });
    expect(await failure(at({ user: 'asleep' }))).toMatchObject({ code: 'db_auth', reason: 'no_role' });
  });

  it('has no entry in pg_hba.conf, or one that rejects', async () => {
    expect(await failure(at({ user: 'stranger' }))).toMatchObject({
      code: 'db_auth',
      reason: 'refused_unencrypted',
    });
    expect((await failure(at({ user: 'forbidden' }))).message).toContain('pg_hba.conf');
  });

  it('has no connection left', async () => {
    const first = await connectAsOther(connectionTo(server.cluster, 'postgres', 'lonely'));
    try {
      expect(await failure(at({ user: 'lonely' }))).toMatchObject({
        code: 'db_unreachable',
        reason: 'too_many_connections',
        message: expect.stringContaining('The server has no connection left') as string,
      });
    } finally {
      await first.end();
    }
  });

  it('is starting up or recovering from a crash', async () => {
    // A server that recovers, and may not be read meanwhile, refuses so for as long as it does.
    const recovering = await startOwnServer();
    try {
      await recovering.configure({ hot_standby: 'off' });
      await recovering.stop();
      const signalFile = join(recovering.cluster.dataFolder, 'standby.signal');
      writeFileSync(signalFile, '');
      recovering.own(signalFile);
      await recovering.start({ wait: false });
      const refused = await until(
        () => failure(fields({ port: recovering.cluster.port })),
        ({ reason }) => reason === 'starting',
      );
      expect(refused).toMatchObject({
        code: 'db_unreachable',
        message: 'The server is starting up or recovering and takes no connections yet.',
      });
    } finally {
      await recovering.remove();
    }
  });

  it('is shutting down', async () => {
    const stub = await startProtocolStub({
      refuse: { code: '57P03', message: 'the database system is shutting down' },
    });
    try {
      expect(await failure(fields({ port: stub.port }))).toMatchObject({ reason: 'stopping' });
    } finally {
      await stub.close();
    }
  });

  it('is older than 12', async () => {
    const settings = {
      server_version_num: '110022',
      transaction_read_only: 'on',
      session_replication_role: 'origin',
      ...pinnedSettings,
    };
    const stub = await startProtocolStub({
      session: { process_id: '4711', in_recovery: 'f', settings: JSON.stringify(settings) },
    });
    try {
      expect(await failure(fields({ port: stub.port }))).toMatchObject({
        code: 'db_version',
        reason: 'too_old',
        message: 'The server is PostgreSQL 11; the console opens 12 and newer.',
      });
    } finally {
      await stub.close();
    }
  });
});

describe('hostile and odd names', () => {
  it.each([
    `x' sslmode=disable host=evil`,
    `it's "quoted" = 100 %`,
    String.raw`back\slash; DROP DATABASE postgres`,
    'Grün und Ω',
  ])('open the database %s and no other', async (name) => {
    await server.admin(async (client) => {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    });
    expect((await test(at({ database: name }))).database.kind).toBe('empty');
    // The same by a pasted URI.
    const uri = `postgresql://litemaas@127.0.0.1:${String(server.cluster.port)}/${encodeURIComponent(name)}`;
    expect((await test({ ...parseConnectionUri(uri).target })).role.name).toBe('litemaas');
    expect(await failure(at({ database: `${name}?` }))).toMatchObject({ reason: 'no_database' });
  });

  it('are refused where they hold a control character or are too long', () => {
    expect(() => checkConnection(at({ database: 'a\u0000b' }))).toThrow('control character');
    expect(() => checkConnection(at({ user: 'ü'.repeat(40) }))).toThrow('63 bytes');
  });
});

/** Asks again until the answer is the expected one: a server passes through states that nothing announces. */
async function until<T>(ask: () => Promise<T>, isExpected: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (isExpected(answer) || Date.now() > deadline) return answer;
  }
}
