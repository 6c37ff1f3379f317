import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { plainDecimal } from '../../../../shared/decimal';
import { parseExactJson } from '../../../kernel/exact-json';
import type { Connection } from '../../../postgres/database';
import { from, type RelationName, table } from '../../../postgres/relations';
import { canonicalJson, type Fields, type FieldValue } from '../../mapping/fields';

type ColumnType =
  'text' | 'numeric' | 'bigint' | 'integer' | 'boolean' | 'timestamptz' | 'uuid' | 'text[]' | 'jsonb';

/** A documented table as the pull writes it. All names are constants of this program, never input. */
export interface RecordTable {
  readonly name: RelationName;
  readonly idType: 'uuid' | 'text';
  /** Columns the pull compares and writes. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns written from the mapping when the pull creates the record, and never again. */
  readonly createColumns: Readonly<Record<string, ColumnType>>;
  /** Members of the table's `metadata` column that are the pull's. */
  readonly metadata: readonly string[];
  /** Fixed values of columns of a record that the pull creates. */
  readonly onCreate: Readonly<Record<string, SQL>>;
  /** Fixed values of columns of a record that the pull creates or changes. */
  readonly onWrite: Readonly<Record<string, SQL>>;
}

export interface LocalRecord {
  readonly id: string;
  readonly fields: Fields;
}

/** Whatever columns the table has; each is spelled by its type below. */
const recordRow = z.looseObject({ id: z.string() });

/** The records with these ids, their columns spelled as the mapping spells them. */
export async function readRecords(
  { select }: Connection,
  record: RecordTable,
  ids: readonly string[],
): Promise<Map<string, Fields>> {
  const columns = Object.keys(record.columns).map((column) => sql.identifier(column));
  const metadata = record.metadata.map(
    (name) => sql`(metadata -> ${sql.raw(`'${name}'`)})::text AS ${sql.identifier(name)}`,
  );
  const rows = await select(
    recordRow,
    sql`
    SELECT id, ${sql.join([...columns, ...metadata], sql`, `)} FROM ${from(record.name)}
    WHERE id = ANY(${sql.param(ids)}::${sql.raw(record.idType)}[])`,
  );
  return new Map(
    rows.map((row) => [
      row.id,
      Object.fromEntries([
        ...Object.entries(record.columns).map(([column, type]) => [column, spelled(row[column], type)]),
        ...record.metadata.map((name) => [name, spelledMetadata(row[name])]),
      ]) as Fields,
    ]),
  );
}

function spelled(value: unknown, type: ColumnType): FieldValue {
  if (typeof value === 'string') return type === 'numeric' ? plainDecimal(value) : value;
  return typeof value === 'number' ? value.toString() : (value as FieldValue);
}

function spelledMetadata(value: unknown): FieldValue {
  return typeof value === 'string' ? (parseExactJson(value) as FieldValue) : null;
}

/** Creates records. Fields that are no columns of the table are left out. */
export async function insertRecords(
  { run }: Connection,
  record: RecordTable,
  records: readonly LocalRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const constants = Object.entries({ ...record.onCreate, ...record.onWrite });
  const columns = Object.keys({ ...record.columns, ...record.createColumns });
  const names = ['id', ...columns, ...constants.map(([name]) => name)].map((name) => sql.identifier(name));
  const values = [
    sql`r.id`,
    ...columns.map((column) =>
      column === 'created_at'
        ? sql`COALESCE(r.created_at, CURRENT_TIMESTAMP)`
        : sql`r.${sql.identifier(column)}`,
    ),
    ...constants.map(([, value]) => value),
  ];
  if (record.metadata.length > 0) {
    names.push(sql.identifier('metadata'));
    values.push(metadataOf(record.metadata));
  }
  await run(sql`
    INSERT INTO ${table(record.name)} (${sql.join(names, sql`, `)})
    SELECT ${sql.join(values, sql`, `)}
    FROM jsonb_to_recordset(${canonicalJson(records.map(({ id, fields }) => ({ ...fields, id })))}::jsonb)
      AS r (${recordDefinition(record, columns)})`);
}

/** Writes changed columns; records with the same set of changed columns go together. */
export async function updateRecords(
  connection: Connection,
  record: RecordTable,
  changed: readonly LocalRecord[],
): Promise<void> {
  const groups = new Map<string, LocalRecord[]>();
  for (const change of changed) {
    const key = Object.keys(change.fields).sort().join();
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  for (const group of groups.values()) await updateGroup(connection, record, group);
}

async function updateGroup(
  { run }: Connection,
  record: RecordTable,
  group: readonly LocalRecord[],
): Promise<void> {
  const given = Object.keys(group[0]?.fields ?? {});
  const columns = given.filter((name) => name in record.columns);
  const metadata = record.metadata.filter((name) => given.includes(name));
  const assignments = [
    ...columns.map((column) => sql`${sql.identifier(column)} = r.${sql.identifier(column)}`),
    ...Object.entries(record.onWrite).map(([name, value]) => sql`${sql.identifier(name)} = ${value}`),
    ...(metadata.length === 0 ? [] : [sql`metadata = kept.metadata || ${metadataOf(metadata)}`]),
  ];
  await run(sql`
    UPDATE ${table(record.name)} AS kept SET ${sql.join(assignments, sql`, `)}
    FROM jsonb_to_recordset(${canonicalJson(group.map(({ id, fields }) => ({ ...fields, id })))}::jsonb)
      AS r (${recordDefinition(record, columns)})
    WHERE kept.id = r.id`);
}

function metadataOf(names: readonly string[]): SQL {
  const members = names.map((name) => sql`${sql.raw(`'${name}'`)}, r.${sql.identifier(name)}`);
  return sql`jsonb_build_object(${sql.join(members, sql`, `)})`;
}

function recordDefinition(record: RecordTable, columns: readonly string[]): SQL {
  const definitions = [
    sql`id ${sql.raw(record.idType)}`,
    ...columns.map(
      (column) =>
        sql`${sql.identifier(column)} ${sql.raw(record.columns[column] ?? record.createColumns[column] ?? 'text')}`,
    ),
    ...record.metadata.map((name) => sql`${sql.identifier(name)} jsonb`),
  ];
  return sql.join(definitions, sql`, `);
}
