import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildIndexes } from '../../../src/main/health/repairs/build-indexes';
import { takePullLock } from '../../../src/main/litellm/pull/store/pull-lock';
import { type Database, openDatabase } from '../../../src/main/postgres/database';
import { migrate } from '../../../src/main/postgres/migrate';
import type { OpenWorkspace } from '../../../src/main/workspace/open-workspace';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { isPoolerMissing, type Pooler, startPooler, swallowsSettings } from '../../support/pooler';
import { connectAsOther } from '../../support/postgres';
import { asAdmin, migrationsFolder } from '../../support/postgres-cluster';

const { signal } = new AbortController();

/** What the console does on connections outside its pool, each needing one session with its settings and locks. */
const works: readonly {
  readonly what: string;
  readonly work: (database: Database) => Promise<unknown>;
  /** The table it works on, which must be there before. */
  readonly table?: string;
}[] = [
  { what: 'a migration', work: ({ config }) => migrate(config, { folder: migrationsFolder }) },
  {
    what: 'a repair',
    work: (database) =>
      buildIndexes({ workspace: { database } as OpenWorkspace, signal, report: () => undefined }, 'Build', [
        'CREATE INDEX CONCURRENTLY note_text ON public.note (text);',
      ]),
    table: 'note',
  },
  { what: 'a pull', work: takePullLock },
];

describe.skipIf(isPoolerMissing)('work outside the pool, behind pgbouncer', () => {
  let server: OwnServer;
  let pooler: Pooler;
  let name: string;
  let database: Database;

  beforeAll(async () => {
    server = await startOwnServer();
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    name = `test_${randomBytes(6).toString('hex')}`;
    await server.admin((client) => client.query(`CREATE DATABASE ${name} OWNER litemaas`));
  });
  afterEach(async () => {
    await database.close();
    await pooler.stop();
    await server.admin(async (client) => {
      await client.query('ALTER ROLE litemaas RESET ALL');
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    });
  });

  const admin = <Row extends pg.QueryResultRow>(statement: string): Promise<pg.QueryResult<Row>> =>
    asAdmin(server.cluster, (client) => client.query<Row>(statement), name);

  const config = (): pg.ClientConfig => ({
    host: '127.0.0.1',
    port: pooler.port,
    user: 'litemaas',
    database: name,
  });

  async function openBehind(mode: 'transaction' | 'session', ...settings: string[]): Promise<void> {
    pooler = await startPooler(server, mode, ...settings);
    database = openDatabase({ config: config(), readOnly: false });
  }

  /** Everything that the console may have made, and the locks that it may have left on a session of the pooler. */
  async function traces(): Promise<{ trace: string }[]> {
    const { rows } = await admin<{ trace: string }>(`
      SELECT relname::text AS trace FROM pg_class
      WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'drizzle', 'litemaas_console'))
      UNION ALL
      SELECT locktype FROM pg_locks
      WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    return rows;
  }

  describe.each(works)('$what', ({ work, table }) => {
    const untouched = table === undefined ? [] : [{ trace: table }];

    beforeEach(async () => {
      if (table === undefined) return;
      await admin(`CREATE TABLE public.${table} (text TEXT); ALTER TABLE public.${table} OWNER TO litemaas`);
    });

    it('does not begin where its settings are refused', async () => {
      await openBehind('transaction');
      await expect(work(database)).rejects.toThrow(/unsupported startup parameter/);
      expect(await traces()).toEqual(untouched);
    });

    it.each(['server_round_robin = 0', 'server_round_robin = 1'])(
      'does not begin where its session is given to others (%s)',
      async (order) => {
        await openBehind('transaction', swallowsSettings, order);
        await fillPool(config());
        await expect(work(database)).rejects.toMatchObject({
          code: 'db_server',
          hint: expect.stringContaining('a pool in session mode') as string,
          details: { reason: 'session_shared' },
        });
        expect(await traces()).toEqual(untouched);
      },
    );

    it('is done where the session stays its own, which is given the settings that were lost', async () => {
      await openBehind('session', swallowsSettings);
      await fillPool(config());
      await work(database);
      expect(await traces()).not.toEqual(untouched);
    });

    it('is done where the pool has no second session to compare with', async () => {
      await openBehind('session', swallowsSettings, 'default_pool_size = 1', 'query_wait_timeout = 1');
      await work(database);
      expect(await traces()).not.toEqual(untouched);
    });
  });

  it('a migration stops before its first change when its session is lost after all', async () => {
    // No second connection to compare with, and everything a session holds is dropped after each transaction.
    await openBehind('transaction', swallowsSettings, 'max_client_conn = 1', 'server_reset_query_always = 1');
    await expect(migrate(config(), { folder: migrationsFolder })).rejects.toMatchObject({
      details: { reason: 'settings_lost' },
    });
    expect(await traces()).toEqual([]);
  });

  it('one console pulls at a time, and the next one once it is done', async () => {
    await openBehind('session', swallowsSettings);
    const other = openDatabase({ config: config(), readOnly: false });
    const lock = await takePullLock(database);
    await expect(takePullLock(other)).rejects.toMatchObject({ code: 'busy' });
    await lock.release();
    const next = await vi.waitFor(() => takePullLock(other), { timeout: 10_000 });
    await next.release();
    await other.close();
  });
});

/** Leaves several connections of the pooler to the server idle, as in use. */
async function fillPool(config: pg.ClientConfig): Promise<void> {
  const clients = await Promise.all(Array.from({ length: 3 }, () => connectAsOther(config)));
  await Promise.all(clients.map((client) => client.query('BEGIN')));
  await Promise.all(clients.map((client) => client.query('COMMIT')));
  await Promise.all(clients.map((client) => client.end()));
}
