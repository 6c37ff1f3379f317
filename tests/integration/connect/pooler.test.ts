import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/postgres/database';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { isPoolerMissing, type Pooler, startPooler, swallowsSettings } from '../../support/pooler';
import { failure, fields, test } from './connecting';

/** pgbouncer gives each transaction another connection: our read-only and timeouts would be lost behind it. */
describe.skipIf(isPoolerMissing)('pgbouncer in transaction mode', () => {
  let server: OwnServer;
  let pooler: Pooler | undefined;

  beforeAll(async () => {
    server = await startOwnServer();
  });
  afterAll(() => server.remove());
  afterEach(() => pooler?.stop());

  /** Answers the port. */
  async function pool(...settings: string[]): Promise<number> {
    pooler = await startPooler(server, 'transaction', ...settings);
    return pooler.port;
  }

  it('that refuses the console’s settings is named, with the way out', async () => {
    const port = await pool();
    expect(await failure(fields({ port }))).toMatchObject({
      code: 'db_server',
      reason: 'pooler',
      hint: expect.stringContaining('Connect straight to the PostgreSQL server') as string,
    });
  });

  it('that swallows them is found out before anything is read', async () => {
    const port = await pool(swallowsSettings);
    expect(await failure(fields({ port }))).toMatchObject({ code: 'db_server', reason: 'settings_lost' });
    const database = openDatabase({
      config: { host: '127.0.0.1', port, user: 'litemaas', database: 'postgres' },
      readOnly: true,
    });
    const work = database.read(new AbortController().signal, () => Promise.resolve('read'));
    await expect(work).rejects.toMatchObject({
      details: { reason: 'settings_lost' },
      message: expect.stringContaining('default_transaction_read_only') as string,
    });
    await database.close();
  });

  it('is no obstacle where the settings hold all the same, and is mentioned', async () => {
    const port = await pool(swallowsSettings);
    await server.admin(async (client) => {
      await client.query(`ALTER ROLE litemaas SET lock_timeout = '5s'`);
      await client.query(`ALTER ROLE litemaas SET idle_in_transaction_session_timeout = '1min'`);
    });
    const report = await test(fields({ port }));
    expect(report.pooler).toBe(true);
    expect(report.warnings.join()).toContain('A connection pooler stands between');
  });
});
