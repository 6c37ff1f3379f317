import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { castingOperators, castsWithin } from '../../../src/main/sql/judged-functions';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

const says = (answer: string): string => `plpgsql AS $$ BEGIN RAISE NOTICE 'ran'; RETURN ${answer}; END $$`;

/** What says that it ran, in each of the roles that code of a database can have in a statement. */
const planted = `
  CREATE FUNCTION public.ran(int) RETURNS bool IMMUTABLE LANGUAGE ${says('true')};
  CREATE FUNCTION public.ran(int, int) RETURNS bool LANGUAGE ${says('true')};
  CREATE FUNCTION public.ran_step(int, int) RETURNS int LANGUAGE ${says('$2')};
  CREATE FUNCTION public.ran_default(int DEFAULT public.ran_step(1, 2)) RETURNS int LANGUAGE sql AS 'SELECT $1';
  CREATE FUNCTION public.ran_named("The Arg" int, "other" int DEFAULT 1) RETURNS bool LANGUAGE ${says('true')};
  CREATE FUNCTION public.ran_all(VARIADIC int[]) RETURNS bool LANGUAGE ${says('true')};
  CREATE FUNCTION public.ran_rows() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'ran'; RETURN NEXT 1; END $$;
  CREATE FUNCTION public.ran_any(anyelement) RETURNS bool LANGUAGE ${says('true')};
  CREATE OPERATOR public.<<< (LEFTARG = int, RIGHTARG = int, FUNCTION = public.ran);
  CREATE OPERATOR public.!!! (RIGHTARG = int, FUNCTION = public.ran);
  CREATE FUNCTION public.ran_words(text, varchar) RETURNS bool LANGUAGE ${says('true')};
  DO $$ DECLARE sign text; BEGIN
    FOREACH sign IN ARRAY ARRAY['=', '<>', '<', '<=', '>=', '>', '~~', '!~~', '~~*', '~'] LOOP
      EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = text, RIGHTARG = varchar, FUNCTION = public.ran_words)', sign);
    END LOOP; END $$;
  CREATE AGGREGATE public.ran_sum(int) (SFUNC = public.ran_step, STYPE = int, INITCOND = '0');
  CREATE AGGREGATE public.ran_ordered(int ORDER BY int) (SFUNC = pg_catalog.int4pl, STYPE = int, INITCOND = '0',
    FINALFUNC = public.ran_step);
  CREATE DOMAIN public.ran_int AS int CHECK (public.ran(VALUE));
  CREATE DOMAIN public.ran_more AS public.ran_int;
  CREATE TYPE public.ran_pair AS (one int, two public.ran_int);
  CREATE TYPE public.ran_span AS RANGE (subtype = public.ran_int);
  CREATE FUNCTION public.takes(public.ran_int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
  CREATE TABLE public.plain (id int, a text, b varchar); INSERT INTO public.plain VALUES (1, 'a', 'a');
  CREATE VIEW public.seen AS SELECT public.ran(id) AS x FROM public.plain;
  CREATE VIEW public.joined AS SELECT 1 AS x FROM public.plain AS q JOIN public.plain AS r ON q.id OPERATOR(public.<<<) r.id;
  CREATE TABLE public.policed (id int); INSERT INTO public.policed VALUES (1);
  CREATE POLICY of_policed ON public.policed USING (public.ran(id));
  ALTER TABLE public.policed ENABLE ROW LEVEL SECURITY; ALTER TABLE public.policed FORCE ROW LEVEL SECURITY;
  CREATE TYPE public.box AS (a int);
  CREATE FUNCTION public.ran_cast(public.box) RETURNS int LANGUAGE ${says('1')};
  CREATE CAST (public.box AS int) WITH FUNCTION public.ran_cast(public.box) AS ASSIGNMENT;
  CREATE TABLE public.boxes (m public.box); INSERT INTO public.boxes VALUES (ROW(1));
  CREATE TYPE public.written AS ENUM ('calm', 'wild');
  CREATE FUNCTION public.ran_text(public.written) RETURNS text LANGUAGE ${says("'x'")};
  CREATE CAST (public.written AS text) WITH FUNCTION public.ran_text(public.written);
  CREATE TABLE public.writings (m public.written); INSERT INTO public.writings VALUES ('calm');
  CREATE TYPE public.listed AS ENUM ('calm', 'wild');
  CREATE FUNCTION public.ran_json(public.listed) RETURNS json LANGUAGE ${says("'1'::json")};
  CREATE CAST (public.listed AS json) WITH FUNCTION public.ran_json(public.listed);
  CREATE TABLE public.lists (m public.listed); INSERT INTO public.lists VALUES ('calm');
  CREATE TYPE public.counted AS ENUM ('calm', 'wild');
  CREATE FUNCTION public.ran_int8(public.counted) RETURNS int8 LANGUAGE ${says('1')};
  CREATE FUNCTION public.ran_bool(public.counted) RETURNS bool LANGUAGE ${says('true')};
  CREATE CAST (public.counted AS int8) WITH FUNCTION public.ran_int8(public.counted) AS IMPLICIT;
  CREATE CAST (public.counted AS bool) WITH FUNCTION public.ran_bool(public.counted) AS ASSIGNMENT;
  CREATE TABLE public.counts (m public.counted); INSERT INTO public.counts VALUES ('calm');`;

/** A type that is compared by functions of its own, which a superuser made. */
const compared = `
  CREATE TYPE public.word AS ENUM ('one', 'two');
  CREATE FUNCTION public.ran_order(public.word, public.word) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN RAISE NOTICE 'ran'; RETURN enum_cmp($1, $2); END $$;
  CREATE FUNCTION public.ran_same(public.word, public.word) RETURNS bool LANGUAGE sql IMMUTABLE AS
    'SELECT public.ran_order($1, $2) = 0';
  CREATE OPERATOR public.=~= (LEFTARG = public.word, RIGHTARG = public.word, FUNCTION = public.ran_same);
  CREATE OPERATOR public.<~< (LEFTARG = public.word, RIGHTARG = public.word, FUNCTION = public.ran_same);
  CREATE OPERATOR public.>~> (LEFTARG = public.word, RIGHTARG = public.word, FUNCTION = public.ran_same);
  CREATE OPERATOR CLASS public.word_order DEFAULT FOR TYPE public.word USING btree AS
    OPERATOR 1 public.<~<, OPERATOR 3 public.=~=, OPERATOR 5 public.>~>, FUNCTION 1 public.ran_order(public.word, public.word);
  CREATE TABLE public.words (w public.word, n int); GRANT SELECT ON public.words TO PUBLIC;
  INSERT INTO public.words VALUES ('one', 1), ('two', 2), ('one', 3);`;

interface Way {
  /** An expression over `from AS p`. */
  readonly text: string;
  readonly from: string;
  readonly since?: 16 | 17;
}

const over = (from: string, ...texts: readonly string[]): readonly Way[] =>
  texts.map((text) => ({ text, from }));
const of = (...texts: readonly string[]): readonly Way[] => over('plain', ...texts);

/** What calls it. */
const ways: readonly Way[] = [
  ...of('ran(1)', 'public.ran(p.id)', '"ran"(1)', 'U&"r\\0061n"(1)', 'RAN /* */ (1)', 'ran(ALL 1)'),
  ...of('p.id <<< 1', '!!! p.id', 'p.id OPERATOR(public.<<<) 1', 'NOT p.id <<< 1', 'p.id <<< ANY (ARRAY[1])'),
  ...of('ran_default()', 'ran_named("The Arg" => 1)', 'ran_named(other := 2, "The Arg" := 1)'),
  ...of(
    'ran_all(1, 2)',
    'ran_all(VARIADIC ARRAY[1])',
    'p.ran_any',
    '(p).ran_any',
    'ran_any(p)',
    'ran_any(p.*)',
  ),
  ...of(
    'ran_sum(p.id) OVER ()',
    '(SELECT ran_sum(q.id) FROM plain AS q)',
    '(SELECT ran_sum(DISTINCT id) FROM plain)',
  ),
  ...of(
    '(SELECT count(*) FILTER (WHERE id <<< 1) FROM plain)',
    '(SELECT ran_ordered(1) WITHIN GROUP (ORDER BY 1))',
  ),
  ...of('(SELECT count(*) FILTER (WHERE ran(id)) FROM plain)', 'count(*) OVER (ORDER BY ran(p.id))'),
  ...of(
    '1::ran_int',
    '1::ran_more',
    'CAST(p.id AS public.ran_int)',
    `ran_int '1'`,
    'ran_int(1)',
    `'1'::text::ran_int`,
  ),
  ...of(
    'ROW(1, 2)::ran_pair',
    `'(1,2)'::ran_pair`,
    'ARRAY[1]::ran_int[]',
    `'{1}'::ran_int[]`,
    `'{1}'::ran_int ARRAY`,
  ),
  ...of('ran_span(1, 2)', `'[1,2)'::ran_span`, 'takes(p.id)', 'takes(1)', `takes('1')`),
  ...over('boxes', 'p.m::int', 'CAST(p.m AS int)', '(ARRAY[5])[p.m]', '(ARRAY[5, 6])[1:p.m]'),
  ...over('counts', 'p.m + 1', 'abs(p.m)', 'p.m::int8', 'p.m BETWEEN 0 AND 1', 'p.m IN (1::int8)'),
  ...over(
    'counts',
    'CASE WHEN p.m THEN 1 END',
    'p.m AND true',
    'p.m IS TRUE',
    '(SELECT 1 WHERE p.m)',
    'NOT p.m',
  ),
  ...over(
    'counts',
    '(SELECT sum(m) FROM counts)',
    '(SELECT 1 FROM counts AS q LEFT JOIN counts AS r ON q.m)',
  ),
  ...over('writings', `'x' || p.m`, `p.m || 'x'`, 'quote_literal(p.m)', 'quote_nullable(p.m)', 'p.m::text'),
  ...over('writings', 'CAST(p.m AS text)', 'textanycat(1::text, p.m)', `'x' || 'calm'::written`),
  ...over(
    'lists',
    'to_json(p.m)',
    'to_jsonb(p.m)',
    'row_to_json(p)',
    'json_build_object(1, p.m)',
    'p.m::json',
  ),
  ...over('lists', '(SELECT json_agg(q) FROM lists AS q)', '(SELECT jsonb_object_agg(1, m) FROM lists)'),
  ...over(
    'lists',
    'array_to_json(ARRAY[p.m])',
    `to_json('calm'::listed)`,
    'to_json(p)',
    'jsonb_build_array(p.m)',
  ),
  ...over('lists', '(SELECT to_jsonb(q) FROM (SELECT p.m) AS q)', 'json_build_array(VARIADIC ARRAY[p.m])'),
  { from: 'lists', text: 'JSON_OBJECT(1: p.m)', since: 16 },
  { from: 'lists', text: 'JSON_ARRAY(p.m)', since: 16 },
  { from: 'lists', text: 'JSON_ARRAY(SELECT m FROM lists)', since: 16 },
  { from: 'lists', text: '(SELECT JSON_ARRAYAGG(m) FROM lists)', since: 16 },
  { from: 'lists', text: '(SELECT JSON_OBJECTAGG(1: m RETURNING jsonb) FROM lists)', since: 16 },
  { from: 'lists', text: 'JSON_SCALAR(p.m)', since: 17 },
  { from: 'plain', text: `JSON_VALUE('1', '$' RETURNING ran_int)`, since: 17 },
  { from: 'plain', text: `(SELECT x FROM JSON_TABLE('1', '$' COLUMNS (x ran_int PATH '$')))`, since: 17 },
  ...of(
    'p.a = p.b',
    'p.a <> p.b',
    'p.a != p.b',
    'p.a < p.b',
    'p.a LIKE p.b',
    'p.a NOT LIKE p.b',
    'p.a ILIKE p.b',
  ),
  ...of('p.a ~ p.b', 'p.a IN (p.b)', 'p.a NOT IN (p.b)', 'p.a IN (SELECT b FROM plain)'),
  ...of('p.a = ANY (SELECT b FROM plain)', 'p.a = ANY (ARRAY[p.b])', 'p.a <> ALL (ARRAY[p.b])'),
  ...of('p.a LIKE ANY (ARRAY[p.b])', 'p.a BETWEEN p.b AND p.b', 'p.a NOT BETWEEN SYMMETRIC p.b AND p.b'),
  ...of(
    'NULLIF(p.a, p.b)',
    'p.a IS DISTINCT FROM p.b',
    'p.a IS NOT DISTINCT FROM p.b',
    'CASE p.a WHEN p.b THEN 1 END',
  ),
  ...of('(SELECT count(*) FROM plain AS q JOIN plain AS r ON q.a = r.b)'),
  ...of(
    '(SELECT count(*) FROM (SELECT a AS x FROM plain) AS q NATURAL JOIN (SELECT b AS x FROM plain) AS r)',
  ),
  ...of(
    '(SELECT count(*) FROM (SELECT a AS x FROM plain) AS q JOIN (SELECT b AS x FROM plain) AS r USING (x))',
  ),
  ...of('(TABLE seen)', '(SELECT x FROM seen)', '(SELECT count(x) FROM public.joined)'),
  ...of('(SELECT count(*) FROM policed)', '(SELECT count(*) FROM ONLY (policed))', 'EXISTS (TABLE policed)'),
  ...of(
    'ARRAY(SELECT ran_rows())',
    '(SELECT f FROM ran_rows() AS f)',
    '(SELECT f FROM LATERAL ran_rows() AS f)',
  ),
  ...of('(SELECT x FROM ROWS FROM (ran_rows(), generate_series(1, 1)) AS f(x, y))'),
  ...of(
    '(SELECT x FROM ran_rows() WITH ORDINALITY AS f(x, y))',
    '(VALUES (ran(1)))',
    'xmlelement(name x, ran(1))',
  ),
  ...of('(SELECT 1 OFFSET ran_step(1, 0))', '(SELECT 1 FETCH FIRST (ran_step(1, 2)) ROWS ONLY)'),
  ...of(`(SELECT x FROM json_to_record('{"x":1}') AS t(x ran_int))`),
  ...of(`(SELECT x FROM jsonb_to_recordset('[{"x":1}]') AS t(x ran_int))`),
  ...of(`(SELECT x FROM XMLTABLE('/a' PASSING '<a x="1"/>' COLUMNS x ran_int PATH '@x'))`),
  ...of(`(SELECT x FROM XMLTABLE('/a' PASSING '<a/>' COLUMNS x int PATH '@x' DEFAULT ran_step(1, 2)))`),
  ...of(`(SELECT r FROM json_populate_record(NULL::ran_pair, '{"two":1}') AS r)`),
];

/** Where such an expression may stand. */
const places: readonly ((way: string, from: string) => string)[] = [
  (way, from) => `SELECT ${way} FROM ${from} AS p`,
  (way, from) => `SELECT 1 FROM ${from} AS p ORDER BY (${way})::text`,
  (way, from) => `WITH w AS MATERIALIZED (SELECT ${way} AS x FROM ${from} AS p) SELECT count(x) FROM w`,
  (way, from) => `SELECT coalesce((SELECT count(x) FROM (SELECT ${way} AS x FROM ${from} AS p) AS q), 0)`,
  (way, from) => `SELECT x FROM ${from} AS p, LATERAL (SELECT ${way} AS x) AS l UNION ALL SELECT NULL`,
  (way, from) => `SELECT 1 LIMIT (SELECT count(x) FROM (SELECT ${way} AS x FROM ${from} AS p) AS q)`,
  (way, from) => `VALUES ((SELECT count(x) FROM (SELECT ${way} AS x FROM ${from} AS p) AS q))`,
  (way, from) => `EXPLAIN (ANALYZE, COSTS off) SELECT ${way} FROM ${from} AS p`,
];

/** Over `words`, whose column `w` has an order of its own. */
const orders: readonly string[] = [
  'SELECT w FROM words ORDER BY w',
  'SELECT DISTINCT w FROM words',
  'SELECT w, count(*) FROM words GROUP BY w',
  'SELECT w FROM words GROUP BY GROUPING SETS ((w), ())',
  'SELECT w FROM words UNION SELECT w FROM words',
  'SELECT w FROM words EXCEPT SELECT w FROM words WHERE n = 2',
  `SELECT greatest(w, 'one') FROM words`,
  'SELECT rank() OVER (ORDER BY w) FROM words',
  'SELECT count(*) OVER (PARTITION BY w) FROM words',
  'SELECT count(DISTINCT w) FROM words',
  'SELECT array_agg(w ORDER BY w) FROM words',
  'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY w) FROM words',
  'SELECT ARRAY[w] < ARRAY[w] FROM words',
  'SELECT q = q FROM words AS q',
  `SELECT w =~= 'one' FROM words`,
  `SELECT array_position(ARRAY[w], 'one') FROM words`,
  `SELECT array_remove(ARRAY[w], 'one') FROM words`,
  `SELECT width_bucket(w, ARRAY['one', 'two']::word[]) FROM words`,
  'SELECT mode() WITHIN GROUP (ORDER BY w) FROM words',
];

/** Each way by which PostgreSQL calls a function, with one that says so: none of them may run before it was asked. */
describeOnEachPostgres('a planted function', (major) => {
  let calls: BrowseCalls;
  let person: pg.Client;
  let runs = 0;

  beforeAll(async () => {
    calls = await openBrowseCalls({ major });
    await calls.client.query(planted);
    const admin = await openTestSession(calls.adminConfig);
    await admin.query(compared);
    await admin.end();
    person = await openTestSession(calls.config);
    await person.query('SET search_path = pg_catalog, public, pg_temp');
    person.on('notice', () => (runs += 1));
  });
  afterAll(async () => {
    await person.end();
    await calls.close();
  });

  /** How often a statement runs it when nothing guards. */
  async function countRuns(statement: string): Promise<number> {
    runs = 0;
    // Some answers can't be counted or ordered by; that comes after, or before anything ran.
    await person.query(statement).catch(() => undefined);
    return runs;
  }

  async function expectAsked(statement: string): Promise<void> {
    const unasked = await calls.ask('sql', 'run', { statement }).catch((error: unknown) => error);
    expect([statement, unasked]).toEqual([
      statement,
      expect.objectContaining({ details: expect.objectContaining({ reason: 'unconfirmed' }) as object }),
    ]);
  }

  // A share of the ways, another one on each version, and of the places: all of both take a quarter of an hour.
  const isTried = (_: unknown, index: number): boolean => index % 8 === major % 8;
  const tried = ways.filter(({ since = 0 }) => since <= major).filter(isTried);

  it.each(['plain', 'boxes', 'writings', 'lists', 'counts'])(
    'is not asked about without one: %s',
    async (table) => {
      const statement = `SELECT p.* FROM ${table} AS p`;
      expect(await countRuns(statement)).toBe(0);
      if (table === 'plain') expect((await calls.ask('sql', 'code', { statement })).code).toEqual([]);
    },
  );

  it.each(tried)('does not run unasked: $text', async ({ text, from }) => {
    let all = 0;
    for (const [index, place] of places.entries()) {
      if (index !== 0 && index !== 1 + (text.length % 7)) continue;
      const statement = place(text, from);
      await expectAsked(statement);
      all += await countRuns(statement);
    }
    // Each of them is a way: unguarded, it does run.
    expect(all).toBeGreaterThan(0);
  });

  it('is asked about wherever a function of PostgreSQL’s own makes a text of a value of any type', async () => {
    const { rows } = await person.query<{ name: string; sign: string | null }>(
      `SELECT p.proname AS name, o.oprname AS sign FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
       LEFT JOIN pg_operator AS o ON o.oprcode = p.oid
       WHERE l.lanname = 'sql' AND p.pronamespace = 'pg_catalog'::regnamespace AND p.oid < 16384
         AND EXISTS (SELECT FROM unnest(p.proargtypes) AS a (type) JOIN pg_type AS t ON t.oid = a.type WHERE t.typtype = 'p')`,
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(
      rows.filter(({ name, sign }) => !castsWithin(name) || (sign !== null && !castingOperators.has(sign))),
    ).toEqual([]);
  });

  it.each(orders.filter(isTried))('does not sort unasked: %s', async (statement) => {
    await expectAsked(statement);
    expect(await countRuns(statement)).toBeGreaterThan(0);
  });
});
