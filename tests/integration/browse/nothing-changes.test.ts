import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/postgres/database';
import { createSqlHandlers, openHistory } from '../../../src/main/sql/index';
import { AppError } from '../../../src/shared/errors';
import { openTestSession } from '../../support/test-session';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

/** Names as an attacker would give them, to relations and columns and to whoever asks for them. */
const hostileNames = [
  `x"; DROP TABLE users; --`,
  `'; DELETE FROM users; --`,
  `a"."b`,
  '$1',
  '%s%n',
  'ω'.repeat(31),
  'x'.repeat(63),
  'select',
  ' ',
  'new\nline',
  'back\\slash',
  'pg_catalog',
  '😀',
];

const hostileStatements = [
  `INSERT INTO watched VALUES (2)`,
  `UPDATE watched SET id = 2`,
  `DELETE FROM watched`,
  `TRUNCATE watched`,
  `MERGE INTO watched AS w USING (SELECT 1 AS id) AS s ON w.id = s.id WHEN MATCHED THEN DELETE`,
  `CREATE TABLE made (id int)`,
  `CREATE TEMP TABLE made (id int)`,
  `DROP TABLE watched`,
  `ALTER TABLE watched ADD COLUMN b int`,
  `GRANT ALL ON watched TO PUBLIC`,
  `COPY watched TO PROGRAM 'true'`,
  `COPY watched FROM STDIN`,
  `DO $$ BEGIN INSERT INTO watched VALUES (2); END $$`,
  `CALL insert_one()`,
  `SELECT insert_one_by_function()`,
  `SELECT * FROM writing_view`,
  `SELECT write_once_more()`,
  `SET TRANSACTION READ WRITE`,
  `SET default_transaction_read_only = off`,
  `RESET ALL`,
  `BEGIN`,
  `COMMIT; DROP TABLE watched`,
  `SELECT 1; DROP TABLE watched`,
  `SELECT 1; COMMIT; BEGIN; DROP TABLE watched`,
  `VALUES (1) \\; DROP TABLE watched`,
  `WITH gone AS (DELETE FROM watched RETURNING *) SELECT * FROM gone`,
  `SELECT * INTO made FROM watched`,
  `SELECT * FROM watched FOR UPDATE`,
  `EXPLAIN ANALYZE DELETE FROM watched`,
  `EXPLAIN (ANALYZE) CREATE TABLE made AS SELECT 1`,
  `EXPLAIN (ANALYZE) EXECUTE nothing`,
  `EXPLAIN (ANALYZE) WITH gone AS (DELETE FROM watched RETURNING *) SELECT * FROM gone`,
  `SELECT nextval('counter')`,
  `SELECT "nextval"('counter')`,
  `SELECT U&"\\006eextval"('counter')`,
  `SELECT U&"!006eextval" UESCAPE '!' ('counter')`,
  `SELECT setval('counter', 99)`,
  `SELECT lo_create(0)`,
  `SELECT lo_from_bytea(0, 'x')`,
  `SELECT pg_notify('channel', 'x')`,
  `SELECT pg_advisory_lock(1)`,
  `SELECT set_config('transaction_read_only', 'off', true)`,
  `SELECT set_config('default_transaction_read_only', 'off', false), insert_one_by_function()`,
  `SELECT query_to_xml('DELETE FROM watched', true, true, '')`,
  `PREPARE a AS DELETE FROM watched`,
  `LISTEN x`,
  `LOCK TABLE watched`,
  `VACUUM watched`,
  `REFRESH MATERIALIZED VIEW watched_copy`,
  `DECLARE c CURSOR FOR SELECT 1`,
  `CLOSE ALL`,
  `FETCH ALL FROM litemaas_result`,
  `) ; DROP TABLE watched; --`,
  `SHOW work_mem; DROP TABLE watched`,
  `TABLE watched; DELETE FROM watched`,
];

/** What must be the same afterwards: catalogue, data, sequences, large objects, settings, who wrote how much. */
async function fingerprint(client: pg.Client): Promise<unknown> {
  // Counters are written when a session ends or goes idle; these are asked for afresh.
  await client.query('SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()');
  const { rows } = await client.query(`
    SELECT (SELECT json_agg(json_build_array(oid, relname, relkind, xmin::text, relfilenode, relacl) ORDER BY oid) FROM pg_class) AS classes,
      (SELECT json_agg(json_build_array(oid, proname, xmin::text) ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace) AS functions,
      (SELECT json_agg(json_build_array(attrelid, attname, xmin::text) ORDER BY attrelid, attnum) FROM pg_attribute) AS attributes,
      (SELECT json_agg(json_build_array(relname, n_tup_ins, n_tup_upd, n_tup_del) ORDER BY relname) FROM pg_stat_user_tables) AS written,
      (SELECT json_agg(json_build_array(xmin::text, ctid::text, id)) FROM watched) AS watched,
      (SELECT json_build_array(last_value, is_called) FROM counter) AS counter,
      (SELECT count(*) FROM pg_largeobject_metadata) AS objects,
      (SELECT count(*) FROM users) AS users`);
  return rows;
}

describe.each(['read-only', 'administer'] as const)('in a workspace to %s', (access) => {
  let calls: BrowseCalls;
  let admin: pg.Client;

  beforeAll(async () => {
    calls = await openBrowseCalls({ access });
    admin = await openTestSession(calls.adminConfig);
    await calls.client.query(`
      CREATE TABLE watched (id int); INSERT INTO watched VALUES (1);
      CREATE MATERIALIZED VIEW watched_copy AS SELECT * FROM watched;
      CREATE SEQUENCE counter;
      CREATE PROCEDURE insert_one() LANGUAGE sql AS 'INSERT INTO watched VALUES (2)';
      CREATE FUNCTION insert_one_by_function() RETURNS int LANGUAGE sql AS 'INSERT INTO watched VALUES (2) RETURNING id';
      CREATE FUNCTION write_once_more() RETURNS int LANGUAGE plpgsql AS $$
        BEGIN SET LOCAL transaction_read_only = off; INSERT INTO watched VALUES (3); RETURN 1; END $$;
      CREATE VIEW writing_view AS SELECT insert_one_by_function() AS id, 'x' AS word;
      -- Stand-ins for what the statements of Browse name, for whoever looks into public first.
      CREATE FUNCTION public.left(varchar, int) RETURNS text LANGUAGE sql AS 'INSERT INTO watched VALUES (4); SELECT 1::text';
      CREATE FUNCTION public.stand_in(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the stand-in was asked'; END $$;
      CREATE OPERATOR public.> (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.stand_in);
      CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.stand_in)`);
    for (const name of hostileNames) {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      await calls.client.query(
        `CREATE TABLE ${quoted} (${quoted} varchar(30) PRIMARY KEY, other int); INSERT INTO ${quoted} VALUES ('a', 1), ('b', 2)`,
      );
    }
    // What was written to get here is counted before anything is compared.
    await calls.client.query('SELECT pg_stat_force_next_flush()');
  });
  afterAll(async () => {
    await admin.end();
    await calls.close();
  });

  /** Runs calls whatever becomes of them; only the console's own errors may come out. */
  async function attempt(work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      return error;
    }
  }

  it('no name makes Browse do anything but read', async () => {
    const before = await fingerprint(admin);
    for (const name of [...hostileNames, 'writing_view', 'nobody']) {
      for (const schema of ['public', name]) {
        const input = { schema, relation: name };
        await attempt(() => calls.ask('browse', 'relation', input));
        await attempt(() => calls.ask('browse', 'rows', { ...input, after: name }));
        await attempt(() => calls.ask('browse', 'cell', { ...input, column: name, key: name }));
        for (const value of [`' OR true --`, '$1', 'a']) {
          const asked = {
            ...input,
            filters: [{ column: name, operator: 'greater' as const, value }],
            sort: { column: name, direction: 'asc' as const },
          };
          await attempt(() => calls.ask('browse', 'rows', asked));
          await attempt(() => calls.ask('browse', 'count', asked));
        }
        await attempt(() => calls.download('browse', 'exportCsv', input));
        await attempt(() => calls.ask('browse', 'relations', { search: name, filters: { schema } }));
        await attempt(() => calls.download('browse', 'exportRelationsCsv', { search: name, filters: {} }));
      }
      await attempt(() =>
        calls.ask('sql', 'completions', { prefix: name, qualifier: name, relations: [name] }),
      );
      await attempt(() => calls.ask('sql', 'completions', { prefix: name }));
    }
    await calls.ask('browse', 'schemas', {});
    expect(await fingerprint(admin)).toEqual(before);
  });

  it('reads relations and columns of every name', async () => {
    for (const relation of hostileNames) {
      const sort = { column: relation, direction: 'desc' as const };
      const first = await calls.ask('browse', 'rows', { schema: 'public', relation, sort, pageSize: 1 });
      const second = await calls.ask('browse', 'rows', {
        schema: 'public',
        relation,
        sort,
        pageSize: 1,
        after: first.next ?? '',
      });
      expect([relation, first.rows[0]?.cells[0]?.text, second.rows[0]?.cells[0]?.text]).toEqual([
        relation,
        'b',
        'a',
      ]);
    }
  });

  it('no statement makes SQL do anything but read', async () => {
    const before = await fingerprint(admin);
    const ran: string[] = [];
    for (const statement of hostileStatements) {
      const refused = await attempt(() => calls.ask('sql', 'run', { statement }));
      await attempt(() => calls.ask('sql', 'plan', { statement, analyze: true }));
      await attempt(() => calls.ask('sql', 'plan', { statement }));
      await attempt(() => calls.download('sql', 'exportCsv', { statement }));
      if (!(refused instanceof AppError)) ran.push(statement);
    }
    expect(ran).toEqual([]);
    expect(await fingerprint(admin)).toEqual(before);
  });

  it('leaves neither session nor lock behind', async () => {
    await expect(
      calls.ask('sql', 'run', { statement: `SELECT set_config('work_mem', '1GB', false)` }),
    ).rejects.toMatchObject({ code: 'read_only', details: { function: 'set_config' } });
    const { rows } = await calls.ask('sql', 'run', { statement: 'SHOW work_mem' });
    expect(rows[0]?.[0]?.text).toBe('4MB');
    const { rows: locks } = await admin.query<{ locks: number }>(`
      SELECT count(*)::int AS locks FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
      WHERE a.application_name = 'litemaas-console' AND a.datname = current_database() AND l.mode <> 'AccessShareLock'
        AND l.locktype IN ('relation', 'advisory')`);
    expect(rows).toHaveLength(1);
    expect(locks[0]?.locks).toBe(0);
  });
});

describe('as a superuser', () => {
  let calls: BrowseCalls;

  beforeAll(async () => {
    calls = await openBrowseCalls();
    const admin = await openTestSession(calls.adminConfig);
    await admin.query(
      `CREATE TABLE watched (id int); CREATE SEQUENCE counter; INSERT INTO watched VALUES (1)`,
    );
    await admin.end();
  });
  afterAll(() => calls.close());

  it('functions that act outside the transaction are not called', async () => {
    const database = openDatabase({ config: calls.adminConfig, readOnly: false });
    const unconfirmed = { maxRows: 10, schemas: ['public'], confirmed: [] };
    const { run } = createSqlHandlers({ history: openHistory(calls.dataFolder) });
    const call = {
      signal: new AbortController().signal,
      report: () => undefined,
      workspace: { id: 'superuser', database } as Parameters<typeof run>[1]['workspace'],
    };
    try {
      for (const statement of [
        `SELECT pg_read_file('PG_VERSION')`,
        `SELECT pg_catalog."pg_read_file"('PG_VERSION')`,
        `SELECT * FROM pg_ls_dir('.')`,
        `SELECT lo_import('/etc/hostname')`,
        `SELECT lo_export(1, '/tmp/x')`,
        `SELECT pg_reload_conf()`,
        `SELECT pg_rotate_logfile()`,
        `SELECT pg_switch_wal()`,
        `SELECT pg_stat_reset()`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE false`,
        `SELECT pg_cancel_backend /* x */ (0)`,
        `SELECT pg_create_physical_replication_slot('x')`,
        `SELECT pg_logical_emit_message(false, 'a', 'b')`,
      ]) {
        await expect(run({ statement, ...unconfirmed }, call), statement).rejects.toMatchObject({
          code: 'read_only',
        });
      }
      expect(
        (await run({ statement: 'SELECT id, random() > 2 AS r FROM watched', ...unconfirmed }, call)).rows,
      ).toEqual([[{ text: '1' }, { text: 'false' }]]);
    } finally {
      await database.close();
    }
  });
});
