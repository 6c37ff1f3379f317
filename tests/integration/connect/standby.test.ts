import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/postgres/database';
import { freePort } from '../../support/free-port';
import { missingPostgres } from '../../support/postgres-cluster';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { fields, test } from './connecting';

/** A real standby, made with pg_basebackup, which comes with Debian's PostgreSQL only. */
let primary: OwnServer;
let standbyPort: number;
let copy: string;

const missing = missingPostgres(15);
const isRequired = (process.env['LITEMAAS_REQUIRE'] ?? '').split(',').includes('pg15');

describe.skipIf(missing !== null && !isRequired)('a standby', () => {
  beforeAll(async () => {
    primary = await startOwnServer(15);
    await primary.setAccess('host all litemaas 127.0.0.1/32 trust');
    await primary.admin((client) => client.query('CREATE TABLE notes (text text)'));
    await primary.admin((client) => client.query('GRANT ALL ON notes TO litemaas'));
    standbyPort = await freePort();
    copy = join(primary.folder, 'standby');
    const from = ['-h', '127.0.0.1', '-p', String(primary.cluster.port), '-U', 'postgres'];
    await primary.run('pg_basebackup', ...from, '-D', copy, '-R', '-c', 'fast');
    appendFileSync(join(copy, 'postgresql.conf'), `port = ${String(standbyPort)}\n`);
    await primary.run('pg_ctl', '-D', copy, '-l', join(primary.folder, 'standby.log'), '-w', '-s', 'start');
  }, 60_000);
  afterAll(async () => {
    await primary.run('pg_ctl', '-D', copy, '-m', 'immediate', '-w', '-s', 'stop');
    await primary.remove();
  });

  it('is told as one, before it is opened', async () => {
    const report = await test(fields({ port: standbyPort }));
    expect(report.inRecovery).toBe(true);
    expect(report.warnings.join()).toContain('This server is a standby');
    expect((await test(fields({ port: primary.cluster.port }))).inRecovery).toBe(false);
  });

  it('is read, and refuses a change with the way out', async () => {
    const database = openDatabase({
      config: { host: '127.0.0.1', port: standbyPort, user: 'litemaas', database: 'postgres' },
      readOnly: false,
    });
    const { signal } = new AbortController();
    try {
      const { rows } = await database.read(signal, ({ client }) =>
        client.query('SELECT count(*)::int AS count FROM public.notes'),
      );
      expect(rows).toEqual([{ count: 0 }]);
      const change = database.write(signal, ({ client }) =>
        client.query(`INSERT INTO public.notes VALUES ('x')`),
      );
      await expect(change).rejects.toMatchObject({
        code: 'read_only',
        message: 'This server is a standby: it takes no changes. It may have become one by a failover.',
        hint: expect.stringContaining('primary') as string,
        details: { sqlState: '25006' },
      });
    } finally {
      await database.close();
    }
  });
});
