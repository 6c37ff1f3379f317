import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

describeOnEachPostgres('read-only SQL', (major) => {
  let calls: BrowseCalls;
  const run = (statement: string, maxRows?: number) =>
    calls.ask('sql', 'run', { statement, ...(maxRows === undefined ? {} : { maxRows }) });
  const texts = async (statement: string) =>
    (await run(statement)).rows.map((row) => row.map(({ text }) => text));

  beforeAll(async () => {
    calls = await openBrowseCalls({ major });
    await calls.client.query(`CREATE TABLE item (id int PRIMARY KEY, word text);
      INSERT INTO item SELECT n, 'word ' || n FROM generate_series(1, 30) AS n; ANALYZE item`);
  });
  afterAll(() => calls.close());

  it('runs what reads, however it is written', async () => {
    for (const statement of [
      'SELECT 1',
      ' select 1 ; ',
      '; SELECT 1;;',
      '-- why\nSELECT 1 -- end',
      '/* a */ VALUES (1)',
      '(SELECT 1) UNION (SELECT 1)',
      'WITH one AS (SELECT 1 AS n) SELECT n FROM one',
      'SELECT id FROM item WHERE id = 1',
    ]) {
      expect([statement, await texts(statement)]).toEqual([statement, [['1']]]);
    }
    expect(await texts('TABLE item')).toHaveLength(30);
    expect(await texts('SHOW server_version_num')).toEqual([
      [expect.stringMatching(new RegExp(`^${String(major)}`)) as string],
    ]);
    expect((await texts('EXPLAIN (COSTS off) TABLE item'))[0]).toEqual(['Seq Scan on item']);
  });

  it.each(['-- nothing', '/* a /* b */ */', ';', ' ; ; ', '-- one\n;'])(
    'says that there is no statement in “%s”',
    async (statement) => {
      const none = {
        code: 'validation',
        message: 'There is no statement here; comments and semicolons alone are none.',
      };
      await expect(run(statement)).rejects.toMatchObject(none);
      await expect(calls.ask('sql', 'plan', { statement })).rejects.toMatchObject(none);
    },
  );

  it('answers values as PostgreSQL prints them, with their types', async () => {
    const { columns, rows } = await run(
      `SELECT 9007199254740993 AS big, 1.10 AS exact, NULL AS none, true AS yes, ARRAY[1, NULL] AS list, timestamptz 'infinity' AS late, 1 AS big`,
    );
    expect(columns.map(({ name, type, numeric }) => [name, type, numeric])).toEqual([
      ['big', 'bigint', true],
      ['exact', 'numeric', true],
      ['none', 'text', false],
      ['yes', 'boolean', false],
      ['list', 'integer[]', false],
      ['late', 'timestamp with time zone', false],
      ['big', 'integer', true],
    ]);
    expect(rows[0]?.map(({ text }) => text)).toEqual([
      '9007199254740993',
      '1.10',
      null,
      'true',
      '{1,NULL}',
      'infinity',
      '1',
    ]);
    expect(await run('SELECT FROM item')).toMatchObject({ columns: [], capped: false });
  });

  it('caps rows, long values and the whole answer, and says so', async () => {
    expect(await run('TABLE item', 30)).toMatchObject({ capped: false });
    const capped = await run('SELECT * FROM item ORDER BY id', 7);
    expect([capped.rows.length, capped.capped]).toEqual([7, true]);
    expect((await run(`SELECT repeat('é', 20000)`)).rows[0]?.[0]).toEqual({
      text: 'é'.repeat(10_000),
      bytes: 40_000,
    });
    const heavy = await run(`SELECT repeat('x', 10000) FROM generate_series(1, 1000)`);
    expect(heavy.capped).toBe(true);
    expect(heavy.rows.length).toBeLessThan(1_000);
  });

  it('says what PostgreSQL says of a wrong statement, and where', async () => {
    const failing = async (statement: string) => {
      const error: unknown = await run(statement).catch((failure: unknown) => failure);
      return error as { message: string; hint?: string; details: Record<string, string> };
    };
    const misspelt = await failing(`SELECT '😀', wrod FROM item`);
    expect(misspelt.message).toBe('column "wrod" does not exist');
    expect(misspelt.hint).toContain('item.word');
    expect(misspelt.details['position']).toBe(String(`SELECT '😀', `.length + 1));
    const explained = '  EXPLAIN ANALYZE SELECT 1 FROM nowhere';
    expect((await failing(explained)).details['position']).toBe(String(explained.indexOf('nowhere') + 1));
    expect((await failing('SELECT 1 +')).details).toMatchObject({ sqlState: '42601' });
    expect((await failing('SELECT 1/0')).message).toBe('division by zero');
    expect((await failing('SELECT $1')).details).toMatchObject({ sqlState: '08P01' });
    expect((await failing('UPDATE item SET id = 1')).message).toContain('UPDATE');
    expect((await failing('SELECT 1; SELECT 2')).details).toMatchObject({ sqlState: '42601' });
    expect((await failing('SELECT \0 1')).message).toContain('zero byte');
  });

  it('stops an answer that is too large to be read, and goes on', async () => {
    const tooLarge = { code: 'validation', message: expect.stringContaining('128 MB') as string };
    await expect(run(`SELECT repeat('x', 600000000)`)).rejects.toMatchObject(tooLarge);
    await expect(run(`SELECT repeat('x', 140000000)::int`)).rejects.toMatchObject(tooLarge);
    const failure: unknown = await run(`SELECT repeat('x', 20000)::int`).catch((error: unknown) => error);
    expect((failure as Error).message.length).toBeLessThan(6_000);
    expect(await texts('SELECT 1')).toEqual([['1']]);
  });

  it('passes on notices', async () => {
    await calls.client.query(`CREATE OR REPLACE FUNCTION say_it() RETURNS int LANGUAGE plpgsql AS $$
      BEGIN RAISE NOTICE 'hello sk-abcdefghijkl'; RETURN 1; END $$`);
    const statement = 'SELECT say_it()';
    const { code } = await calls.ask('sql', 'code', { statement });
    const ran = await calls.ask('sql', 'run', { statement, confirmed: code.map(({ id }) => id) });
    expect(ran.notices).toEqual(['NOTICE: hello sk-…']);
  });

  it('cancels the statement on the server', async () => {
    const watching = await openTestSession(calls.config);
    try {
      for (const work of [
        (signal: AbortSignal) => calls.ask('sql', 'run', { statement: 'SELECT pg_sleep(60), 101' }, signal),
        (signal: AbortSignal) =>
          calls.ask('sql', 'plan', { statement: 'SELECT pg_sleep(60), 101', analyze: true }, signal),
        (signal: AbortSignal) =>
          calls.download('sql', 'exportCsv', { statement: 'SELECT pg_sleep(60), 101' }, signal),
      ]) {
        const cancelling = new AbortController();
        const sleeping = work(cancelling.signal);
        const state = async (): Promise<number> => {
          const { rows } = await watching.query<{ count: number }>(
            `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
          );
          return rows[0]?.count ?? 0;
        };
        await expect.poll(state).toBe(1);
        cancelling.abort();
        await expect(sleeping).rejects.toMatchObject({ code: 'cancelled' });
        await expect.poll(state).toBe(0);
      }
      await expect
        .poll(async () => {
          const { rows } = await watching.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%101%' AND pid <> pg_backend_pid()`,
          );
          return rows.length;
        })
        .toBe(0);
      await expect(run('SELECT 1')).resolves.toBeDefined();
    } finally {
      await watching.end();
    }
  });

  it('shows the plan, estimated and analysed', async () => {
    const estimated = await calls.ask('sql', 'plan', { statement: 'SELECT * FROM item ORDER BY word' });
    expect(estimated.nodes.map(({ depth, name, actualRows }) => [depth, name, actualRows])).toEqual([
      [0, 'Sort', null],
      [1, 'Seq Scan on item', null],
    ]);
    expect(estimated.nodes[0]?.detail).toBe('Sort Key: word');
    expect(JSON.parse(estimated.text)).toMatchObject([{ Plan: { 'Node Type': 'Sort' } }]);
    const analysed = await calls.ask('sql', 'plan', {
      statement: 'EXPLAIN SELECT count(*) FROM item WHERE id < 11',
      analyze: true,
    });
    expect(analysed.nodes.at(-1)).toMatchObject({ planRows: expect.any(Number) as number, actualRows: 10 });
    expect(analysed.nodes.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1.001);
  });

  it('exports all rows', async () => {
    const csv = await calls.download('sql', 'exportCsv', {
      statement: `SELECT n, '=x' AS f FROM generate_series(1, 2500) AS n`,
    });
    const lines = csv.trim().split('\r\n');
    expect([lines.length, lines[0], lines[2500]]).toEqual([2501, 'n,f', "2500,'=x"]);
    await expect(calls.download('sql', 'exportCsv', { statement: 'SELECT nope' })).rejects.toMatchObject({
      details: { position: '8' },
    });
  });

  it('completes names from the catalogue, quoted where they must be', async () => {
    await calls.client.query(`CREATE SCHEMA IF NOT EXISTS "Other";
      CREATE TABLE IF NOT EXISTS "Other".item (id int, "two words" text, "select" int)`);
    const items = async (input: { prefix: string; qualifier?: string; relations?: string[] }) =>
      (await calls.ask('sql', 'completions', input)).items;
    expect(await items({ prefix: 'ite' })).toEqual([
      { text: 'item', kind: 'relation', detail: 'public' },
      { text: '"Other".item', kind: 'relation', detail: 'Other' },
    ]);
    expect((await items({ prefix: 'W', relations: ['item'] }))[0]).toMatchObject({
      text: 'word',
      kind: 'column',
    });
    expect(
      (await items({ prefix: '', qualifier: 'item', relations: ['"Other".item'] })).map(({ text }) => text),
    ).toEqual(['id', '"two words"', '"select"']);
    expect((await items({ prefix: '', qualifier: 'item' })).map(({ text }) => text)).toEqual(['id', 'word']);
    expect((await items({ prefix: 'it', qualifier: '"Other"' })).map(({ text }) => text)).toEqual(['item']);
    expect((await items({ prefix: 'date_tr' })).map(({ text, kind }) => [text, kind])).toEqual([
      ['date_trunc', 'function'],
    ]);
    expect((await items({ prefix: 'oth' }))[0]).toMatchObject({ text: '"Other"', kind: 'schema' });
  });
});

describe('the history of SQL', () => {
  let calls: BrowseCalls;
  const entries = async () => (await calls.ask('sql', 'history', {})).entries;

  beforeAll(async () => {
    calls = await openBrowseCalls({ access: 'read-only' });
  });
  afterAll(() => calls.close());

  it('keeps what was run, newest first, failed or not, without secrets', async () => {
    await calls.ask('sql', 'run', { statement: 'SELECT 1' });
    await calls
      .ask('sql', 'run', { statement: `SELECT 'sk-abcdefghijkl', 'postgres://a:geheim@h/d', nope` })
      .catch(() => undefined);
    expect(await entries()).toMatchObject([
      { statement: `SELECT 'sk-…', 'postgres://a:…@h/d', nope`, rows: null },
      { statement: 'SELECT 1', rows: 1 },
    ]);
  });

  it('is readable by its owner only, and damaged files stop nobody', async () => {
    const path = join(calls.dataFolder, 'sql-history', `${calls.workspaceId}.json`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toMatch(/abcdefghijkl|geheim/);
    writeFileSync(path, '{"version": 1, "entr');
    expect(await entries()).toEqual([]);
  });

  it('keeps 200, cuts long ones, and forgets on demand', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        calls.ask('sql', 'run', { statement: `SELECT ${String(index)}` }),
      ),
    );
    expect(await entries()).toHaveLength(12);
    await calls.ask('sql', 'run', { statement: `SELECT '${'é'.repeat(20_000)}'` });
    const [long] = await entries();
    expect(Buffer.byteLength(long?.statement ?? '')).toBeLessThanOrEqual(10_243);
    expect(long?.statement).not.toContain('\uFFFD');
    await calls.ask('sql', 'clearHistory', {});
    expect(await entries()).toEqual([]);
  });
});
