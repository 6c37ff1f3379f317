import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

/** What each column of a result comes from decides whether it is shown, whatever way it took through the statement. */
describe('what a statement reads', () => {
  let calls: BrowseCalls;

  beforeAll(async () => {
    calls = await openBrowseCalls({ access: 'read-only' });
    await calls.client.query(`
      CREATE TABLE public."LiteLLM_VerificationToken" (token text PRIMARY KEY, key_name text, key_alias text,
        spend float8 NOT NULL DEFAULT 0, team_id text, models text[], metadata jsonb NOT NULL DEFAULT '{}');
      CREATE TABLE public."LiteLLM_SpendLogs" (request_id text PRIMARY KEY, api_key text NOT NULL DEFAULT '',
        spend float8 NOT NULL DEFAULT 0, "startTime" timestamp(3) NOT NULL, "user" text DEFAULT '',
        metadata jsonb DEFAULT '{}', request_tags jsonb DEFAULT '[]');
      INSERT INTO public."LiteLLM_VerificationToken" VALUES ('hidden-1', 'sk-...abcd', 'billing-app', 1.5, 't1', '{gpt-4o}', '{"a": "shown"}');
      INSERT INTO public."LiteLLM_SpendLogs" VALUES ('r1', 'hidden-1', 0.5, '2026-03-29 00:30', 'u1', '{"model": "shown", "api_key": "hidden-2"}', '["prod","team-a"]');
      CREATE VIEW public.renaming AS SELECT token AS x, key_alias AS token_count, length(token) AS n FROM public."LiteLLM_VerificationToken";
      CREATE VIEW public.over_it (a, b) AS SELECT x || '!', token_count FROM public.renaming;
      CREATE VIEW public."MonthlySpend" AS SELECT to_char("startTime", 'YYYY-MM') AS month, sum(l.spend) AS spend,
        coalesce(key_alias, '-') AS alias FROM public."LiteLLM_SpendLogs" AS l LEFT JOIN public."LiteLLM_VerificationToken" ON api_key = token GROUP BY 1, 3;
      CREATE FUNCTION public.mine(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
      CREATE FUNCTION public.telling() RETURNS text LANGUAGE sql STABLE AS 'SELECT token FROM public."LiteLLM_VerificationToken" LIMIT 1';
      CREATE FUNCTION public.joined(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT concat($1, $2)';
      CREATE AGGREGATE public.all_of(text) (SFUNC = public.joined, STYPE = text, INITCOND = '');
      CREATE FUNCTION public.with_token(text, text) RETURNS text LANGUAGE sql STABLE AS
        'SELECT concat($1, token) FROM public."LiteLLM_VerificationToken"';
      CREATE AGGREGATE public.all_tokens(text) (SFUNC = public.with_token, STYPE = text, INITCOND = '');
      CREATE TABLE public.nested (doc jsonb);
      INSERT INTO public.nested VALUES ('{"a": {"token": "hidden-3"}, "b": "shown", "n": 7}');
      CREATE TABLE public.harmless (id int, name text, doc jsonb);
      INSERT INTO public.harmless VALUES (1, 'shown', '{"k": "shown"}');
      CREATE FUNCTION public.label(public.harmless) RETURNS text LANGUAGE sql STABLE AS 'SELECT concat($1.name, 1)';
      CREATE FUNCTION public.telltale(public."LiteLLM_VerificationToken") RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.token';
      CREATE FUNCTION public.peeking(public.harmless) RETURNS text LANGUAGE sql STABLE AS 'SELECT public.telling()'`);
  });
  afterAll(() => calls.close());

  const V = 'public."LiteLLM_VerificationToken"';
  const L = 'public."LiteLLM_SpendLogs"';
  /** The first row: its texts, and null for what is masked. */
  const firstRow = async (statement: string): Promise<(string | null)[]> => {
    const { code } = await calls.ask('sql', 'code', { statement });
    const confirmed = code.map(({ id }) => id);
    const { rows } = await calls.ask('sql', 'run', { statement, confirmed });
    return (rows[0] ?? []).map(({ text, masked }) => (masked === true && text === null ? null : text));
  };

  it.each([
    [
      `SELECT to_char("startTime",'YYYY-MM'), coalesce(key_alias,'unknown'), sum(l.spend) FROM ${L} l LEFT JOIN ${V} ON api_key = token GROUP BY 1,2`,
      ['2026-03', 'billing-app', '0.5'],
    ],
    ['SELECT * FROM public."MonthlySpend"', ['2026-03', '0.5', 'billing-app']],
    [
      `SELECT tag, count(*), sum(spend) FROM ${L}, jsonb_array_elements_text(request_tags) AS tag GROUP BY tag ORDER BY tag`,
      ['prod', '1', '0.5'],
    ],
    [`SELECT metadata->>'model', upper(metadata->>'model') FROM ${L}`, ['shown', 'SHOWN']],
    [
      `SELECT doc->>'b', lower(doc->>'b'), coalesce(doc->>'x', '-'), (doc->>'n')::int + 1, doc->>'b' = 'shown',
        doc #>> '{b}', json_value(doc, '$.b') || '!' FROM public.nested`,
      ['shown', 'shown', '-', '8', 'true', 'shown', 'shown!'],
    ],
    [`SELECT metadata->'a', metadata['a'], models[1] FROM ${V}`, ['"shown"', '"shown"', 'gpt-4o']],
    [
      `SELECT count(token), count(DISTINCT token), bool_or(token IS NOT NULL), 'token' FROM ${V}`,
      ['1', '1', 'true', 'token'],
    ],
    [
      `SELECT CASE WHEN spend > 1 THEN key_alias ELSE 'password' END, (SELECT max(key_alias) FROM ${V}) FROM ${V}`,
      ['billing-app', 'billing-app'],
    ],
    [`WITH q(a, b) AS (SELECT key_alias, token FROM ${V}) SELECT a FROM q`, ['billing-app']],
    [
      `WITH RECURSIVE r(n, alias) AS (SELECT 1, key_alias FROM ${V} UNION ALL SELECT n + 1, alias FROM r WHERE n < 3) SELECT max(n), min(alias) FROM r`,
      ['3', 'billing-app'],
    ],
    [`SELECT q.b FROM (SELECT token, key_alias FROM ${V}) AS q(a, b)`, ['billing-app']],
    [`SELECT key_alias FROM ${V} AS v(token_count) JOIN ${L} ON api_key = token_count`, ['billing-app']],
    [
      `SELECT a.key_alias, b."user" FROM ${V} a, LATERAL (SELECT * FROM ${L} WHERE api_key = a.token) b`,
      ['billing-app', 'u1'],
    ],
    [`SELECT key_alias FROM ${V} UNION SELECT name FROM public.harmless ORDER BY 1`, ['billing-app']],
    ['SELECT b FROM public.over_it', ['billing-app']],
    [
      'SELECT h, to_jsonb(h), row_to_json(h), ROW(h.*), h::text FROM public.harmless h',
      [
        '(1,shown,"{""k"": ""shown""}")',
        '{"id": 1, "doc": {"k": "shown"}, "name": "shown"}',
        '{"id":1,"name":"shown","doc":{"k": "shown"}}',
        '(1,shown,"{""k"": ""shown""}")',
        '(1,shown,"{""k"": ""shown""}")',
      ],
    ],
    [`SELECT public.mine('x'), public.mine(name) FROM public.harmless`, ['x', 'shown']],
    ['SELECT all_of(name), all_of(name) OVER () FROM public.harmless GROUP BY name', ['shown', 'shown']],
    [
      'SELECT h.label, (h).label, label(h), public.harmless.label FROM public.harmless AS h, public.harmless',
      ['shown1', 'shown1', 'shown1', 'shown1'],
    ],
    [`SELECT key, 1 FROM public.harmless, jsonb_each(doc)`, ['k', '1']],
    [`SELECT generate_series, now() > '2000-01-01' FROM generate_series(3, 4)`, ['3', 'true']],
  ])('shows what is none: %s', async (statement, expected) => {
    expect(await firstRow(statement)).toEqual(expected);
  });

  it.each([
    `SELECT b FROM ${V} AS q(b)`,
    `SELECT q.b FROM ${V} AS q(b)`,
    `SELECT key_alias FROM ${V} UNION ALL SELECT api_key FROM ${L} ORDER BY 1`,
    `WITH q(a) AS (SELECT token FROM ${V}) SELECT a FROM q`,
    `WITH RECURSIVE r(a, b) AS (SELECT key_alias, token FROM ${V} UNION ALL SELECT b, a FROM r WHERE a <> b AND a NOT LIKE 'hidden%') SELECT a FROM r`,
    `SELECT x FROM public.renaming`,
    `SELECT n FROM public.renaming`,
    `SELECT a FROM public.over_it`,
    `SELECT r.x FROM (TABLE public.renaming) AS r`,
    `SELECT b FROM (SELECT * FROM ${V}) AS q(b)`,
    `SELECT b FROM (VALUES ((SELECT token FROM ${V}))) AS q(b)`,
    `SELECT c FROM ${V} AS a(c) JOIN ${L} AS b(r, c) USING (c)`,
    `SELECT c FROM ${V} AS a(c) NATURAL JOIN (SELECT api_key AS c FROM ${L}) AS b`,
    `SELECT j.c FROM (${V} AS a(c) JOIN ${L} AS b(r, c) USING (c)) AS j`,
    `SELECT s FROM ${V}, LATERAL (SELECT reverse(token)) AS q(s)`,
    `SELECT w FROM ${V}, unnest(ARRAY[token]) AS w`,
    `SELECT w FROM ${V}, ROWS FROM (unnest(ARRAY[token]), generate_series(1, 1)) AS q(w, n)`,
    `SELECT to_jsonb(t) FROM ${V} t`,
    `SELECT to_jsonb(t)->>'b' FROM ${V} AS t(b)`,
    `SELECT t::text FROM ${V} t`,
    `SELECT (t).b FROM ${V} AS t(b)`,
    `SELECT string_agg(t::text, ',') FROM ${V} t`,
    `SELECT array_agg(b) FROM ${V} AS t(b)`,
    `SELECT jsonb_path_query_array(to_jsonb(t), '$.*') FROM ${V} t`,
    `SELECT jsonb_path_query(metadata, '$.*') FROM ${L}`,
    `SELECT jsonb_path_query_first(metadata, '$.api_key') FROM ${L}`,
    `SELECT value FROM ${L}, jsonb_each_text(metadata)`,
    `SELECT metadata->>k FROM ${L}, (VALUES ('api' || '_key')) AS q(k)`,
    `SELECT metadata['api_key'] FROM ${L}`,
    `SELECT json_value(metadata, '$.api_key') FROM ${L}`,
    `SELECT x FROM ${L}, json_table(metadata, '$' COLUMNS (x text PATH '$.api_key'))`,
    `SELECT substr(metadata::text, 13, 100) FROM ${L}`,
    `SELECT jsonb_path_query(metadata, '$."api\\u005fkey"') FROM ${L}`,
    `SELECT jsonb_path_query(metadata, '$.\\x61pi_key') FROM ${L}`,
    `SELECT json_value(metadata, '$."api\\u005fkey"') FROM ${L}`,
    `SELECT x FROM ${L}, json_table(metadata, '$' COLUMNS (x text PATH '$."api\\u005fkey"'))`,
    // A field may be an object, with names of its own.
    `SELECT split_part(doc->>'a', '"', 4) FROM public.nested`,
    `SELECT right(doc #>> '{a}', 12), overlay(doc->>'a' placing '' from 1 for 10) FROM public.nested`,
    `SELECT regexp_replace(doc->>'a', 'token', 'q'), translate(doc->>'a', 'tk', 'qq') FROM public.nested`,
    `SELECT substr(jsonb_extract_path_text(doc, 'a'), 12) FROM public.nested`,
    `SELECT substr(jsonb_path_query(doc, '$.a')::text, 12) FROM public.nested`,
    `SELECT substr(json_query(doc, '$.a')::text, 12) FROM public.nested`,
    `SELECT split_part(doc['a']::text, '"', 4) FROM public.nested`,
    `SELECT public.mine(key_alias) FROM ${V}`,
    `SELECT public.telling()`,
    `SELECT t.telltale FROM ${V} t`,
    `SELECT (t).telltale FROM ${V} t`,
    'SELECT h.peeking FROM public.harmless AS h',
    'SELECT (h).peeking FROM public.harmless AS h',
    `SELECT all_of(token) FROM ${V}`,
    'SELECT all_tokens(name) FROM public.harmless',
    'SELECT all_tokens(name) OVER () FROM public.harmless',
    `SELECT (SELECT token FROM ${V})`,
    `SELECT ARRAY(SELECT token FROM ${V})`,
    `SELECT CASE WHEN token LIKE 'h%' THEN 'yes' END FROM ${V}`,
    `SELECT token LIKE 'h%' FROM ${V}`,
    `SELECT nullif(token, 'hidden-1') IS NULL FROM ${V}`,
    `SELECT ascii(token) FROM ${V}`,
    `SELECT count(*) FILTER (WHERE token LIKE 'h%') FROM ${V}`,
    `SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY token) FROM ${V}`,
    `SELECT first_value(token) OVER () FROM ${V}`,
    `SELECT greatest(token, key_alias) FROM ${V}`,
    `SELECT (SELECT a.token FROM ${L} LIMIT 1) FROM ${V} a`,
    `SELECT encode(token::bytea, 'hex') FROM ${V}`,
    `SELECT xmlforest(token AS a) FROM ${V}`,
    `SELECT json_build_object('a', token) FROM ${V}`,
    `SELECT regexp_substr(t::text, 'h\\w+-1') FROM ${V} t`,
    `SELECT token::varchar(3) FROM ${V}`,
    `SELECT format('%s', token) FROM ${V}`,
    `SELECT "token" COLLATE "C" FROM ${V}`,
    `SELECT U&"t\\006fken" || '' FROM ${V}`,
    `SELECT most_common_vals::text FROM pg_stats LIMIT 1`,
  ])('masks what is one: %s', async (statement) => {
    // Its statistics, for pg_stats.
    await calls.client.query(`ANALYZE ${V}`);
    const row = await firstRow(statement);
    expect([statement, row.length >= 1, row.filter((text) => text !== null)]).toEqual([statement, true, []]);
    expect(
      await calls.download('sql', 'exportCsv', { statement, confirmed: await ids(statement) }),
    ).not.toMatch(/hidden/);
  });

  const ids = async (statement: string): Promise<string[]> =>
    (await calls.ask('sql', 'code', { statement })).code.map(({ id }) => id);

  it('quotes no secret in what PostgreSQL says', async () => {
    for (const statement of [
      `SELECT b::int FROM ${V} AS t(b)`,
      `SELECT 1 FROM ${V} WHERE token::int = 1`,
      `SELECT x::int FROM public.renaming`,
      `SELECT (SELECT token FROM ${V})::date`,
      `SELECT convert_from(decode(encode(token::bytea, 'hex') || 'ff', 'hex'), 'UTF8') FROM ${V}`,
      `SELECT 1 FROM public.renaming ORDER BY x::numeric`,
      `SELECT to_regclass(b)::oid, b::regclass FROM ${V} AS t(b)`,
    ]) {
      const error: unknown = await calls
        .ask('sql', 'run', { statement })
        .catch((failure: unknown) => failure);
      expect([statement, JSON.stringify(error), (error as Error).message]).toEqual([
        statement,
        expect.not.stringMatching(/hidden|68696464/) as string,
        expect.not.stringMatching(/hidden|68696464|0x/) as string,
      ]);
      expect(error).toBeInstanceOf(Error);
    }
    await expect(
      calls.ask('sql', 'run', { statement: 'SELECT name::int FROM public.harmless' }),
    ).rejects.toThrow('invalid input syntax for type integer: "shown"');
  });

  it('shows a plan without the values that a secret is compared with', async () => {
    await calls.client.query(`CREATE VIEW public.picking AS SELECT key_alias FROM ${V}
      WHERE lower(token) = 'hidden-9' OR token = ANY ('{hidden-8,hidden-7}') OR 'hidden-6' = token OR key_alias = 'shown-9'`);
    const { text, nodes } = await calls.ask('sql', 'plan', { statement: 'TABLE public.picking' });
    expect(text).not.toContain('hidden');
    expect(nodes[0]?.detail).toContain('lower(token)');
    expect(nodes[0]?.detail).not.toContain('hidden');
  });
});
