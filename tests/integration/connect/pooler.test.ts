import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openDatabase } from '../../../src/main/postgres/database';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { isPoolerMissing, type Pooler, startPooler, swallowsSettings } from '../../support/pooler';
import { connectAsOther } from '../../support/postgres';
import { failure, fields, test } from './connecting';

/** pgbouncer gives each transaction another connection: our read-only and timeouts would be lost behind it. */
describe.skipIf(isPoolerMissing)('pgbouncer in transaction mode', () => {
  let server: OwnServer;
  let pooler: Pooler | undefined;

  beforeAll(async () => {
    server = await startOwnServer();
  });
  afterAll(() => server.remove());
  afterEach(async () => {
    await pooler?.stop();
    await server.admin((client) => client.query('ALTER ROLE litemaas RESET ALL'));
  });

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

  it('that swallows them is no obstacle: each transaction is given them, and it is mentioned', async () => {
    const port = await pool(swallowsSettings);
    await server.admin(async (client) => {
      await client.query(`ALTER ROLE litemaas SET search_path = elsewhere, pg_catalog`);
      await client.query(`ALTER ROLE litemaas SET extra_float_digits = 0`);
    });
    const report = await test(fields({ port }));
    expect(report.pooler).toBe(true);
    expect(report.warnings.join()).toContain('A connection pooler stands between');
    const database = openDatabase({
      config: { host: '127.0.0.1', port, user: 'litemaas', database: 'postgres' },
      readOnly: true,
      checkRows: true,
    });
    for (const kind of ['read', 'write'] as const) {
      const rows = await database[kind](new AbortController().signal, ({ select }) =>
        select(
          z.object({ path: z.string(), float: z.string(), readOnly: z.string(), lock: z.string() }),
          sql`SELECT current_setting('search_path') AS path, (0.1::float8 + 0.2::float8)::text AS float,
            current_setting('transaction_read_only') AS "readOnly", current_setting('lock_timeout') AS lock`,
        ),
      );
      expect(rows).toEqual([
        { path: 'pg_catalog, pg_temp', float: '0.30000000000000004', readOnly: 'on', lock: '5s' },
      ]);
    }
    await database.close();
    // The pooler's own sessions are as they were: other programs use them too.
    const other = await connectAsOther({
      host: '127.0.0.1',
      port,
      user: 'litemaas',
      database: 'postgres',
    });
    const { rows } = await other.query<{ search_path: string }>('SHOW search_path');
    expect(rows).toEqual([{ search_path: 'elsewhere, pg_catalog' }]);
    await other.end();
  });

  it('is refused where what cannot be set does not hold', async () => {
    const port = await pool(swallowsSettings);
    await server.admin((client) =>
      client.query(`ALTER ROLE litemaas SET session_replication_role = replica`),
    );
    expect(await failure(fields({ port }))).toMatchObject({ code: 'db_server', reason: 'settings_lost' });
  });
});
