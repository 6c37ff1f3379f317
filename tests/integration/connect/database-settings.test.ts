import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { migrate } from '../../../src/main/postgres/migrate';
import { type Database, openDatabase } from '../../../src/main/postgres/database';
import { onOwnConnection } from '../../../src/main/postgres/own-connection';
import { sessionConfig } from '../../../src/main/postgres/session-settings';
import { CheckedClient } from '../../../src/main/postgres/wire';
import { withReadOnlySession } from '../../../src/main/sql/read-only-session';
import { AppError } from '../../../src/shared/errors';
import { connectionTo as fieldsOf } from '../../support/connection-fields';
import { asAdmin, connectionTo, migrationsFolder } from '../../support/postgres-cluster';
import {
  connectAsOther,
  createTestDatabase,
  describeOnEachPostgres,
  type TestDatabase,
} from '../../support/postgres';
import { failure, test } from './connecting';

/** What the owner of a database sets for everybody who opens it, beyond what start-up options of every server can pin. */
describeOnEachPostgres('settings of a database', (major) => {
  const { signal } = new AbortController();
  const row = z.strictObject({ value: z.string() });
  let database: TestDatabase;
  let lesser: string;

  beforeAll(async () => {
    database = await createTestDatabase({ major });
    lesser = `${database.name}_lesser`;
    await asAdmin(database.cluster, (admin) =>
      admin.query(`CREATE ROLE ${lesser}; GRANT ${lesser} TO ${database.cluster.ownerUser}`),
    );
  });
  afterAll(async () => {
    await database.drop();
    await asAdmin(database.cluster, (admin) => admin.query(`DROP ROLE ${lesser}`));
  });

  /** Sets what the owner may set, until the end of the test. */
  async function set(...settings: readonly string[]): Promise<void> {
    const owner = await connectAsOther(database.config);
    // Code of PL/pgSQL makes its settings known: else only a superuser may set them.
    await owner.query('DO $do$ BEGIN END $do$');
    for (const setting of settings) await owner.query(`ALTER DATABASE ${database.name} SET ${setting}`);
    await owner.end();
    onTestFinished(() =>
      asAdmin(database.cluster, async (admin) => {
        await admin.query(`ALTER DATABASE ${database.name} RESET ALL`);
      }),
    );
  }

  function open(onConnectionChange?: (state: 'open' | 'lost') => void): Database {
    const opened = openDatabase({
      config: database.config,
      readOnly: false,
      ...(onConnectionChange ? { onConnectionChange } : {}),
    });
    onTestFinished(() => opened.close());
    return opened;
  }

  const valueOf = async (opened: Database, statement: ReturnType<typeof sql>): Promise<string | undefined> =>
    (await opened.read(signal, ({ select }) => select(row, statement)))[0]?.value;

  /** What came of it: the answer, or the error. */
  const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

  it('make no view unreadable', async () => {
    await set(`restrict_nonsystem_relation_kind = 'view, foreign-table'`);
    const other = await connectAsOther(database.config);
    await expect(other.query('SELECT FROM public.usage_statistics')).rejects.toThrow('non-system view');
    await other.end();
    const opened = open();
    const readView = sql`SELECT count(*)::text AS value FROM public.usage_statistics`;
    expect(await valueOf(opened, readView)).toBe('0');
    await opened.write(signal, ({ client }) => client.query('SELECT FROM public.usage_statistics'));
    await withReadOnlySession(opened, signal, 5_000, ({ client }) =>
      client.query('SELECT FROM public.usage_statistics'),
    );
    await onOwnConnection(sessionConfig(database.config), signal, (client) =>
      client.query('SELECT FROM public.usage_statistics'),
    );
  });

  it('end no statement before its own limit', async () => {
    await set(`statement_timeout = '1ms'`);
    const opened = open();
    const waiting = sql`SELECT pg_sleep(0.05)::text AS value`;
    expect(await valueOf(opened, waiting)).toBe('');
    await migrate(database.config, { folder: migrationsFolder });
    expect((await test(fieldsOf(database))).database.kind).toBe('console');
    // Each kind of work has its own limit all the same.
    const limit = sql`SELECT current_setting('statement_timeout') AS value`;
    expect(await valueOf(opened, limit)).toBe('15s');
  });

  it('limit no statement of a session before its first transaction', async () => {
    await set(`statement_timeout = '20ms'`);
    const waiting = 'SELECT pg_catalog.pg_sleep(0.2)';
    const other = await connectAsOther(database.config);
    await expect(other.query(waiting)).rejects.toThrow('statement timeout');
    await other.end();
    const session = new CheckedClient(sessionConfig(database.config));
    await session.connect();
    await session.query(waiting);
    await session.end();
  });

  it('load no library of the owner’s choice into a session, and end none for one that is missing', async () => {
    await set(`local_preload_libraries = 'missing_library'`);
    await expect(connectAsOther(database.config)).rejects.toThrow('missing_library');
    expect((await test(fieldsOf(database))).database.kind).toBe('console');
    const opened = open();
    expect(await valueOf(opened, sql`SELECT '1' AS value`)).toBe('1');
    await withReadOnlySession(opened, signal, 5_000, ({ client }) => client.query('SELECT 1'));
  });

  it('that name a missing library where they can’t be overruled are explained', async () => {
    await asAdmin(database.cluster, (admin) =>
      admin.query(`ALTER DATABASE ${database.name} SET session_preload_libraries = 'missing_library'`),
    );
    onTestFinished(() =>
      asAdmin(database.cluster, async (admin) => {
        await admin.query(`ALTER DATABASE ${database.name} RESET ALL`);
      }),
    );
    const said = {
      code: 'db_server',
      message:
        'The server is told to load a library that it can’t load: could not access file "missing_library": No such file or directory.',
      hint: expect.stringContaining('ALTER DATABASE or ALTER ROLE … RESET') as string,
    };
    expect(await failure(fieldsOf(database))).toMatchObject(said);
    expect(await outcome(valueOf(open(), sql`SELECT '1' AS value`))).toMatchObject(said);
  });

  it('make no code of our triggers fail', async () => {
    await set(`plpgsql.extra_errors = 'all'`, `plpgsql.extra_warnings = 'all'`);
    const shadowing = `CREATE FUNCTION pg_temp.shadow() RETURNS void LANGUAGE plpgsql AS
      $outer$ DECLARE x int := 1; BEGIN DECLARE x int := 2; BEGIN NULL; END; END $outer$; SELECT pg_temp.shadow()`;
    const other = await connectAsOther(database.config);
    await expect(other.query(shadowing)).rejects.toThrow('shadows');
    await other.end();
    await open().write(signal, ({ client }) => client.query(shadowing));
  });

  it('end no session between two of its transactions', async () => {
    await set(`idle_session_timeout = '100ms'`);
    const states: string[] = [];
    const opened = open((state) => states.push(state));
    const one = sql`SELECT '1' AS value`;
    expect(await valueOf(opened, one)).toBe('1');
    await delay(300);
    expect(await valueOf(opened, one)).toBe('1');
    expect(new Set(states)).toEqual(new Set(['open']));
    await onOwnConnection(sessionConfig(database.config), signal, async (client) => {
      await delay(300);
      await client.query('SELECT 1');
    });
  });

  it('are set again where a statement has set them for the session since', async () => {
    const opened = open();
    const shown = sql`SELECT pg_catalog.concat_ws(' ', pg_catalog.current_setting('idle_session_timeout'),
      pg_catalog.current_setting('search_path'), pg_catalog.current_setting('statement_timeout')) AS value`;
    const asPinned = '0 pg_catalog, pg_temp 15s';
    // The second transaction only looks at what held in the first.
    for (const _ of ['first', 'second']) expect(await valueOf(opened, shown)).toBe(asPinned);
    for (const [name, value] of [
      ['idle_session_timeout', '1h'],
      ['search_path', 'public'],
    ] as const) {
      const setFor = sql`SELECT pg_catalog.set_config(${name}, ${value}, false) AS value`;
      expect(await valueOf(opened, setFor)).toBe(value);
      expect(await valueOf(opened, shown)).toBe(asPinned);
    }
  });

  it('that end it before anything can be asked are named', async () => {
    await set(`idle_session_timeout = '1ms'`);
    const opened = open();
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const answer = await outcome(valueOf(opened, sql`SELECT '1' AS value`));
      if (answer === '1') continue;
      expect(String(answer)).toContain('idle_session_timeout');
    }
  });

  it.runIf(major >= 17)('end no transaction', async () => {
    await set(`transaction_timeout = '100ms'`);
    const waiting = sql`SELECT pg_sleep(0.3)::text AS value`;
    const other = await connectAsOther(database.config);
    other.on('error', () => undefined);
    await expect(other.query('SELECT pg_sleep(0.3)')).rejects.toThrow('transaction timeout');
    expect(await valueOf(open(), waiting)).toBe('');
    await onOwnConnection(sessionConfig(database.config), signal, (client) =>
      client.query('SELECT pg_catalog.pg_sleep(0.3)'),
    );
  });

  it.runIf(major >= 17)('that end each at once are named', async () => {
    await set(`transaction_timeout = '1ms'`);
    const other = open();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const answer = await outcome(valueOf(other, sql`SELECT pg_sleep(0.01)::text AS value`));
      if (answer === '') continue;
      expect(String(answer)).toContain('transaction_timeout');
    }
  });

  it('say whom the session acts as, with the report and with what it may not do', async () => {
    await set(`role = '${lesser}'`);
    const report = await test(fieldsOf(database));
    expect(report.role.name).toBe(lesser);
    expect(report.warnings.join(' ')).toContain(
      `You sign in as “${database.cluster.ownerUser}”, and the session acts as “${lesser}”`,
    );
    const opened = open();
    const forbidden = await outcome(opened.read(signal, ({ client }) => client.query('TABLE public.users')));
    expect(forbidden).toBeInstanceOf(AppError);
    expect(forbidden).toMatchObject({
      code: 'db_permission',
      message: expect.stringContaining(`The role “${lesser}” may not do this`) as string,
      hint: expect.stringContaining('SET role') as string,
    });
  });

  it('under which no trigger runs are refused by their name', async () => {
    const admin: pg.ClientConfig = connectionTo(database.cluster, database.name, database.cluster.adminUser);
    await asAdmin(database.cluster, (client) =>
      client.query(`ALTER DATABASE ${database.name} SET session_replication_role = replica`),
    );
    onTestFinished(() =>
      asAdmin(database.cluster, async (client) => {
        await client.query(`ALTER DATABASE ${database.name} RESET ALL`);
      }),
    );
    // Set by a superuser, it holds for whoever signs in.
    for (const config of [database.config, admin]) {
      const opened = openDatabase({ config, readOnly: false });
      expect(String(await outcome(opened.write(signal, ({ client }) => client.query('SELECT 1'))))).toContain(
        'session_replication_role',
      );
      await opened.close();
    }
    expect(await failure(fieldsOf(database))).toMatchObject({ reason: 'settings_lost' });
  });
});
