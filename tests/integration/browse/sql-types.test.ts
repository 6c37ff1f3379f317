import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withReadOnlySession } from '../../../src/main/sql/read-only-session';
import { prepareStatement } from '../../../src/main/sql/read-statement';
import { openDatabase } from '../../../src/main/postgres/database';
import { describeOnEachPostgres } from '../../support/postgres';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

/** What makes and changes values of types of the database's own: constructors, casts, arguments, checks. */
describeOnEachPostgres('types of the database', (major) => {
  let calls: BrowseCalls;

  beforeAll(async () => {
    calls = await openBrowseCalls({ major, access: 'read-only' });
    await calls.client.query(`
      CREATE TYPE public.span AS RANGE (subtype = int);
      CREATE FUNCTION public.apart(int, int) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
      CREATE TYPE public.measured AS RANGE (subtype = int, subtype_diff = public.apart);
      CREATE FUNCTION public.positive(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
      CREATE DOMAIN public.counted AS int CHECK (public.positive(VALUE));
      CREATE TYPE public.counted_span AS RANGE (subtype = public.counted);
      CREATE DOMAIN public.deadly AS int CHECK (pg_catalog.pg_terminate_backend(VALUE));
      CREATE TYPE public.mood AS ENUM ('sad', 'ok');
      CREATE TYPE public.pair AS (one int, two int);
      CREATE TYPE public.other AS (three int);
      CREATE TABLE public.item (id int, at public.span, feeling public.mood); INSERT INTO public.item VALUES (1, '[1,2)', 'ok');
      CREATE TABLE public.measures (m public.measured);
      CREATE TABLE public.pairs (p public.pair);
      CREATE FUNCTION public.sum_of(public.pair) RETURNS int LANGUAGE sql AS 'SELECT $1.one + $1.two';
      CREATE CAST (public.pair AS int) WITH FUNCTION public.sum_of(public.pair);
      CREATE FUNCTION public.numbered(public.other) RETURNS int LANGUAGE sql AS 'SELECT $1.three';
      CREATE CAST (public.other AS int) WITH FUNCTION public.numbered(public.other) AS IMPLICIT;
      CREATE FUNCTION public.paired(int) RETURNS public.pair LANGUAGE sql AS 'SELECT ROW($1, $1)::public.pair';
      CREATE CAST (int AS public.pair) WITH FUNCTION public.paired(int) AS IMPLICIT;
      CREATE FUNCTION public.of_item(public.item) RETURNS int LANGUAGE sql AS 'SELECT 7';
      CREATE CAST (public.item AS int) WITH FUNCTION public.of_item(public.item);
      CREATE FUNCTION public.takes(public.counted) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION public.answers() RETURNS public.counted LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION public.takes_deadly(public.deadly) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION public.gives_deadly(int) RETURNS TABLE (x public.deadly) LANGUAGE sql AS 'SELECT $1';
      CREATE FUNCTION public.calls_deadly(int) RETURNS int LANGUAGE sql AS 'SELECT public.takes_deadly($1)';
      CREATE FUNCTION public.of_any(anyelement) RETURNS int LANGUAGE sql AS 'SELECT 5';
      CREATE FUNCTION public.casting() RETURNS int LANGUAGE sql AS 'SELECT ROW(1, 2)::public.pair::int';
      CREATE STATISTICS public.of_items (mcv) ON id, feeling FROM public.item;
      CREATE VIEW public.kept AS SELECT public.positive(1) AS kept;
      CREATE TABLE public.policed (id int);
      CREATE POLICY seen ON public.policed USING (EXISTS (SELECT FROM public.kept WHERE kept));
      ALTER TABLE public.policed ENABLE ROW LEVEL SECURITY`);
  });
  afterAll(() => calls.close());
  const code = async (statement: string): Promise<string[]> =>
    (await calls.ask('sql', 'code', { statement })).code.map(({ name }) => name.replaceAll(' ', '')).sort();

  it.each([
    ['SELECT span(1, 2)', '[1,2)'],
    [`SELECT span(1, 2, '[]') @> 2`, 'true'],
    [`SELECT public.span(1, 2)::text`, '[1,2)'],
    [`SELECT '[3,4)'::span`, '[3,4)'],
    ['SELECT span_multirange(span(1, 2), span(5, 6))', '{[1,2),[5,6)}'],
    ['SELECT span_multirange()', '{}'],
    ['SELECT span(1, 2)::span_multirange', '{[1,2)}'],
    ['SELECT at * span(1, 9) FROM item', '[1,2)'],
    ['SELECT ARRAY[span(1, 2)]', '{"[1,2)"}'],
    ['SELECT measured(1, 2)', '[1,2)'],
    [`SELECT 'ok'::mood`, 'ok'],
    [`SELECT ARRAY['ok']::mood[]`, '{ok}'],
    [`SELECT enum_range(NULL::mood)`, '{sad,ok}'],
    ['SELECT feeling FROM item ORDER BY feeling', 'ok'],
    ['SELECT id FROM item WHERE id = 1', '1'],
    ['SELECT 1::int', '1'],
  ])('asks nothing where only values are put together: %s', async (statement, expected) => {
    if (major < 14 && statement.includes('multirange')) return;
    expect(await code(statement)).toEqual([]);
    expect((await calls.ask('sql', 'run', { statement })).rows[0]?.[0]?.text).toBe(expected);
  });

  const ofPair = ['public.paired(integer)', 'public.sum_of(pair)'];
  it.each([
    ['SELECT counted_span(1, 2)', ['public.positive(integer)']],
    [`SELECT '[1,2)'::counted_span`, ['public.positive(integer)']],
    ['SELECT takes(1)', ['public.positive(integer)', 'public.takes(counted)']],
    ['SELECT answers()', ['public.answers()', 'public.positive(integer)']],
    ['SELECT p::int FROM pairs', ofPair],
    ['SELECT int4(p) FROM pairs', ofPair],
    ['SELECT 1::pair', ofPair],
    ['SELECT p FROM pairs', ['public.paired(integer)']],
    ['SELECT ROW(1)::other', ['public.numbered(other)']],
    ['SELECT id FROM item', []],
    ['SELECT item::int FROM item', ['public.of_item(item)']],
    ['SELECT i.of_any FROM item AS i', ['public.of_any(anyelement)']],
    ['SELECT m FROM measures WHERE m @> 5', ['public.apart(integer,integer)']],
    ['SELECT id FROM policed', ['public.positive(integer)']],
  ])('names what runs with a value, and no more: %s', async (statement, names) => {
    const unqualified = (await code(statement)).map((name) => name.replace(/\(public\./, '('));
    expect(unqualified).toEqual(names);
  });

  it.each([
    'SELECT takes_deadly(0)',
    'SELECT * FROM gives_deadly(0)',
    'SELECT calls_deadly(0)',
    'SELECT 0::deadly',
  ])(
    'refuses a check that acts outside of the transaction, where an argument or answer is of its type: %s',
    async (statement) => {
      await expect(code(statement)).rejects.toMatchObject({
        code: 'read_only',
        details: { function: 'pg_terminate_backend' },
      });
    },
  );

  /** Columns, functions and types of the catalogue that 12 or 13 lacks, and forms of SQL. */
  const later =
    /prosqlbody|pg_get_function_sqlbody|stxexprs|rngmultitypid|multirange|attcompression|typsubscript|inhdetachpending|indnullsnotdistinct|conenforced|stxddatainherit|stxdinherit|date_bin|any_value|pg_input_|string_to_table|SEARCH DEPTH|MATERIALIZE|regexp_(?:count|instr|like|substr)/;

  it.each([120_000, 130_000])(
    'asks a server of version %i for nothing that it does not have, and the same servers answer',
    async (serverVersion) => {
      const asked: string[] = [];
      const database = openDatabase({ config: calls.config, readOnly: true });
      const prepare = (statement: string, version: number) =>
        withReadOnlySession(database, new AbortController().signal, 10_000, async (session) => {
          const client = new Proxy(session.client, {
            get: (target, key: keyof pg.Client) => {
              const value: unknown = target[key];
              if (key !== 'query') return value;
              return (config: string | { readonly text: string }, ...rest: unknown[]) => {
                asked.push(typeof config === 'string' ? config : config.text);
                return (value as (...all: unknown[]) => unknown).call(target, config, ...rest);
              };
            },
          });
          const asOther = { ...session, client, serverVersion: version };
          return prepareStatement(asOther, new AbortController().signal, { statement, schemas: ['public'] });
        });
      try {
        const statement = `SELECT takes(1), sum(id), p::int, at && span(1, 2) FROM item, pairs, measures, policed, casting() WHERE id === 1 OR id = 1`;
        const { code: listed } = await prepare(statement, serverVersion);
        const older = asked.splice(0);
        expect(older.length).toBeGreaterThan(5);
        const withoutConstructors = older.map((text) => text.replaceAll(/'multirange_constructor\d'/g, ''));
        const found = withoutConstructors.flatMap((text) => later.exec(text)?.[0] ?? []);
        expect(found).toEqual([]);
        const { code: own } = await prepare(statement, major * 10_000);
        expect(own.map(({ name }) => name)).toEqual(listed.map(({ name }) => name));
        expect(asked.join('\n')).toMatch(later);
      } finally {
        await database.close();
      }
    },
  );
});
