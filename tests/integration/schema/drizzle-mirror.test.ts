import { is } from 'drizzle-orm';
import { getTableConfig, getViewConfig, isPgEnum, type PgColumn, PgTable, PgView } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as bookkeeping from '../../../src/main/postgres/console-schema';
import * as documented from '../../../src/main/postgres/schema';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';

interface Column {
  readonly relation: string;
  readonly column: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
}

const exported: unknown[] = [...Object.values(documented), ...Object.values(bookkeeping)];

function mirrored(
  schema: string | undefined,
  name: string,
  columns: readonly PgColumn[],
  isView: boolean,
): Column[] {
  return columns.map((column) => ({
    relation: `${schema ?? 'public'}.${name}`,
    column: column.name,
    type: column
      .getSQLType()
      .replaceAll(/varchar/g, 'character varying')
      .replaceAll(', ', ','),
    // Views know neither.
    notNull: isView ? false : column.notNull,
    hasDefault: isView ? false : column.hasDefault || column.generated !== undefined,
  }));
}

function mirroredColumns(): Column[] {
  return exported.flatMap((value) => {
    if (is(value, PgTable)) {
      const { schema, name, columns } = getTableConfig(value);
      return mirrored(schema, name, columns, false);
    }
    if (is(value, PgView)) {
      const { schema, name, selectedFields } = getViewConfig(value);
      return mirrored(schema, name, Object.values(selectedFields) as PgColumn[], true);
    }
    return [];
  });
}

const actualColumns = `
  SELECT n.nspname || '.' || c.relname AS relation, a.attname AS "column",
    format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
    a.atthasdef OR a.attidentity <> '' AS "hasDefault"
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('public', 'litemaas_console') AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
    AND a.attnum > 0 AND NOT a.attisdropped`;

const inOrder = (columns: readonly Column[]): Column[] =>
  [...columns].sort((a, b) => `${a.relation}.${a.column}`.localeCompare(`${b.relation}.${b.column}`));

describeOnEachPostgres('the drizzle schema', (major) => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase({ major });
    client = await openTestSession(database.config);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('has every column of every table and view, with its type, nullability and default', async () => {
    const { rows } = await client.query<Column>(actualColumns);
    expect(rows.length).toBeGreaterThan(200);
    expect(inOrder(mirroredColumns())).toEqual(inOrder(rows));
  });

  it('has the values of every enum', async () => {
    const { rows } = await client.query<{ name: string; values: string[] }>(`
      SELECT t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS "values"
      FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid GROUP BY t.typname`);
    const enums = exported
      .filter(isPgEnum)
      .map(({ enumName, enumValues }) => ({ name: enumName, values: enumValues }));
    expect(enums).toEqual(rows);
  });
});
