import { expect } from 'vitest';
import { type Cases, client, id, known, sql } from './contract-world';

const missingIndex = { kind: 'create_index', schema: 'public', index: 'idx_models_provider' } as const;

/** Browse, SQL, health, overview. */
export const inspectionCases: Cases = {
  'browse.schemas': async () => {
    const { schemas, more } = await client.ask('browse', 'schemas', {});
    expect(schemas.find(({ name }) => name === 'drizzle')).toMatchObject({ relations: 1, system: false });
    expect(more).toBe(false);
  },
  'browse.relations': async () => {
    await sql.query('CREATE TABLE browsed (id int PRIMARY KEY, note text, password text)');
    await sql.query(`INSERT INTO browsed SELECT n, 'note ' || n, 'hidden' FROM generate_series(1, 3) AS n`);
    expect(await client.ask('browse', 'relations', { search: 'browsed', filters: {} })).toMatchObject({
      total: 1,
      rows: [{ schema: 'public', name: 'browsed', kind: 'table', readable: true }],
    });
  },
  'browse.exportRelationsCsv': async () => {
    const text = await client.download('browse', 'exportRelationsCsv', { search: 'browsed', filters: {} });
    expect(text).toContain('public,browsed,table,litemaas');
  },
  'browse.relation': async () => {
    const relation = await client.ask('browse', 'relation', { schema: 'public', relation: 'browsed' });
    expect(relation).toMatchObject({ primaryKey: ['id'], indexes: [{ name: 'browsed_pkey', valid: true }] });
    expect(relation.columns.map(({ name, secret }) => [name, secret])).toEqual([
      ['id', false],
      ['note', false],
      ['password', true],
    ]);
  },
  'browse.rows': async () => {
    const { rows, order, next } = await client.ask('browse', 'rows', {
      schema: 'public',
      relation: 'browsed',
      pageSize: 2,
    });
    expect(rows.map(({ cells }) => cells)).toEqual([
      [{ text: '1' }, { text: 'note 1' }, { text: null, masked: true }],
      [{ text: '2' }, { text: 'note 2' }, { text: null, masked: true }],
    ]);
    expect(order).toBe('key');
    expect(next).not.toBeNull();
    known['browsedRow'] = rows[1]?.key ?? 'no key';
  },
  'browse.count': async () => {
    const filters = [{ column: 'id', operator: 'greater' as const, value: '1' }];
    expect(await client.ask('browse', 'count', { schema: 'public', relation: 'browsed', filters })).toEqual({
      rows: '2',
    });
  },
  'browse.cell': async () => {
    expect(
      await client.ask('browse', 'cell', {
        schema: 'public',
        relation: 'browsed',
        column: 'note',
        key: id('browsedRow'),
      }),
    ).toEqual({ text: 'note 2', type: 'text' });
  },
  'browse.exportCsv': async () => {
    expect(await client.download('browse', 'exportCsv', { schema: 'public', relation: 'browsed' })).toBe(
      'id,note,password\r\n1,note 1,…\r\n2,note 2,…\r\n3,note 3,…\r\n',
    );
  },
  'sql.run': async () => {
    expect(
      await client.ask('sql', 'run', {
        statement: 'SELECT id, note FROM browsed ORDER BY id DESC',
        maxRows: 2,
      }),
    ).toMatchObject({
      columns: [
        { name: 'id', type: 'integer', numeric: true },
        { name: 'note', type: 'text', numeric: false },
      ],
      rows: [
        [{ text: '3' }, { text: 'note 3' }],
        [{ text: '2' }, { text: 'note 2' }],
      ],
      capped: true,
    });
  },
  'sql.code': async () => {
    await sql.query(`CREATE FUNCTION public.browsed_twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'`);
    try {
      const statement = 'SELECT browsed_twice(id) FROM browsed';
      expect(await client.ask('sql', 'code', { statement })).toEqual({
        code: [
          {
            id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
            kind: 'function',
            name: 'public.browsed_twice(integer)',
            language: 'sql',
          },
        ],
      });
    } finally {
      await sql.query('DROP FUNCTION public.browsed_twice(int)');
    }
  },
  'sql.plan': async () => {
    const { nodes } = await client.ask('sql', 'plan', { statement: 'SELECT * FROM browsed', analyze: true });
    expect(nodes).toMatchObject([{ depth: 0, name: 'Seq Scan on browsed', actualRows: 3 }]);
  },
  'sql.completions': async () => {
    expect(await client.ask('sql', 'completions', { prefix: 'brow' })).toEqual({
      items: [{ text: 'browsed', kind: 'relation', detail: 'public' }],
    });
  },
  'sql.exportCsv': async () => {
    expect(
      await client.download('sql', 'exportCsv', { statement: 'SELECT id FROM browsed ORDER BY id' }),
    ).toBe('id\r\n1\r\n2\r\n3\r\n');
  },
  'sql.history': async () => {
    expect((await client.ask('sql', 'history', {})).entries).toMatchObject([
      { statement: 'SELECT id, note FROM browsed ORDER BY id DESC', rows: 2 },
    ]);
  },
  'sql.clearHistory': async () => {
    await client.ask('sql', 'clearHistory', {});
    expect(await client.ask('sql', 'history', {})).toEqual({ entries: [] });
    await sql.query('DROP TABLE browsed');
  },
  'health.check': async () => {
    await sql.query('DROP INDEX idx_models_provider');
    const { applies, findings } = await client.ask('health', 'check', { group: 'schema' });
    expect(applies).toBe(true);
    // Those of the test that record writes are found too.
    expect(findings.filter(({ id: found }) => !found.includes('.recorded_'))).toMatchObject([
      { object: 'public.models.idx_models_provider', repair: missingIndex },
    ]);
  },
  'health.previewRepair': async () => {
    expect(await client.ask('health', 'previewRepair', { repair: missingIndex })).toMatchObject({
      needed: true,
      statements: ['CREATE INDEX CONCURRENTLY idx_models_provider ON public.models USING btree (provider);'],
    });
  },
  'health.repair': async () => {
    const { version } = await client.ask('health', 'previewRepair', { repair: missingIndex });
    expect(await client.ask('health', 'repair', { repair: missingIndex, version })).toMatchObject({
      summary: expect.stringContaining('idx_models_provider') as string,
    });
    const { rows } = await sql.query(`SELECT FROM pg_indexes WHERE indexname = 'idx_models_provider'`);
    expect(rows).toHaveLength(1);
  },
  'health.reconcile': async () => {
    const { months } = await client.ask('health', 'reconcile', {});
    expect(months).toContainEqual(
      expect.objectContaining({
        month: '2026-11',
        state: 'equal',
        log: { requests: '2', tokens: '330', cost: '0.75' },
      }),
    );
  },
  'overview.counts': async () => {
    expect(await client.ask('overview', 'counts', {})).toMatchObject({
      users: { active: 1, all: 1 },
      subscriptions: { active: 1, all: 1 },
      apiKeys: { active: 1, all: 1 },
    });
  },
  'overview.attention': async () => {
    const { items } = await client.ask('overview', 'attention', {});
    expect(items).toContainEqual({
      kind: 'unattributed_usage',
      severity: expect.any(String) as string,
      count: 1,
      record: null,
    });
  },
};
