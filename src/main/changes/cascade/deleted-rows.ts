import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import { isSecretColumn } from '../../masking/secret-columns';
import type { Connection } from '../../postgres/database';
import { from, table, tables } from '../../postgres/relations';
import type { RecordTable } from '../record-table';
import { type Cascade, type Reached, rootColumn } from './walk';

/** Its rows are archived as usage (`archived-usage.ts`), not row by row. */
const keptElsewhere: ReadonlySet<string> = new Set([tables.usage_logs]);

/** Whether what goes from a table, or is blanked in it, is kept row by row. */
export function isKept({ name, fate }: Pick<Reached, 'name' | 'fate'>): boolean {
  return fate !== 'blocks' && !keptElsewhere.has(name);
}

const columnRow = z.strictObject({ name: z.string(), type_category: z.string() });

/**
 * The columns of a table whose values no archive may hold. Of our own tables it is the key's value; its hash is kept.
 */
export async function secretColumnsOf({ select }: Connection, name: string): Promise<string[]> {
  if (name === tables.api_keys) return ['lite_llm_key_value'];
  if (ownTables.has(name)) return [];
  const rows = await select(
    columnRow,
    sql`
    SELECT a.attname::text AS name, t.typcategory::text AS type_category
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE n.nspname || '.' || c.relname = ${name} AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum LIMIT 1600`,
  );
  return rows
    .filter((row) => isSecretColumn({ relation: name, column: row.name, typeCategory: row.type_category }))
    .map((row) => row.name);
}

const ownTables: ReadonlySet<string> = new Set(Object.values(tables));

/** Which record, of which batch. */
export interface Deletion {
  readonly batchId: string;
  readonly record: RecordTable;
  readonly ids: readonly string[];
}

/**
 * Writes down the records that are about to be deleted and what goes with them, in the transaction that deletes them and
 * after `followCascade` held the rows.
 */
export async function keepDeletedRows(
  connection: Connection,
  { batchId, record, ids }: Deletion,
  { reached }: Cascade,
): Promise<void> {
  const name = tables[record.relation];
  const [schema = '', relation = ''] = name.split('.');
  await keepRows(
    connection,
    { batchId, record },
    {
      name,
      schema,
      table: relation,
      fate: 'deleted',
      content: sql`to_jsonb(s) - ${rootName}`,
      rows: sql`SELECT c.*, c.id::text AS ${rootColumn} FROM ${table(record.relation)} AS c
      WHERE c.id = ANY(${sql.param([...ids])}::${sql.raw(record.idType)}[])`,
    },
  );
  for (const each of reached.filter(isKept)) {
    const names = [...each.primaryKey, ...each.columns];
    await keepRows(
      connection,
      { batchId, record },
      {
        ...each,
        content:
          each.fate === 'deleted'
            ? sql`to_jsonb(s) - ${rootName}`
            : sql`(SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(to_jsonb(s)) AS e WHERE e.key = ANY(${sql.param(names)}::text[]))`,
      },
    );
  }
}

const rootName = sql.raw("'litemaas: root'::text");

async function keepRows(
  connection: Connection,
  { batchId, record }: Pick<Deletion, 'batchId' | 'record'>,
  rows: {
    readonly name: string;
    readonly schema: string;
    readonly table: string;
    readonly fate: Reached['fate'];
    readonly content: SQL;
    readonly rows: SQL;
  },
): Promise<void> {
  const secrets = rows.fate === 'deleted' ? await secretColumnsOf(connection, rows.name) : [];
  await connection.run(sql`
    INSERT INTO ${table('deleted_rows')} (batch_id, record_kind, record_id, schema_name, table_name, fate, content, left_out)
    SELECT ${batchId}::uuid, ${record.kind}, s.${rootColumn}, ${rows.schema}, ${rows.table}, ${rows.fate},
      ${rows.content} - ${sql.param(secrets)}::text[], ${sql.param(secrets)}::text[]
    FROM (${rows.rows}) AS s`);
}

const groupRow = z.strictObject({
  schema_name: z.string(),
  table_name: z.string(),
  fate: z.enum(['deleted', 'blanked']),
  names: z.array(z.string()),
  columns: z.array(z.string()),
  primary_key: z.array(z.string()),
});

/** Rows that triggers of ours make by themselves when what they belong to is made: the kept ones take their place. */
const madeByTriggers: ReadonlyMap<string, SQL> = new Map([
  [tables.team_members, sql.raw('user_id::text')],
  [tables.api_key_models, sql.raw('api_key_id::text')],
]);

/**
 * Brings records back with what went with them: the rows themselves, then what referred to them, in the order in which
 * they went. In the transaction of the undo.
 * @param deletion the batch that deleted them.
 * @throws AppError `db_constraint` where something else has taken their place since.
 */
export async function restoreDeletedRows(
  connection: Connection,
  { batchId, record, ids }: Deletion,
): Promise<void> {
  const { select, run } = connection;
  const which = sql`d.batch_id = ${batchId} AND d.record_kind = ${record.kind} AND d.record_id = ANY(${sql.param([...ids])}::text[])`;
  const groups = await select(
    groupRow,
    sql`
    WITH kept AS (
      SELECT d.schema_name, d.table_name, d.fate, names.list AS names, min(d.id) AS first
      FROM ${from('deleted_rows', 'd')}
      CROSS JOIN LATERAL (SELECT array_agg(key ORDER BY key) AS list FROM jsonb_object_keys(d.content) AS key) AS names
      WHERE ${which} GROUP BY 1, 2, 3, 4
    )
    SELECT k.schema_name, k.table_name, k.fate, k.names,
      ARRAY(SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0
        AND NOT a.attisdropped AND a.attgenerated = '' AND a.attname = ANY(k.names) ORDER BY a.attnum) AS columns,
      ARRAY(SELECT a.attname::text FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid
        AND a.attnum = ANY(i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY a.attnum) AS primary_key
    FROM kept AS k
    JOIN pg_namespace AS n ON n.nspname = k.schema_name
    JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = k.table_name
    ORDER BY k.first`,
  );
  for (const group of groups) {
    const relation = sql`${sql.identifier(group.schema_name)}.${sql.identifier(group.table_name)}`;
    const rows = sql`
      SELECT r.* FROM ${from('deleted_rows', 'd')} CROSS JOIN LATERAL jsonb_populate_record(NULL::${relation}, d.content) AS r
      WHERE ${which} AND d.schema_name = ${group.schema_name} AND d.table_name = ${group.table_name} AND d.fate = ${group.fate}
        AND (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(d.content) AS key) = ${sql.param(group.names)}::text[]`;
    const identifiers = (names: readonly string[], alias = ''): SQL =>
      sql.join(
        names.map((name) => sql`${sql.raw(alias)}${sql.identifier(name)}`),
        sql`, `,
      );
    if (group.fate === 'deleted') {
      const owner = madeByTriggers.get(`${group.schema_name}.${group.table_name}`);
      if (owner !== undefined) {
        await run(sql`DELETE FROM ${relation} AS t USING (${rows}) AS r WHERE t.${owner} = r.${owner}`);
      }
      await run(sql`
        INSERT INTO ${relation} (${identifiers(group.columns)}) OVERRIDING SYSTEM VALUE
        SELECT ${identifiers(group.columns, 'r.')} FROM (${rows}) AS r`);
    } else if (group.primary_key.length > 0) {
      const blanked = group.columns.filter((name) => !group.primary_key.includes(name));
      if (blanked.length === 0) continue;
      const same = group.primary_key.map(
        (name) => sql`t.${sql.identifier(name)} = r.${sql.identifier(name)}`,
      );
      const given = blanked.map((name) => sql`${sql.identifier(name)} = r.${sql.identifier(name)}`);
      // Whoever was given another reference since keeps it.
      const blank = blanked.map((name) => sql`t.${sql.identifier(name)} IS NULL`);
      const former =
        `${group.schema_name}.${group.table_name}` === tables.audit_logs
          ? sql`, metadata = t.metadata - 'former_user_id'`
          : sql``;
      await run(sql`
        UPDATE ${relation} AS t SET ${sql.join(given, sql`, `)}${former} FROM (${rows}) AS r
        WHERE ${sql.join([...same, ...blank], sql` AND `)}`);
    }
  }
}

const keptRow = z.strictObject({ batch_id: uuid, record_id: z.string() });

/** Of which deletions the rows were kept: the records, by the batch that deleted them. */
export async function keptDeletions(
  { select }: Connection,
  kind: RecordTable['kind'],
  changeIds: readonly string[],
): Promise<Map<string, string[]>> {
  const kept = new Map<string, string[]>();
  if (changeIds.length === 0) return kept;
  const rows = await select(
    keptRow,
    sql`
    SELECT c.batch_id, c.record_id FROM ${from('changes', 'c')}
    WHERE c.id = ANY(${sql.param([...changeIds])}::bigint[]) AND EXISTS (
      SELECT FROM ${from('deleted_rows', 'd')}
      WHERE d.batch_id = c.batch_id AND d.record_kind = ${kind} AND d.record_id = c.record_id)
    ORDER BY c.id`,
  );
  for (const row of rows) kept.set(row.batch_id, [...(kept.get(row.batch_id) ?? []), row.record_id]);
  return kept;
}
