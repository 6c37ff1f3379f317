import { afterAll, beforeAll, expect, it } from 'vitest';
import { browseHandlers } from '../../../src/main/browse/index';
import { openDatabase } from '../../../src/main/postgres/database';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

describeOnEachPostgres('schemas and relations', (major) => {
  let calls: BrowseCalls;

  beforeAll(async () => {
    calls = await openBrowseCalls({ access: 'read-only', major });
    await calls.client.query(`
      CREATE SCHEMA shop;
      COMMENT ON SCHEMA shop IS 'test';
      CREATE TABLE shop.customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
        shout text GENERATED ALWAYS AS (upper(name)) STORED, CONSTRAINT named CHECK (name <> ''));
      COMMENT ON TABLE shop.customer IS 'who buys';
      COMMENT ON COLUMN shop.customer.name IS 'as written';
      CREATE TABLE shop.sale (id int, customer_id int REFERENCES shop.customer, day date NOT NULL, amount numeric(12, 2) DEFAULT 0,
        PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
      CREATE TABLE shop.sale_2025 PARTITION OF shop.sale FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
      CREATE TABLE shop.sale_rest PARTITION OF shop.sale DEFAULT;
      INSERT INTO shop.customer (name) SELECT 'c' || n FROM generate_series(1, 100) AS n;
      INSERT INTO shop.sale SELECT n, n, '2025-06-01' FROM generate_series(1, 50) AS n;
      CREATE VIEW shop.best AS SELECT * FROM shop.customer WHERE id < 10;
      CREATE MATERIALIZED VIEW shop.total AS SELECT count(*) FROM shop.sale;
      CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
      CREATE TRIGGER touched BEFORE UPDATE ON shop.customer FOR EACH ROW EXECUTE FUNCTION shop.touch();
      ALTER TABLE shop.customer DISABLE TRIGGER touched;
      CREATE INDEX customer_name ON shop.customer (lower(name)) WHERE id > 5;
      CREATE TABLE shop."odd ""name"", 😀; --" ("select" int PRIMARY KEY, "a b" text);
      ANALYZE shop.customer; ANALYZE shop.sale_2025`);
  });
  afterAll(() => calls.close());

  const names = async (input: object): Promise<string[]> =>
    (await calls.ask('browse', 'relations', { filters: { schema: 'shop' }, ...input })).rows.map(
      ({ name }) => name,
    );

  it('lists schemas with how much is in them, PostgreSQL’s own last', async () => {
    const { schemas } = await calls.ask('browse', 'schemas', {});
    expect(schemas.find(({ name }) => name === 'shop')).toEqual({
      name: 'shop',
      owner: 'litemaas',
      relations: 5,
      system: false,
    });
    expect(schemas.at(-1)).toMatchObject({ name: 'pg_catalog', system: true });
    expect(schemas.map(({ name }) => name)).not.toContain('pg_toast');
  });

  it('lists relations with kind, estimate, size, comment; partitions when asked for', async () => {
    const { rows, total } = await calls.ask('browse', 'relations', { filters: { schema: 'shop' } });
    expect(total).toBe(5);
    expect(rows.map(({ name, kind }) => [name, kind])).toEqual([
      ['best', 'view'],
      ['customer', 'table'],
      ['odd "name", 😀; --', 'table'],
      ['sale', 'partitioned table'],
      ['total', 'materialized view'],
    ]);
    const [view, table, , partitioned] = rows;
    expect(view).toMatchObject({ estimatedRows: null, sizeBytes: null });
    expect(table).toMatchObject({
      estimatedRows: '100',
      comment: 'who buys',
      readable: true,
      owner: 'litemaas',
    });
    expect(partitioned?.estimatedRows).toBe('50');
    const sizes = await calls.client.query<{ size: string }>(`
      SELECT pg_total_relation_size('shop.customer')::text AS size
      UNION ALL SELECT (pg_total_relation_size('shop.sale_2025') + pg_total_relation_size('shop.sale_rest'))::text`);
    expect([table?.sizeBytes, partitioned?.sizeBytes]).toEqual(sizes.rows.map(({ size }) => size));
    expect(await names({ filters: { schema: 'shop', partitions: true } })).toContain('sale_2025');
    expect(await names({ filters: { schema: 'shop', kind: 'partition' } })).toEqual([
      'sale_2025',
      'sale_rest',
    ]);
  });

  it('pages, sorts and searches in SQL', async () => {
    expect(await names({ sort: { field: 'sizeBytes', direction: 'desc' }, pageSize: 2 })).toEqual([
      'customer',
      'sale',
    ]);
    expect((await names({ sort: { field: 'estimatedRows', direction: 'desc' } }))[0]).toBe('customer');
    expect(await names({ page: 2, pageSize: 2 })).toEqual(['total']);
    expect(await names({ search: 'CUST' })).toEqual(['customer']);
    expect(await names({ search: 'shop.cust', filters: {} })).toEqual(['customer']);
    expect(await names({ search: '%' })).toEqual([]);
    expect(await names({ search: '"; DROP TABLE users; --' })).toEqual([]);
    expect(await names({ search: 'odd "name"' })).toEqual(['odd "name", 😀; --']);
    expect(await names({ search: 'pg_class', filters: { system: true } })).toEqual(['pg_class']);
    expect(await names({ search: 'pg_class', filters: {} })).toEqual([]);
  });

  it('exports the list', async () => {
    const text = await calls.download('browse', 'exportRelationsCsv', { filters: { schema: 'shop' } });
    expect(text.split('\r\n')[2]).toMatch(/^shop,customer,table,litemaas,100,\d+,who buys$/);
  });

  it('describes a table whole', async () => {
    const customer = await calls.ask('browse', 'relation', { schema: 'shop', relation: 'customer' });
    expect(customer).toMatchObject({
      kind: 'table',
      primaryKey: ['id'],
      columns: [
        { name: 'id', type: 'integer', identity: true, nullable: false, keyPosition: 1 },
        { name: 'name', comment: 'as written', nullable: false, generated: false },
        { name: 'shout', generated: true, default: 'upper(name)' },
      ],
      constraints: [
        { name: 'customer_pkey', kind: 'primary key', validated: true },
        { name: 'named', kind: 'check', definition: `CHECK (name <> ''::text)` },
      ],
      indexes: [
        { name: 'customer_pkey', primary: true, unique: true },
        { name: 'customer_name', valid: true },
      ],
      triggers: [{ name: 'touched', enabled: false }],
      referencedBy: [{ schema: 'shop', relation: 'sale', name: 'sale_customer_id_fkey' }],
      foreignKeys: [],
      partitionOf: null,
      viewDefinition: null,
    });
    expect(customer.statistics?.lastAnalyzeAt).toMatch(/^\d{4}-.*Z$/);
  });

  it('describes partitions, foreign keys and views', async () => {
    const sale = await calls.ask('browse', 'relation', { schema: 'shop', relation: 'sale' });
    expect(sale).toMatchObject({
      primaryKey: ['day', 'id'],
      partitionKey: 'RANGE (day)',
      partitionCount: 2,
      partitions: [
        {
          name: 'sale_2025',
          bounds: `FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')`,
          estimatedRows: '50',
        },
        { name: 'sale_rest', bounds: 'DEFAULT' },
      ],
      foreignKeys: [
        { schema: 'shop', relation: 'customer', columns: ['customer_id'], referencedColumns: ['id'] },
      ],
    });
    const part = await calls.ask('browse', 'relation', { schema: 'shop', relation: 'sale_2025' });
    expect(part).toMatchObject({ kind: 'partition', partitionOf: { schema: 'shop', relation: 'sale' } });
    expect(part.foreignKeys).toMatchObject([{ relation: 'customer' }]);
    const view = await calls.ask('browse', 'relation', { schema: 'shop', relation: 'best' });
    expect(view).toMatchObject({ kind: 'view', statistics: null, indexes: [] });
    expect(view.viewDefinition).toMatch(/WHERE (customer\.)?id < 10/);
  });

  it('says which index is not valid', async () => {
    await calls.client.query(`CREATE TABLE shop.twice AS SELECT 1 AS id FROM generate_series(1, 2)`);
    await expect(
      calls.client.query('CREATE UNIQUE INDEX CONCURRENTLY twice_id ON shop.twice (id)'),
    ).rejects.toThrow();
    const { indexes } = await calls.ask('browse', 'relation', { schema: 'shop', relation: 'twice' });
    expect(indexes).toMatchObject([{ name: 'twice_id', valid: false, unique: true }]);
    // An index that is not valid is no key to page by.
    expect((await calls.ask('browse', 'rows', { schema: 'shop', relation: 'twice' })).order).toBe('stored');
    await calls.client.query('DROP TABLE shop.twice');
  });

  it('does not wait for whoever rewrites a table', async () => {
    await calls.client.query('CREATE TABLE shop.plain (id int PRIMARY KEY, name text)');
    const rewriting = await openTestSession(calls.config);
    try {
      await rewriting.query(
        'BEGIN; LOCK TABLE shop.customer, shop.sale_2025 IN ACCESS EXCLUSIVE MODE; REINDEX INDEX shop.plain_pkey',
      );
      expect(await names({ sort: { field: 'sizeBytes', direction: 'desc' } })).toContain('customer');
      const plain = await calls.ask('browse', 'relation', { schema: 'shop', relation: 'plain' });
      expect(plain.indexes[0]).toMatchObject({ name: 'plain_pkey', valid: true });
      const sale = await calls.ask('browse', 'relation', { schema: 'shop', relation: 'sale' });
      expect(sale.partitions.map(({ name, bounds }) => [name, bounds !== ''])).toEqual([
        ['sale_2025', false],
        ['sale_rest', false],
      ]);
    } finally {
      await rewriting.end();
      await calls.client.query('DROP TABLE shop.plain');
    }
  });

  it('shows a role only what it may read', async () => {
    const admin = await openTestSession(calls.adminConfig);
    const role = `reader_${calls.workspaceId.replaceAll('-', '').slice(0, 12)}`;
    try {
      await admin.query(
        `CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA shop TO ${role}; GRANT SELECT (id) ON shop.customer TO ${role}`,
      );
      const database = openDatabase({ config: { ...calls.config, user: role }, readOnly: true });
      const call = {
        signal: new AbortController().signal,
        report: () => undefined,
        workspace: { id: 'other', database } as Parameters<typeof browseHandlers.rows>[1]['workspace'],
      };
      const rows = { filters: [], pageSize: 5, last: false };
      try {
        const page = await browseHandlers.rows({ schema: 'shop', relation: 'customer', ...rows }, call);
        expect(page.columns.map(({ name }) => name)).toEqual(['id']);
        await expect(
          browseHandlers.rows({ schema: 'shop', relation: 'sale', ...rows }, call),
        ).rejects.toMatchObject({ code: 'db_permission' });
        const list = await browseHandlers.relations(
          { page: 0, pageSize: 25, search: '', filters: { schema: 'shop' } },
          call,
        );
        expect(Object.fromEntries(list.rows.map(({ name, readable }) => [name, readable]))).toMatchObject({
          customer: true,
          sale: false,
        });
      } finally {
        await database.close();
      }
    } finally {
      await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await admin.end();
    }
  });

  it('says that a relation is not there', async () => {
    for (const relation of [
      'nobody',
      'customer_name',
      `customer"; DROP TABLE users; --`,
      'x'.repeat(63),
      'a\0b',
    ]) {
      await expect(calls.ask('browse', 'relation', { schema: 'shop', relation })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
  });
});
