import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

/** How odd values cross (peers.md §6.2, cases 44 to 60): as PostgreSQL prints them, cut in SQL, opened on demand. */
describe('values of every type', () => {
  let calls: BrowseCalls;

  beforeAll(async () => {
    calls = await openBrowseCalls();
  });
  afterAll(() => calls.close());

  /** Stores values in a column of a type and answers them as the screen gets them. */
  async function shown(type: string, values: readonly string[]): Promise<(string | null | undefined)[]> {
    await calls.client.query(`CREATE TABLE odd (id int PRIMARY KEY, v ${type})`);
    try {
      for (const [index, value] of values.entries()) {
        await calls.client.query(`INSERT INTO odd VALUES (${String(index)}, ${value})`);
      }
      const { rows } = await calls.ask('browse', 'rows', { schema: 'public', relation: 'odd' });
      return rows.map(({ cells }) => cells[1]?.text);
    } finally {
      await calls.client.query('DROP TABLE odd');
    }
  }

  it.each<[type: string, values: string[], expected: (string | null)[]]>([
    [
      'numeric',
      [`'NaN'`, `'Infinity'`, `'9999999999999999999.000000000001'`, `-0.5`],
      ['NaN', 'Infinity', '9999999999999999999.000000000001', '-0.5'],
    ],
    ['bigint', ['9007199254740993', '-9223372036854775808'], ['9007199254740993', '-9223372036854775808']],
    ['double precision', [`'-Infinity'`, `0.1::float8 + 0.2`], ['-Infinity', '0.30000000000000004']],
    ['date', [`'infinity'`, `'0044-03-15 BC'`, `'2024-02-29'`], ['infinity', '0044-03-15 BC', '2024-02-29']],
    [
      'timestamptz',
      [`'infinity'`, `'2026-03-29 02:30+05:45'`, `'0001-01-01 BC'`],
      ['infinity', '2026-03-28 20:45:00+00', '0001-01-01 00:00:00+00 BC'],
    ],
    ['timestamp(3)', [`'2026-11-22 10:00:00.123456'`], ['2026-11-22 10:00:00.123']],
    ['interval', [`'1 year -2 days 03:04:05.6'`], ['1 year -2 days +03:04:05.6']],
    ['boolean', ['true', 'false', 'NULL'], ['true', 'false', null]],
    ['text[]', [`ARRAY['a', 'b,c', NULL, '']`], ['{a,"b,c",NULL,""}']],
    ['int4range', [`'[1,3)'`, `'empty'`], ['[1,3)', 'empty']],
    ['int4multirange', [`'{[1,2),[5,7)}'`], ['{[1,2),[5,7)}']],
    ['tsvector', [`to_tsvector('simple', 'two words')`], [`'two':1 'words':2`]],
    ['inet', [`'10.0.0.1'`, `'10.0.0.0/8'`], ['10.0.0.1', '10.0.0.0/8']],
    ['char(5)', [`'ab'`], ['ab   ']],
    ['bytea', [`'\\x00ff'`, `''`], ['\\x00ff', '\\x']],
    ['json', [`'{"a" : [1,  2]}'`, `'null'`, `'"text"'`], ['{"a" : [1,  2]}', 'null', '"text"']],
    ['jsonb', [`'{"a" : [1,  2]}'`], ['{"a": [1, 2]}']],
    ['point', [`'(1,2)'`], ['(1,2)']],
    ['uuid', [`'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'`], ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
    ['xml', [`'<a/>'`], ['<a/>']],
    ['"char"', [`'x'`], ['x']],
    ['regclass', [`'pg_class'`], ['pg_class']],
    ['money', [`1.5`], ['$1.50']],
    [
      'text',
      [`''`, `'<script>alert(1)</script>'`, `U&'\\200F\\0645\\200B'`, `'👩‍👩‍👧'`],
      ['', '<script>alert(1)</script>', '\u200F\u0645\u200B', '👩‍👩‍👧'],
    ],
  ])('shows %s as PostgreSQL prints it', async (type, values, expected) => {
    if (type === 'money')
      expected = [(await calls.client.query<{ m: string }>('SELECT 1.5::money::text AS m')).rows[0]?.m ?? ''];
    expect(await shown(type, values)).toEqual(expected);
  });

  it('shows types of the database’s own', async () => {
    await calls.client.query(`
      CREATE SCHEMA own;
      CREATE TYPE own."Mood" AS ENUM ('sad', 'so-so');
      CREATE TYPE own.pair AS (a int, b text);
      CREATE DOMAIN own.grade AS numeric(5, 2) CHECK (value >= 0);
      CREATE DOMAIN own.grades AS own.grade[];
      CREATE FUNCTION own.loud(own.pair) RETURNS text LANGUAGE sql AS $$ SELECT 'must not be asked' $$;
      CREATE CAST (own.pair AS text) WITH FUNCTION own.loud(own.pair)`);
    expect(await shown('own."Mood"', [`'so-so'`])).toEqual(['so-so']);
    expect(await shown('own.pair', [`(1, 'x,y')`, '(NULL, NULL)', 'NULL'])).toEqual([
      '(1,"x,y")',
      '(,)',
      null,
    ]);
    expect(await shown('own.grade', ['1.5'])).toEqual(['1.50']);
    expect(await shown('own.grades', [`'{1,2}'`])).toEqual(['{1.00,2.00}']);
  });

  it('filters and sorts by them, their values read by PostgreSQL', async () => {
    await calls.client.query(`
      CREATE TABLE own.odd (id int PRIMARY KEY, mood own."Mood", grade own.grade, day date, span int4range, tags text[], code char(4), doc json);
      INSERT INTO own.odd VALUES (1, 'sad', 1, 'infinity', '[1,2)', '{a}', 'ab', '{}'), (2, 'so-so', 2, '-infinity', '[2,3)', '{b}', 'cd', '[]')`);
    const ids = async (column: string, operator: 'equals' | 'greater', value: string) =>
      (
        await calls.ask('browse', 'rows', {
          schema: 'own',
          relation: 'odd',
          filters: [{ column, operator, value }],
        })
      ).rows.map(({ cells }) => cells[0]?.text);
    expect(await ids('mood', 'greater', 'sad')).toEqual(['2']);
    expect(await ids('grade', 'equals', '2.00')).toEqual(['2']);
    expect(await ids('day', 'greater', 'today')).toEqual(['1']);
    expect(await ids('span', 'equals', '[1,1]')).toEqual(['1']);
    expect(await ids('tags', 'equals', '{b}')).toEqual(['2']);
    expect(await ids('code', 'equals', 'cd')).toEqual(['2']);
    await expect(ids('mood', 'equals', 'gay')).rejects.toMatchObject({
      code: 'validation',
      details: { column: 'mood' },
    });
    await expect(ids('doc', 'equals', '{}')).rejects.toMatchObject({ code: 'validation' });
    for (const column of ['mood', 'grade', 'day', 'span', 'tags', 'code']) {
      const { rows } = await calls.ask('browse', 'rows', {
        schema: 'own',
        relation: 'odd',
        sort: { column, direction: 'desc' },
        pageSize: 1,
      });
      expect([column, rows[0]?.cells[0]?.text]).toEqual([column, column === 'day' ? '1' : '2']);
    }
    await expect(
      calls.ask('browse', 'rows', {
        schema: 'own',
        relation: 'odd',
        sort: { column: 'doc', direction: 'asc' },
      }),
    ).rejects.toMatchObject({ code: 'validation', details: { column: 'doc' } });
  });

  it('cuts long values in SQL and opens them whole, up to a mebibyte', async () => {
    await calls.client.query(`
      CREATE TABLE long (id int PRIMARY KEY, word text, doc jsonb, raw bytea, list int[]);
      INSERT INTO long VALUES (1, repeat('é', 10000000), jsonb_build_object('a', repeat('b', 1000000)),
        decode(repeat('00ff', 5000), 'hex'), ARRAY(SELECT generate_series(1, 10000))),
        (2, repeat('👍', 200), '{}', '', '{}')`);
    const { rows } = await calls.ask('browse', 'rows', { schema: 'public', relation: 'long' });
    const [, word, doc, raw, list] = rows[0]?.cells ?? [];
    expect(word).toEqual({ text: 'é'.repeat(200), bytes: 20_000_000 });
    expect(doc?.text?.startsWith('{"a": "bbb')).toBe(true);
    expect([doc?.text?.length, doc?.bytes]).toEqual([200, 1_000_009]);
    expect([raw?.text?.length, raw?.bytes]).toEqual([200, 10_000]);
    expect(list).toMatchObject({ bytes: 48_895 });
    expect(rows[1]?.cells[1]).toEqual({ text: '👍'.repeat(200) });
    const open = (column: string) =>
      calls.ask('browse', 'cell', { schema: 'public', relation: 'long', column, key: rows[0]?.key ?? '' });
    expect(await open('word')).toEqual({ text: 'é'.repeat(1_048_576), bytes: 20_000_000, type: 'text' });
    expect((await open('doc')).text).toHaveLength(1_000_009);
    expect((await open('raw')).text).toBe(`\\x${'00ff'.repeat(5_000)}`);
  });

  it('reads JSON that is nested 500 deep and relations of 1,000 columns', async () => {
    await calls.client.query(
      `CREATE TABLE deep AS SELECT (repeat('[', 500) || repeat(']', 500))::jsonb AS doc`,
    );
    const { rows } = await calls.ask('browse', 'rows', { schema: 'public', relation: 'deep' });
    expect(rows[0]?.cells[0]?.bytes).toBe(1_000);
    const columns = Array.from(
      { length: 1_000 },
      (_, index) => `c${String(index)} text DEFAULT '${String(index)}'`,
    );
    await calls.client.query(`CREATE TABLE broad (${columns.join(', ')}); INSERT INTO broad DEFAULT VALUES`);
    const page = await calls.ask('browse', 'rows', { schema: 'public', relation: 'broad' });
    expect(page.rows[0]?.cells[999]).toEqual({ text: '999' });
  });

  it('keeps spreadsheets from running a cell', async () => {
    await calls.client.query(`CREATE TABLE formula (id int PRIMARY KEY, f text);
      INSERT INTO formula VALUES (1, '=cmd|x'), (2, '-5'), (3, E'a "b"\\r\\nc'), (4, NULL)`);
    expect(await calls.download('browse', 'exportCsv', { schema: 'public', relation: 'formula' })).toBe(
      `id,f\r\n1,'=cmd|x\r\n2,-5\r\n3,"a ""b""\r\nc"\r\n4,\r\n`,
    );
  });

  it('writes values to CSV by the type of their column, and tells NULL from an empty text', async () => {
    await calls.client.query(`CREATE DOMAIN loss AS numeric;
      CREATE TABLE typed (id int PRIMARY KEY, f float8, n loss, m money, i interval, d timestamptz, t text, a int[]);
      INSERT INTO typed VALUES
        (1, -1e-07, -1e-30, '-1.5', '-1 day -02:03', '-infinity', '=1+1', '{-1,2}'),
        (2, '-Infinity', 'NaN', NULL, '-00:00:01', '0044-03-15 BC', '', NULL),
        (3, -1e300, -5, '2', '1 year', '2026-01-01', 'a;=1+1', '{}'),
        (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        (5, 1, 1, '1', '-infinity', 'infinity', '-Infinity', NULL)`);
    const rows = [
      'id,f,n,m,i,d,t,a',
      `1,-1e-07,-0.000000000000000000000000000001,-$1.50,-1 days -02:03:00,-infinity,'=1+1,"{-1,2}"`,
      '2,-Infinity,NaN,,-00:00:01,0044-03-15 00:00:00+00 BC,"",',
      '3,-1e+300,-5,$2.00,1 year,2026-01-01 00:00:00+00,"a;=1+1",{}',
      '4,,,,,,,',
      `5,1,1,$1.00,-infinity,infinity,'-Infinity,`,
    ];
    const expected = rows.map((row) => `${row}\r\n`).join('');
    expect(await calls.download('browse', 'exportCsv', { schema: 'public', relation: 'typed' })).toBe(
      expected,
    );
    expect(await calls.download('sql', 'exportCsv', { statement: 'SELECT * FROM typed ORDER BY id' })).toBe(
      expected,
    );
  });

  it('says in an exported file where a value was cut', async () => {
    await calls.client.query(`CREATE TABLE too_long AS SELECT 1 AS id, repeat('é', 2_000_000) AS word,
      decode(repeat('ab', 1_000_000), 'hex') AS raw, '"' || repeat('x', 1_500_000) || '"' AS quoted`);
    for (const text of [
      await calls.download('browse', 'exportCsv', { schema: 'public', relation: 'too_long' }),
      await calls.download('sql', 'exportCsv', { statement: 'SELECT * FROM too_long' }),
    ]) {
      const [, row = []] = parse(text);
      expect(row[1]).toMatch(/^é{1048576}… \[cut: 4000000 bytes in all\]$/);
      expect(row[2]).toMatch(/^\\x(?:ab){500000,}… \[cut: \d{7} bytes in all\]$/);
      expect(row[3]).toMatch(/^"x{1048575}… \[cut: 1500002 bytes in all\]$/);
    }
  });
});
