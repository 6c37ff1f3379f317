import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

/** Ways to a function that no word of the statement names: each would end another session of the same role. */
describeOnEachPostgres('calls that a statement hides', (major) => {
  let calls: BrowseCalls;
  const victims: pg.Client[] = [];
  const kill = `pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE application_name = 'victim'`;
  const ofVictim = `FROM pg_catalog.pg_stat_activity WHERE application_name = 'victim'`;
  const longName = 'n'.repeat(63);

  beforeAll(async () => {
    calls = await openBrowseCalls({ major, access: 'read-only' });
    await calls.client.query(`
      CREATE VIEW public.killing AS SELECT ${kill};
      CREATE VIEW public.killing_0 AS SELECT * FROM public.killing;
      DO $$ BEGIN FOR i IN 1..35 LOOP
        EXECUTE format('CREATE VIEW public.killing_%s AS SELECT * FROM public.killing_%s', i, i - 1); END LOOP;
        FOR i IN 1..501 LOOP EXECUTE format('CREATE TABLE public.rel_%s ()', i); END LOOP;
        EXECUTE 'CREATE VIEW public.killing_long AS SELECT *, ''' || repeat('x', 1100000) || ''' AS x FROM public.killing';
      END $$;
      CREATE FUNCTION public.of_view() RETURNS bool LANGUAGE sql AS 'SELECT * FROM public.killing';
      CREATE FUNCTION public.of_view_too() RETURNS int LANGUAGE plpgsql AS 'BEGIN PERFORM * FROM public.killing; RETURN 1; END';
      CREATE FUNCTION public."a b"() RETURNS bool LANGUAGE sql AS $$ SELECT ${kill} $$;
      CREATE FUNCTION public.of_quoted() RETURNS bool LANGUAGE sql AS 'SELECT /* " */ public."a b"()';
      CREATE FUNCTION public.😀() RETURNS bool LANGUAGE sql AS $$ SELECT ${kill} $$;
      CREATE FUNCTION public.of_sign() RETURNS bool LANGUAGE sql AS 'SELECT public.😀()';
      CREATE FUNCTION public.${longName}() RETURNS bool LANGUAGE sql AS $$ SELECT ${kill} $$;
      CREATE FUNCTION public.of_long() RETURNS bool LANGUAGE sql AS 'SELECT public.${longName}nn()';
      CREATE FUNCTION public.victim() RETURNS int LANGUAGE sql AS $$ SELECT pid ${ofVictim} $$;
      CREATE FUNCTION public.of_default(bool DEFAULT pg_catalog.pg_terminate_backend(public.victim())) RETURNS bool
        LANGUAGE sql AS 'SELECT $1';
      CREATE FUNCTION public.compared(int, int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 = $2; END';
      CREATE FUNCTION public.killed(int, int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN pg_terminate_backend($1); END';
      CREATE FUNCTION public.killed_by(int, text) RETURNS bool LANGUAGE sql AS 'SELECT pg_catalog.pg_terminate_backend($1)';
      CREATE OPERATOR public.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = public.compared, NEGATOR = OPERATOR(public.!==));
      CREATE OPERATOR public.!== (LEFTARG = int, RIGHTARG = int, FUNCTION = public.killed, NEGATOR = OPERATOR(public.===));
      CREATE OPERATOR public.>> (LEFTARG = int, RIGHTARG = text, FUNCTION = public.killed_by);
      CREATE FUNCTION public.of_operator() RETURNS bool LANGUAGE sql SET search_path = public AS $$
        SELECT public.victim() >>--
          'a'::text $$;
      CREATE DOMAIN public.deadly AS int CHECK (pg_catalog.pg_terminate_backend(VALUE));
      CREATE TABLE public.deadly_row (id int, at public.deadly); INSERT INTO public.deadly_row VALUES (1, NULL);
      DO $$ DECLARE types text; BEGIN
        FOR types IN SELECT a.oid::regtype || ', ' || b.oid::regtype FROM pg_type AS a, pg_type AS b
          WHERE a.typtype = 'b' AND b.typtype = 'b' AND a.oid < 1300 AND b.oid < 1300 LIMIT 310 LOOP
          EXECUTE 'CREATE FUNCTION public.many(' || types || ') RETURNS bool LANGUAGE sql AS ''SELECT true'''; END LOOP;
      END $$;
      CREATE FUNCTION public.many() RETURNS bool LANGUAGE sql AS $$ SELECT ${kill} $$;
      CREATE FUNCTION public.of_many() RETURNS bool LANGUAGE sql AS 'SELECT public.many()'`);
  });
  afterAll(async () => {
    for (const victim of victims) await victim.end().catch(() => undefined);
    await calls.close();
  });

  const missing = Array.from({ length: 501 }, (_, index) => `NOT EXISTS (TABLE rel_${String(index + 1)})`);
  it.each([
    [`SELECT table_to_xml('public.killing', true, false, '')`, 15],
    [`SELECT schema_to_xml('public', true, false, '')`, 15],
    [`SELECT database_to_xml(true, false, '')`, 15],
    ['SELECT of_view()', 15],
    ['SELECT of_view_too()', 15],
    ['SELECT of_quoted()', 15],
    ['SELECT of_sign()', 15],
    ['SELECT of_long()', 15],
    ['SELECT of_default()', 15],
    ['SELECT of_many()', 15],
    ['SELECT of_operator()', 15],
    [`SELECT NOT (pid === 1) ${ofVictim}`, 15],
    [`SELECT pg_input_is_valid(pid::text, 'public.deadly') ${ofVictim}`, 16],
    [`SELECT domain_in(pid::text::cstring, to_regtype('public.deadly')::oid, -1) IS NULL ${ofVictim}`, 15],
    [
      `SELECT array_in(('{' || pid || '}')::cstring, to_regtype('public.deadly')::oid, -1) IS NULL ${ofVictim}`,
      15,
    ],
    [`SELECT JSON_VALUE(to_jsonb(pid), '$' RETURNING public.deadly) ${ofVictim}`, 17],
    [
      `SELECT jsonb_populate_record(r, jsonb_build_object('at', (SELECT pid ${ofVictim}))) FROM deadly_row AS r`,
      15,
    ],
    ['TABLE killing_35', 15],
    ['TABLE killing_long', 15],
    [`SELECT 1 WHERE ${missing.join(' AND ')} AND EXISTS (TABLE killing)`, 15],
  ] as const)('does not run %s', async (statement, since) => {
    if (major < since) return;
    const victim = await openTestSession({ ...calls.config, application_name: 'victim' });
    victim.on('error', () => undefined);
    victims.push(victim);
    const confirmedRun = async (): Promise<unknown> => {
      const { code } = await calls.ask('sql', 'code', { statement });
      return calls.ask('sql', 'run', { statement, confirmed: code.map(({ id }) => id) });
    };
    await expect(confirmedRun()).rejects.toMatchObject({ code: 'read_only' });
    await expect(calls.ask('sql', 'plan', { statement })).rejects.toMatchObject({ code: 'read_only' });
    await expect(victim.query('SELECT 1')).resolves.toBeDefined();
    await victim.end();
  });

  it('names what the planner runs to estimate a range, and asks again when a default was replaced', async () => {
    await calls.client.query(`
      CREATE FUNCTION public.apart(int, int) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
      CREATE TYPE public.span AS RANGE (subtype = int, subtype_diff = public.apart);
      CREATE TABLE public.spans (s public.span);
      CREATE FUNCTION public.defaulted(int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT $1'`);
    const code = async (statement: string) => (await calls.ask('sql', 'code', { statement })).code;
    expect((await code('SELECT 1 FROM spans WHERE s @> 5')).map(({ name }) => name)).toEqual([
      'public.apart(integer, integer)',
    ]);
    const before = await code('SELECT defaulted()');
    await calls.client.query(
      `CREATE OR REPLACE FUNCTION public.defaulted(int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT $1'`,
    );
    expect(await code('SELECT defaulted()')).not.toEqual(before);
  });

  it('masks what a function answers of a view over a table with secrets', async () => {
    await calls.client.query(`
      CREATE TABLE public."my vault" (id int, token text); INSERT INTO public."my vault" VALUES (1, 'hush');
      CREATE VIEW public.kept AS SELECT v::text AS x FROM public."my vault" AS v;
      CREATE FUNCTION public.peeking() RETURNS text LANGUAGE sql AS 'SELECT x FROM public.kept'`);
    const statement = 'SELECT peeking()';
    const { code } = await calls.ask('sql', 'code', { statement });
    const { rows } = await calls.ask('sql', 'run', { statement, confirmed: code.map(({ id }) => id) });
    expect(rows).toEqual([[{ text: null, masked: true }]]);
  });
});
