import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

const litellmKey = 'sk-Abcdefgh12345678';

describe('secrets in Browse and SQL', () => {
  let calls: BrowseCalls;
  const vault = { schema: 'public', relation: 'vault' };

  beforeAll(async () => {
    calls = await openBrowseCalls();
    await calls.client.query(`
      CREATE TABLE vault (token text PRIMARY KEY, note text, doc jsonb, total_tokens bigint, key_hash text);
      INSERT INTO vault SELECT 'hidden-' || n, 'key ${litellmKey} of ' || n,
        jsonb_build_object('api_key', 'AIza-' || n, 'model', 'gpt'), n, md5(n::text) FROM generate_series(1, 9) AS n;
      INSERT INTO vault VALUES ('hidden-end', repeat('x', 190) || ' ${litellmKey}', '{}', 0, '')`);
  });
  afterAll(() => calls.close());

  it('never shows values of secret columns, and masks secrets within others', async () => {
    const page = await calls.ask('browse', 'rows', vault);
    expect(page.rows[0]?.cells).toEqual([
      { text: null, masked: true },
      { text: 'key sk-… of 1', masked: true },
      { text: '{"model": "gpt", "api_key": "…"}', masked: true },
      { text: '1' },
      { text: 'c4ca4238a0b923820dcc509a6f75849b' },
    ]);
    // A key that the cut goes through shows none of its characters.
    expect(page.rows.at(-1)?.cells[1]?.text).toBe(`${'x'.repeat(190)} sk-…`);
  });

  it('masks what lies within a secret field of JSON, however the value is written', async () => {
    await calls.client.query(`
      CREATE TABLE nested (id int PRIMARY KEY, doc jsonb, docs jsonb[], of vault, note text);
      INSERT INTO nested SELECT 1, doc, ARRAY[doc], ROW('', '', doc, 1, '')::vault, 'Authorization: Bearer geheim'
        FROM (SELECT '{"credentials": {"value": "geheim", "n": [4711]}, "model": "gpt"}'::jsonb) AS one (doc)`);
    const { rows } = await calls.ask('browse', 'rows', { schema: 'public', relation: 'nested' });
    const texts = rows[0]?.cells.slice(1).map(({ text }) => text) ?? [];
    expect(texts).toHaveLength(4);
    for (const text of texts) expect(text).not.toMatch(/geheim|4711/);
    for (const text of texts.slice(0, 3)) expect(text).toContain('gpt');
    const statement = 'SELECT doc, docs, note FROM nested';
    expect(JSON.stringify(await calls.ask('sql', 'run', { statement }))).not.toMatch(/geheim|4711/);
    expect(await calls.download('browse', 'exportCsv', { schema: 'public', relation: 'nested' })).not.toMatch(
      /geheim|4711/,
    );
  });

  it('lets no secret out in cursors, row names, single cells or exports', async () => {
    const first = await calls.ask('browse', 'rows', { ...vault, pageSize: 3 });
    const carried = [first.next, ...first.rows.map(({ key }) => key)].map((text) =>
      Buffer.from(text ?? '', 'base64url').toString('latin1'),
    );
    expect(carried.join(' ')).not.toContain('hidden');
    const second = await calls.ask('browse', 'rows', { ...vault, pageSize: 3, after: first.next ?? '' });
    expect(second.rows[0]?.cells[3]).toEqual({ text: '4' });
    const key = first.rows[0]?.key ?? '';
    expect(await calls.ask('browse', 'cell', { ...vault, column: 'token', key })).toEqual({
      text: null,
      masked: true,
      type: 'text',
    });
    expect((await calls.ask('browse', 'cell', { ...vault, column: 'note', key })).text).toBe('key sk-… of 1');
    const text = await calls.download('browse', 'exportCsv', vault);
    expect(text).toContain('…,key sk-… of 1');
    expect(text).not.toMatch(/hidden|AIza|Abcdefgh/);
  });

  it('lets nobody guess a secret by filters or order', async () => {
    const refused = { code: 'validation', details: { column: 'token' } };
    for (const operator of ['equals', 'less', 'contains', 'startsWith', 'isNull'] as const) {
      const filters = [{ column: 'token', operator, ...(operator === 'isNull' ? {} : { value: 'hidden' }) }];
      await expect(calls.ask('browse', 'rows', { ...vault, filters })).rejects.toMatchObject(refused);
      await expect(calls.ask('browse', 'count', { ...vault, filters })).rejects.toMatchObject(refused);
    }
    const sort = { column: 'token', direction: 'asc' as const };
    await expect(calls.ask('browse', 'rows', { ...vault, sort })).rejects.toMatchObject(refused);
  });

  it('shows no default of a secret column and no secret of a definition', async () => {
    await calls.client.query(`
      CREATE TABLE defaults (id int PRIMARY KEY, password text DEFAULT 'changeit', note text DEFAULT '${litellmKey}');
      CREATE VIEW quoting AS SELECT '${litellmKey}'::text AS note`);
    const table = await calls.ask('browse', 'relation', { schema: 'public', relation: 'defaults' });
    expect(table.columns.map((column) => column.default)).toEqual([null, `'…'::text`, `'sk-…'::text`]);
    const view = await calls.ask('browse', 'relation', { schema: 'public', relation: 'quoting' });
    expect(view.viewDefinition).toContain('sk-…');
    expect(view.viewDefinition).not.toContain(litellmKey);
  });

  it('shows nothing of a password that the cut goes through', async () => {
    await calls.client.query(`CREATE TABLE long_note (id int PRIMARY KEY, note text);
      INSERT INTO long_note VALUES (1, repeat('x', 120) || ' postgres://ana:' || repeat('geheim', 100) || '@db/x')`);
    const { rows } = await calls.ask('browse', 'rows', { schema: 'public', relation: 'long_note' });
    expect(rows[0]?.cells[1]).toMatchObject({ masked: true, bytes: 741 });
    expect(rows[0]?.cells[1]?.text).not.toContain('geheim');
    const statement = `SELECT repeat('x', 20000) || ' postgres://ana:' || repeat('geheim', 100) || '@db/x' AS note`;
    const ran = await calls.ask('sql', 'run', { statement });
    expect(ran.rows[0]?.[0]?.text).toBe('x'.repeat(10_000));
  });

  it('shows no secret of comments', async () => {
    await calls.client.query(`CREATE TABLE commented (id int);
      COMMENT ON TABLE commented IS 'use ${litellmKey}'; COMMENT ON COLUMN commented.id IS 'PGPASSWORD=geheim'`);
    const table = await calls.ask('browse', 'relation', { schema: 'public', relation: 'commented' });
    expect([table.comment, table.columns[0]?.comment]).toEqual(['use sk-…', 'PGPASSWORD=…']);
    const list = await calls.ask('browse', 'relations', { search: 'commented', filters: {} });
    expect(list.rows[0]?.comment).toBe('use sk-…');
    expect(
      await calls.download('browse', 'exportRelationsCsv', { search: 'commented', filters: {} }),
    ).toContain('use sk-…');
  });

  it('masks what SQL computes of secrets, and what PostgreSQL says of them', async () => {
    for (const expression of [
      `max(token)`,
      `'x' || token`,
      `coalesce(token, '')`,
      `doc->>'api_key'`,
      `doc #>> '{api_key}'`,
    ]) {
      const statement = `SELECT ${expression} AS x, count(*) AS n FROM vault ${expression.startsWith('max') ? '' : 'GROUP BY token'}`;
      const { rows } = await calls.ask('sql', 'run', { statement });
      expect([statement, rows[0]?.[0]]).toEqual([statement, { text: null, masked: true }]);
      expect(rows[0]?.[1]?.text).toMatch(/^\d+$/);
      expect(await calls.download('sql', 'exportCsv', { statement })).not.toMatch(/hidden|AIza/);
    }
    for (const expression of ['token::int', 'token::regclass', 'current_setting(token)']) {
      await expect(calls.ask('sql', 'run', { statement: `SELECT ${expression} FROM vault` })).rejects.toThrow(
        '"…"',
      );
    }
    await calls.client.query(`CREATE FUNCTION tell(value text) RETURNS int LANGUAGE plpgsql AS $$
      BEGIN RAISE NOTICE 'it is %', value; RETURN 1; END $$`);
    const telling = { statement: 'SELECT tell(token) FROM vault LIMIT 1' };
    const { code } = await calls.ask('sql', 'code', telling);
    const told = await calls.ask('sql', 'run', { ...telling, confirmed: code.map(({ id }) => id) });
    expect(told.notices).toEqual(['NOTICE: …']);
  });

  it('masks results of SQL by name, by origin and by content', async () => {
    const { rows } = await calls.ask('sql', 'run', {
      statement: `SELECT token, token AS x, note, total_tokens, 'p' AS password FROM vault ORDER BY total_tokens DESC LIMIT 1`,
    });
    expect(rows).toEqual([
      [
        { text: null, masked: true },
        { text: null, masked: true },
        { text: 'key sk-… of 9', masked: true },
        { text: '9' },
        { text: null, masked: true },
      ],
    ]);
    const csv = await calls.download('sql', 'exportCsv', { statement: 'SELECT token AS x, note FROM vault' });
    expect(csv).not.toMatch(/hidden|Abcdefgh/);
    const { text } = await calls.ask('sql', 'plan', {
      statement: `SELECT * FROM vault WHERE note = '${litellmKey}'`,
    });
    expect(text).not.toContain(litellmKey);
    await expect(calls.ask('sql', 'run', { statement: `SELECT '${litellmKey}'::int` })).rejects.not.toThrow(
      litellmKey,
    );
  });
});
