import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachPostgres } from '../../support/postgres';
import { type BrowseCalls, firstTexts, openBrowseCalls, walk } from './browse-calls';

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

describeOnEachPostgres('rows of a relation', (major) => {
  let calls: BrowseCalls;
  const table = (relation: string) => ({ schema: 'shop', relation, pageSize: 7 });

  beforeAll(async () => {
    calls = await openBrowseCalls({ access: 'read-only', major });
    await calls.client.query(`
      CREATE SCHEMA shop;
      CREATE TABLE shop.item (id int PRIMARY KEY, grade int, word varchar(20) COLLATE "C", weight numeric);
      INSERT INTO shop.item SELECT n, CASE WHEN n % 3 > 0 THEN n % 5 END, 'word ' || n % 4, n / 8.0 FROM generate_series(1, 30) AS n;
      CREATE INDEX ON shop.item (grade);
      CREATE TABLE shop.loose (a int, b text);
      INSERT INTO shop.loose SELECT n, repeat('x', 900) FROM generate_series(1, 1500) AS n;
      DELETE FROM shop.loose WHERE a BETWEEN 100 AND 1400;
      CREATE TABLE shop.pair (id int GENERATED ALWAYS AS IDENTITY, a text NOT NULL, b int NOT NULL, UNIQUE (a, b));
      INSERT INTO shop.pair (a, b) SELECT CASE WHEN n % 2 = 0 THEN 'x' ELSE 'y' END, n FROM generate_series(1, 20) AS n;
      CREATE TABLE shop.parted (id int, kind text, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind);
      CREATE TABLE shop.parted_a PARTITION OF shop.parted FOR VALUES IN ('a');
      CREATE TABLE shop.parted_b PARTITION OF shop.parted FOR VALUES IN ('b');
      INSERT INTO shop.parted SELECT n, CASE WHEN n % 2 = 0 THEN 'a' ELSE 'b' END FROM generate_series(1, 20) AS n;
      CREATE TABLE shop.parent (id int PRIMARY KEY);
      CREATE TABLE shop.child () INHERITS (shop.parent);
      INSERT INTO shop.parent SELECT generate_series(1, 10);
      INSERT INTO shop.child SELECT generate_series(1, 10);
      CREATE VIEW shop.heavy AS SELECT id, word FROM shop.item WHERE weight > 1 ORDER BY id;
      CREATE VIEW shop.deep AS SELECT n AS id FROM generate_series(1, 10500) AS n;
      CREATE TABLE shop.empty (id int PRIMARY KEY);
      CREATE TABLE shop.bare ();
      INSERT INTO shop.bare DEFAULT VALUES;
      ANALYZE shop.item`);
  });
  afterAll(() => calls.close());

  it('pages by the primary key, forward and backward, without repeating or skipping', async () => {
    expect(await walk(calls, table('item'))).toEqual(numbers(1, 30));
    expect(await walk(calls, table('item'), false)).toEqual(numbers(1, 30));
    const first = await calls.ask('browse', 'rows', table('item'));
    expect(first).toMatchObject({ order: 'key', previous: null, limited: false, estimatedRows: '30' });
    expect(first.columns[3]).toEqual({ name: 'weight', type: 'numeric', numeric: true });
  });

  it('goes back from where it went on, and fills the first page', async () => {
    const first = await calls.ask('browse', 'rows', table('item'));
    const second = await calls.ask('browse', 'rows', { ...table('item'), after: first.next ?? '' });
    expect(firstTexts(second)).toEqual(numbers(8, 14));
    const back = await calls.ask('browse', 'rows', { ...table('item'), before: second.previous ?? '' });
    expect(firstTexts(back)).toEqual(numbers(1, 7));
    expect(back.previous).toBeNull();
    const last = await calls.ask('browse', 'rows', { ...table('item'), last: true });
    expect([firstTexts(last), last.next]).toEqual([numbers(24, 30), null]);
    const wider = await calls.ask('browse', 'rows', {
      ...table('item'),
      pageSize: 20,
      before: second.previous ?? '',
    });
    expect(firstTexts(wider)).toEqual(numbers(1, 20));
  });

  it.each(['asc', 'desc'] as const)(
    'sorts by a column with NULLs, %s, the key behind it',
    async (direction) => {
      const { rows } = await calls.client.query<{ text: string }>(
        `SELECT id::text AS text FROM shop.item ORDER BY grade ${direction}, id ${direction}`,
      );
      const expected = rows.map(({ text }) => text);
      const input = { ...table('item'), sort: { column: 'grade', direction } };
      expect(await walk(calls, input)).toEqual(expected);
      expect(await walk(calls, input, false)).toEqual(expected);
      expect((await calls.ask('browse', 'rows', input)).order).toBe('column');
    },
  );

  it('sorts by text and by exact numbers', async () => {
    for (const column of ['word', 'weight', 'id']) {
      const { rows } = await calls.client.query<{ text: string }>(
        `SELECT id::text AS text FROM shop.item ORDER BY ${column}, id`,
      );
      expect(await walk(calls, { ...table('item'), sort: { column, direction: 'asc' } })).toEqual(
        rows.map(({ text }) => text),
      );
    }
  });

  it('pages by a unique key of several columns where there is no primary key', async () => {
    const { rows } = await calls.client.query<{ text: string }>(
      `SELECT id::text AS text FROM shop.pair ORDER BY a, b`,
    );
    expect(await walk(calls, table('pair'))).toEqual(rows.map(({ text }) => text));
    expect((await calls.ask('browse', 'rows', table('pair'))).order).toBe('key');
  });

  it('pages a table without a key as it is stored, over gaps', async () => {
    const expected = [...numbers(1, 99), ...numbers(1401, 1500)];
    expect(await walk(calls, table('loose'))).toEqual(expected);
    expect(await walk(calls, table('loose'), false)).toEqual(expected);
    expect((await calls.ask('browse', 'rows', table('loose'))).order).toBe('stored');
    const filters = [{ column: 'a', operator: 'greater' as const, value: '1490' }];
    expect(await walk(calls, { ...table('loose'), filters })).toEqual(numbers(1491, 1500));
  });

  it('carries no long value in a cursor and still goes on behind it', async () => {
    await calls.client.query(`
      CREATE TABLE shop.essay (id int PRIMARY KEY, body text);
      INSERT INTO shop.essay SELECT n, repeat(chr(97 + n % 3), 9000) FROM generate_series(1, 20) AS n`);
    const input = { ...table('essay'), sort: { column: 'body', direction: 'asc' as const } };
    const { rows } = await calls.client.query<{ text: string }>(
      'SELECT id::text AS text FROM shop.essay ORDER BY body, id',
    );
    expect(await walk(calls, input)).toEqual(rows.map(({ text }) => text));
    expect((await calls.ask('browse', 'rows', input)).next?.length).toBeLessThan(1_000);
  });

  it('says that a cursor leads nowhere when its long value went with its row', async () => {
    await calls.client.query(`
      CREATE TABLE shop.draft (id int PRIMARY KEY, body text);
      INSERT INTO shop.draft SELECT n, repeat('x', 9000) FROM generate_series(1, 20) AS n`);
    const input = { ...table('draft'), sort: { column: 'body', direction: 'asc' as const } };
    const { next } = await calls.ask('browse', 'rows', input);
    const expired = { code: 'validation', details: { cursor: 'expired' } };
    await calls.client.query('UPDATE shop.draft SET body = NULL WHERE id = 7');
    await expect(calls.ask('browse', 'rows', { ...input, after: next ?? '' })).rejects.toMatchObject(expired);
    await calls.client.query('DELETE FROM shop.draft WHERE id = 7');
    await expect(calls.ask('browse', 'rows', { ...input, after: next ?? '' })).rejects.toMatchObject(expired);
  });

  it.runIf(major >= 18)('pages by a column whose NOT NULL was never checked', async () => {
    await calls.client.query(`
      CREATE TABLE shop.doubtful (id int PRIMARY KEY, grade int);
      INSERT INTO shop.doubtful SELECT n, CASE WHEN n % 3 > 0 THEN n % 5 END FROM generate_series(1, 30) AS n;
      ALTER TABLE shop.doubtful ADD CONSTRAINT graded NOT NULL grade NOT VALID`);
    const input = { ...table('doubtful'), sort: { column: 'grade', direction: 'asc' as const } };
    const sorted = await calls.client.query<{ text: string }>(
      'SELECT id::text AS text FROM shop.doubtful ORDER BY grade, id',
    );
    expect(await walk(calls, input)).toEqual(sorted.rows.map(({ text }) => text));
  });

  it('sorts a view beside columns whose order is one in name only', async () => {
    await calls.client.query(`
      CREATE TYPE shop.box AS (doc json);
      CREATE VIEW shop.mixed AS SELECT n AS id, 1 AS same, ARRAY['{}'::json] AS docs, ARRAY[row('{}')::shop.box] AS boxes,
        row('{}')::shop.box AS box, ARRAY[n] AS list FROM generate_series(1, 20) AS n`);
    const sorted = { ...table('mixed'), sort: { column: 'same', direction: 'asc' as const } };
    expect(new Set(await walk(calls, sorted)).size).toBe(20);
    const byList = { ...table('mixed'), sort: { column: 'list', direction: 'desc' as const } };
    expect(firstTexts(await calls.ask('browse', 'rows', byList))[0]).toBe('20');
    await expect(
      calls.ask('browse', 'rows', { ...table('mixed'), sort: { column: 'docs', direction: 'asc' } }),
    ).rejects.toMatchObject({ code: 'validation' });
    const statistics = { schema: 'pg_catalog', relation: 'pg_stats', pageSize: 5 };
    const named = { ...statistics, sort: { column: 'attname', direction: 'asc' as const } };
    expect((await calls.ask('browse', 'rows', named)).rows).toHaveLength(5);
  });

  it('pages a partitioned table by its key over all partitions', async () => {
    expect(await walk(calls, table('parted'))).toEqual(numbers(1, 20));
  });

  it('never names rows of child tables by the parent’s key', async () => {
    const page = await calls.ask('browse', 'rows', table('parent'));
    expect(page).toMatchObject({ order: 'stored', rows: [{ key: null }, {}, {}, {}, {}, {}, {}] });
    expect(await walk(calls, table('parent'))).toHaveLength(20);
  });

  it('pages a view, and says where its depth ends', async () => {
    expect(await walk(calls, table('heavy'))).toEqual(numbers(9, 30));
    expect(await walk(calls, table('heavy'), false)).toEqual(numbers(9, 30));
    const sorted = { ...table('heavy'), sort: { column: 'word', direction: 'desc' as const } };
    expect(new Set(await walk(calls, sorted)).size).toBe(22);
    const end = await calls.ask('browse', 'rows', { ...table('deep'), pageSize: 100, last: true });
    expect(end).toMatchObject({ limited: true, next: null });
    expect(firstTexts(end)).toEqual(numbers(9901, 10000));
  });

  it('shows what has no rows and what has no columns', async () => {
    expect(await calls.ask('browse', 'rows', table('empty'))).toMatchObject({
      rows: [],
      next: null,
      previous: null,
    });
    expect(await calls.ask('browse', 'rows', { ...table('empty'), last: true })).toMatchObject({
      rows: [],
      next: null,
    });
    expect((await calls.ask('browse', 'rows', table('bare'))).rows).toMatchObject([{ cells: [] }]);
  });

  it('says how a materialized view gets its rows that has none yet', async () => {
    await calls.client.query('CREATE MATERIALIZED VIEW shop.unfilled AS SELECT 1 AS id WITH NO DATA');
    const unfilled = {
      code: 'db_server',
      message: 'The database reported: materialized view "unfilled" has not been populated.',
      hint: expect.stringContaining('REFRESH MATERIALIZED VIEW') as string,
    };
    await expect(calls.ask('browse', 'rows', table('unfilled'))).rejects.toMatchObject(unfilled);
    await expect(calls.ask('sql', 'run', { statement: 'SELECT * FROM shop.unfilled' })).rejects.toMatchObject(
      unfilled,
    );
  });

  it('filters by every operator, and counts exactly', async () => {
    const found = async (column: string, operator: string, value?: string): Promise<number> => {
      const filters = [{ column, operator: operator as 'equals', ...(value === undefined ? {} : { value }) }];
      const { rows } = await calls.ask('browse', 'count', { schema: 'shop', relation: 'item', filters });
      const page = await calls.ask('browse', 'rows', { ...table('item'), pageSize: 100, filters });
      expect(page.rows).toHaveLength(Number(rows));
      return Number(rows);
    };
    expect(await found('id', 'equals', ' 7 ')).toBe(1);
    expect(await found('id', 'notEquals', '7')).toBe(29);
    expect(await found('id', 'less', '7')).toBe(6);
    expect(await found('id', 'atMost', '7')).toBe(7);
    expect(await found('weight', 'greater', '3.625')).toBe(1);
    expect(await found('weight', 'atLeast', '3.625')).toBe(2);
    expect(await found('word', 'contains', 'ORD 1')).toBe(8);
    expect(await found('word', 'startsWith', 'Word 2')).toBe(8);
    expect(await found('word', 'contains', '%')).toBe(0);
    expect(await found('weight', 'contains', '.125')).toBe(4);
    expect(await found('grade', 'isNull')).toBe(10);
    expect(await found('grade', 'isNotNull')).toBe(20);
    expect(await found('word', 'equals', `' OR true --`)).toBe(0);
  });

  it('says which filter PostgreSQL can’t read', async () => {
    const ask = (column: string, operator: 'equals' | 'less', value?: string) =>
      calls.ask('browse', 'rows', {
        ...table('item'),
        filters: [
          { column: 'id', operator: 'greater', value: '1' },
          { column, operator, ...(value === undefined ? {} : { value }) },
        ],
      });
    await expect(ask('grade', 'equals', 'five')).rejects.toMatchObject({
      code: 'validation',
      details: { column: 'grade' },
    });
    await expect(ask('weight', 'less', '1e999999')).rejects.toMatchObject({ code: 'validation' });
    await expect(ask('word', 'equals', 'a\0b')).rejects.toMatchObject({ code: 'validation' });
    await expect(ask('grade', 'equals')).rejects.toMatchObject({ code: 'validation' });
    await expect(ask('nope', 'equals', '1')).rejects.toMatchObject({ code: 'validation' });
  });

  it('refuses a cursor that was made for something else, or by nobody', async () => {
    const { next } = await calls.ask('browse', 'rows', table('item'));
    const refused = { code: 'validation', details: { cursor: 'expired' } };
    await expect(calls.ask('browse', 'rows', { ...table('pair'), after: next ?? '' })).rejects.toMatchObject(
      refused,
    );
    await expect(
      calls.ask('browse', 'rows', {
        ...table('item'),
        after: next ?? '',
        sort: { column: 'id', direction: 'asc' },
      }),
    ).rejects.toMatchObject(refused);
    await expect(
      calls.ask('browse', 'rows', {
        ...table('item'),
        after: next ?? '',
        filters: [{ column: 'id', operator: 'isNotNull' }],
      }),
    ).rejects.toMatchObject(refused);
    for (const after of ['', 'x', 'a'.repeat(80), Buffer.from('{"key":["1"]}').toString('base64url')]) {
      await expect(calls.ask('browse', 'rows', { ...table('item'), after })).rejects.toMatchObject(refused);
    }
  });

  it('leads to the end when the rows behind a cursor are gone', async () => {
    await calls.client.query('CREATE TABLE shop.gone AS SELECT n AS id FROM generate_series(1, 12) AS n');
    await calls.client.query('ALTER TABLE shop.gone ADD PRIMARY KEY (id)');
    const { next } = await calls.ask('browse', 'rows', table('gone'));
    await calls.client.query('DELETE FROM shop.gone WHERE id > 5');
    const page = await calls.ask('browse', 'rows', { ...table('gone'), after: next ?? '' });
    expect(firstTexts(page)).toEqual(numbers(1, 5));
  });

  it('opens a cell by its row, and says when the row is gone', async () => {
    for (const relation of ['item', 'loose', 'pair', 'parted']) {
      const page = await calls.ask('browse', 'rows', table(relation));
      const [column] = page.columns;
      const cell = await calls.ask('browse', 'cell', {
        schema: 'shop',
        relation,
        column: column?.name ?? '',
        key: page.rows[3]?.key ?? '',
      });
      expect(cell).toEqual({ ...page.rows[3]?.cells[0], type: column?.type });
    }
    await calls.client.query(
      'CREATE TABLE shop.brief (id int PRIMARY KEY); INSERT INTO shop.brief VALUES (1)',
    );
    const { rows } = await calls.ask('browse', 'rows', table('brief'));
    await calls.client.query('DELETE FROM shop.brief');
    await expect(
      calls.ask('browse', 'cell', {
        schema: 'shop',
        relation: 'brief',
        column: 'id',
        key: rows[0]?.key ?? '',
      }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('exports all rows that match in the order of the screen', async () => {
    const input = { schema: 'shop', relation: 'item', sort: { column: 'grade', direction: 'desc' } };
    const text = await calls.download('browse', 'exportCsv', input);
    const lines = text.trim().split('\r\n');
    expect(lines[0]).toBe('id,grade,word,weight');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(
      await walk(calls, { ...table('item'), sort: { column: 'grade', direction: 'desc' } }),
    );
    await expect(
      calls.download('browse', 'exportCsv', {
        ...input,
        filters: [{ column: 'id', operator: 'equals', value: 'x' }],
      }),
    ).rejects.toMatchObject({ code: 'validation' });
  });
});
