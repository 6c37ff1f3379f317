import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/postgres/database';
import { createSqlHandlers, openHistory } from '../../../src/main/sql/index';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

describeOnEachPostgres('the forms of a statement', (major) => {
  let calls: BrowseCalls;
  const run = (statement: string) => calls.ask('sql', 'run', { statement });
  const first = async (statement: string) => (await run(statement)).rows[0]?.[0]?.text;

  beforeAll(async () => {
    calls = await openBrowseCalls({ major });
    await calls.client.query(
      'CREATE TABLE public.item (id int PRIMARY KEY, word text); INSERT INTO public.item VALUES (1, $$a b$$)',
    );
  });
  afterAll(() => calls.close());

  it.each([
    'EXPLAIN (SELECT 1)',
    'explain ((select 1))',
    'EXPLAIN ANALYZE VERBOSE SELECT 1',
    'EXPLAIN (ANALYZE off, COSTS off) SELECT 1',
    'EXPLAIN /* ( */ (FORMAT TEXT, VERBOSE) (SELECT 1 UNION SELECT 2)',
    'EXPLAIN UPDATE public.item SET id = 2',
    'EXPLAIN (ANALYZE false) DELETE FROM public.item',
    'EXPLAIN INSERT INTO item VALUES (2)',
    'EXPLAIN CREATE TABLE made AS SELECT 1',
    'EXPLAIN VALUES (1)',
  ])('explains %s', async (statement) => {
    expect(await first(statement)).toMatch(/cost=|Result|Update|Values/);
    const { nodes } = await calls.ask('sql', 'plan', { statement });
    expect(nodes.length).toBeGreaterThan(0);
  });

  it.each([
    'EXPLAIN ANALYZE UPDATE public.item SET id = 2',
    'EXPLAIN (ANALYZE on) INSERT INTO item VALUES (2)',
    'EXPLAIN (ANALYZE 1, COSTS off) MERGE INTO item USING item AS i ON false WHEN MATCHED THEN DELETE',
    'EXPLAIN (ANALYZE off, ANALYZE) DELETE FROM item',
    'EXPLAIN ANALYZE WITH x AS (DELETE FROM item RETURNING *) SELECT * FROM x',
    'EXPLAIN ANALYZE CREATE TABLE made AS SELECT 1',
    'EXPLAIN EXECUTE something',
    'EXPLAIN ANALYZE SELECT 1 INTO made',
  ])('does not run %s', async (statement) => {
    await expect(run(statement)).rejects.toMatchObject({ code: 'read_only' });
    await expect(calls.ask('sql', 'plan', { statement, analyze: true })).rejects.toMatchObject({
      code: 'read_only',
    });
  });

  it('plans a statement with parameters for any of their values', async () => {
    const statement = 'SELECT * FROM item WHERE id = $1';
    if (major < 16) {
      await expect(calls.ask('sql', 'plan', { statement })).rejects.toMatchObject({ code: 'db_server' });
      return;
    }
    expect(await first(`EXPLAIN (GENERIC_PLAN) ${statement}`)).toContain('item');
    for (const asked of [statement, `EXPLAIN (GENERIC_PLAN) ${statement}`]) {
      const { text } = await calls.ask('sql', 'plan', { statement: asked });
      expect(text).toContain('(id = $1)');
    }
  });

  it.each([
    ['SELECT\u00A0count(*) FROM item', '1'],
    ['\uFEFFSELECT word FROM item', 'a b'],
    ['SEL\u200BECT wo\u00ADrd FROM item;\u200B', 'a b'],
    ['postgres=# SELECT 1', '1'],
    ['mydb=> SELECT word\nmydb-> FROM item\nmydb-> WHERE id = 1;', 'a b'],
    ['SELECT 1 \\gx', '1'],
    ['SELECT 1 \\g\n', '1'],
    [`SELECT E'a'\n'\\'' || ' /*'`, `a' /*`],
    [`SELECT 'no\u00A0break' -- \u201Cquoted\u201D`, 'no\u00A0break'],
    ['SELECT "\u2019" FROM (SELECT 1) AS q("\u2019")', '1'],
    ['SELECT $$\u2019$$', '\u2019'],
  ])('runs %j', async (statement, expected) => {
    expect(await first(statement)).toBe(expected);
  });

  it.each([
    ['SELECT \u2018x\u2019', 'U+2018', 8],
    ['SELECT 5 \u2013 3', 'U+2013', 10],
    ['SELECT f\uFF08 1', 'U+FF08', 9],
    ['\\d item', '\\d', 1],
    ['SELECT 1;\n\\timing', '\\timing', 11],
  ])('names what is wrong with %j', async (statement, said, position) => {
    await expect(run(statement)).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining(said) as string,
      details: { position: String(position) },
    });
  });

  it('counts places in what was typed', async () => {
    const statement = '\uFEFF/* é😀 */ SELECT\u00A01 +\u200B wrod FROM item';
    await expect(run(statement)).rejects.toMatchObject({
      details: { position: String(statement.indexOf('wrod') + 1) },
    });
    const explained = `EXPLAIN (COSTS) SELECT '😀', wrod FROM item`;
    for (const asked of [() => run(explained), () => calls.ask('sql', 'plan', { statement: explained })]) {
      await expect(asked()).rejects.toMatchObject({
        details: { position: String(explained.indexOf('wrod') + 1) },
      });
    }
  });

  it('says so of a statement that is nested too deep, and reads the next one', async () => {
    await expect(run(`SELECT ${'1+'.repeat(45_000)}1`)).rejects.toMatchObject({ code: 'validation' });
    expect(await first('SELECT 1')).toBe('1');
  });

  it('draws the plan of a view with a blank literal of any length at once', async () => {
    await calls.client.query(
      `CREATE VIEW public.blank AS SELECT id FROM public.item WHERE word = repeat(' ', 60000) OR word = '${' '.repeat(60_000)}'`,
    );
    const startedAt = performance.now();
    const { nodes } = await calls.ask('sql', 'plan', { statement: 'SELECT * FROM blank', analyze: true });
    expect(nodes[0]?.name).toContain('item');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('finds names in the schemas that were chosen, and in no others', async () => {
    await calls.client.query(
      'CREATE SCHEMA "An Other"; CREATE TABLE "An Other".item (id int); CREATE TABLE "An Other".thing (id int)',
    );
    const where = async (schemas: string[]) =>
      (
        await calls.ask('sql', 'run', {
          statement: `SELECT tableoid::regclass::text FROM item UNION SELECT current_setting('search_path')`,
          schemas,
        })
      ).rows;
    expect((await where(['public'])).length).toBe(2);
    expect((await where(['An Other', 'public'])).length).toBe(1);
    await expect(calls.ask('sql', 'run', { statement: 'TABLE thing' })).rejects.toThrow('does not exist');
    await expect(calls.ask('sql', 'run', { statement: 'TABLE item', schemas: [] })).rejects.toThrow(
      'does not exist',
    );
  });
});

describe.each(['read-only', 'administer'] as const)(
  'code of the database, in a workspace to %s',
  (access) => {
    let calls: BrowseCalls;
    let admin: pg.Client;

    beforeAll(async () => {
      calls = await openBrowseCalls({ access });
      admin = await openTestSession(calls.adminConfig);
      await calls.client.query(`
      CREATE TABLE public.item (id int, word text); INSERT INTO public.item VALUES (1, 'a');
      CREATE FUNCTION public.pure(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
      CREATE FUNCTION public.joined(text, name) RETURNS text LANGUAGE sql AS $$ SELECT 'planted'::text $$;
      CREATE OPERATOR public.|| (LEFTARG = text, RIGHTARG = name, FUNCTION = public.joined);
      CREATE VIEW public.calling AS SELECT public.pure(id) AS id FROM public.item;
      CREATE DOMAIN public.checked AS int CHECK (public.pure(VALUE) > 0);
      CREATE FUNCTION public.word_of(public.item) RETURNS text LANGUAGE sql AS 'SELECT $1.word';
      CREATE FUNCTION public.ending() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN pg_terminate_backend(0); END $$;
      CREATE FUNCTION public.ending_within() RETURNS bool LANGUAGE sql AS 'SELECT public.ending()';
      CREATE FUNCTION public.hiding() RETURNS bool LANGUAGE plpgsql SECURITY DEFINER AS $$
        DECLARE r bool; BEGIN EXECUTE 'SELECT pg_termi' || 'nate_backend(0)' INTO r; RETURN r; END $$;
      CREATE VIEW public.view_ending AS SELECT pg_catalog.pg_terminate_backend(0) AS ended`);
    });
    afterAll(async () => {
      await admin.end();
      await calls.close();
    });
    const code = async (statement: string) => (await calls.ask('sql', 'code', { statement })).code;

    it.each([
      ['SELECT pure(1)', ['public.pure(integer)']],
      ['SELECT "public"."pure"(1)', ['public.pure(integer)']],
      ['SELECT id FROM calling', ['public.pure(integer)']],
      ['SELECT p FROM pure(1) AS p', ['public.pure(integer)']],
      [`SELECT word || 'x'::name FROM item`, ['public.||(text, name)']],
      ['SELECT 1::public.checked', ['public.pure(integer)']],
      ['SELECT i.word_of FROM item AS i', ['public.word_of(item)']],
      [`SELECT lower('x'), 1 + 1, word FROM item`, []],
    ])('names what runs before it runs: %s', async (statement, names) => {
      const listed = await code(statement);
      expect(listed.map(({ name }) => name.replace('public.item', 'item'))).toEqual(names);
      if (names.length === 0) return;
      for (const work of [
        () => calls.ask('sql', 'run', { statement }),
        () => calls.ask('sql', 'plan', { statement }),
        () => calls.download('sql', 'exportCsv', { statement, schemas: ['public'], confirmed: [] }),
      ]) {
        await expect(work()).rejects.toMatchObject({
          code: 'validation',
          details: { reason: 'unconfirmed' },
        });
      }
      const confirmed = listed.map(({ id }) => id);
      expect((await calls.ask('sql', 'run', { statement, confirmed })).rows).toHaveLength(1);
    });

    it('asks again when the code was replaced', async () => {
      const statement = 'SELECT pure(1)';
      const confirmed = (await code(statement)).map(({ id }) => id);
      await calls.client.query(
        `CREATE OR REPLACE FUNCTION public.pure(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 2'`,
      );
      await expect(calls.ask('sql', 'run', { statement, confirmed })).rejects.toMatchObject({
        details: { reason: 'unconfirmed' },
      });
    });

    it.each([
      'SELECT ending()',
      'SELECT ending_within()',
      'TABLE view_ending',
      'SELECT (SELECT ended FROM view_ending)',
    ])('looks through what it calls: %s', async (statement) => {
      await expect(code(statement)).rejects.toMatchObject({
        code: 'read_only',
        details: { function: 'pg_terminate_backend' },
      });
    });

    it('runs no code in a read-only workspace of which it can’t be told what it does', async () => {
      const asked = code('SELECT hiding()');
      if (access === 'read-only') await expect(asked).rejects.toMatchObject({ code: 'read_only' });
      else expect(await asked).toHaveLength(1);
    });

    it('as a superuser too, calls nothing that acts outside of the transaction, however it is written', async () => {
      await admin.query(`CREATE EXTENSION IF NOT EXISTS dblink SCHEMA public`).catch(() => undefined);
      await admin.query(`CREATE SEQUENCE IF NOT EXISTS public.counter;
      CREATE OR REPLACE FUNCTION public.renamed(int, int8) RETURNS bool LANGUAGE internal AS 'pg_terminate_backend'`);
      const database = openDatabase({ config: calls.adminConfig, readOnly: access === 'read-only' });
      const { run } = createSqlHandlers({ history: openHistory(calls.dataFolder) });
      const call = {
        signal: new AbortController().signal,
        report: () => undefined,
        workspace: { id: 'superuser', database } as Parameters<typeof run>[1]['workspace'],
      };
      try {
        for (const statement of [
          `SELECT E'a'\n'\\'', pg_terminate_backend(0) --'`,
          `SELECT U&"pg!005Fterminate!005Fbackend" UESCAPE '!' (0)`,
          `SELECT "pg_terminate_backend"/**/(0)`,
          `SELECT pg_catalog . pg_cancel_backend (0)`,
          `SELECT * FROM pg_ls_dir('.')`,
          `SELECT * FROM ROWS FROM (pg_read_file('PG_VERSION')) AS f`,
          `SELECT (pg_stat_file('PG_VERSION')).size`,
          `SELECT set_config('search_path', 'x', false)`,
          `SELECT nextval('counter'), 1`,
          `SELECT setval('counter', 9)`,
          `SELECT pg_advisory_lock(1)`,
          `SELECT pg_advisory_xact_lock(1)`,
          `SELECT pg_notify('a', 'b')`,
          `SELECT pg_reload_conf()`,
          `SELECT pg_create_logical_replication_slot('a', 'b')`,
          `SELECT pg_create_physical_replication_slot('a')`,
          `SELECT pg_drop_replication_slot('a')`,
          `SELECT pg_logical_emit_message(false, 'a', 'b')`,
          `SELECT lo_create(0)`,
          `SELECT lo_import('/etc/hostname')`,
          `SELECT lo_put(1, 0, 'x')`,
          `SELECT query_to_xml('SELECT nextval(''counter'')', true, true, '')`,
          `SELECT * FROM ts_stat('SELECT nextval(''counter'')::text::tsvector')`,
          `SELECT ts_rewrite('a'::tsquery, 'SELECT nextval(''counter'')')`,
          `SELECT currtid2('item', '(0,1)')`,
          `SELECT pg_stat_reset()`,
          `SELECT pg_export_snapshot()`,
          `SELECT public.renamed(0, 0)`,
          `SELECT CASE WHEN false THEN pg_promote() END`,
          `SELECT 1 FROM item ORDER BY pg_switch_wal()`,
          `SELECT 1 LIMIT (SELECT pg_current_logfile() IS NULL)::int`,
          `WITH a AS (SELECT pg_backup_start('x')) SELECT 1`,
          `EXPLAIN SELECT pg_rotate_logfile()`,
          `EXPLAIN ANALYZE SELECT pg_rotate_logfile()`,
          `DO 'BEGIN PERFORM pg_notify(''a'', ''b''); END'`,
          `EXECUTE something`,
          `COPY item TO PROGRAM 'true'`,
          `COPY (SELECT pg_sleep(0)) TO STDOUT`,
          `CALL something()`,
        ]) {
          const asked = { statement, schemas: ['public'], confirmed: [], maxRows: 10 };
          await expect(run(asked, call), statement).rejects.toMatchObject({ code: 'read_only' });
        }
      } finally {
        await database.close();
      }
    });
  },
);
