import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { from, type RelationName, table, tables } from '../../postgres/relations';
import type { RecordTable } from '../record-table';
import type { Losses } from './lost-parents';
import { valuesOfKeys } from './secret-columns';
import { type Cascade, type Reached, rootColumn } from './walk';

/** Its rows are archived as usage (usage-log/archive-usage), not row by row. */
const keptElsewhere: ReadonlySet<string> = new Set([tables.usage_logs]);

/** Whether what goes from a table, or is blanked in it, is kept row by row. */
export function isKept({ name, fate }: Pick<Reached, 'name' | 'fate'>): boolean {
  return fate !== 'blocks' && !keptElsewhere.has(name);
}

/** Which record, of which batch. */
export interface Deletion {
  readonly batchId: string;
  readonly record: RecordTable;
  readonly ids: readonly string[];
}

/** SQL: whether the row `alias` of `deleted_rows` went with the records, or lost its reference to what did. */
export function isOf({ batchId, record, ids }: Deletion, alias: string): SQL {
  const row = sql.identifier(alias);
  return sql`${row}.batch_id = ${batchId} AND ${row}.record_kind = ${record.kind}
    AND ${row}.record_id = ANY(${sql.param([...ids])}::text[])`;
}

/**
 * Writes down the records that are about to be deleted and what goes with them, in the transaction that deletes them and
 * after `followCascade` held the rows.
 */
export async function keepDeletedRows(
  connection: Connection,
  { batchId, record, ids }: Deletion,
  { reached, secrets }: Cascade,
): Promise<void> {
  const name = tables[record.relation];
  const [schema = '', relation = ''] = name.split('.');
  const batch = { batchId, record, ids };
  await keepRows(connection, batch, {
    schema,
    table: relation,
    fate: 'deleted',
    content: wholeRow,
    secrets: [...valuesOfKeys(name), ...(secrets.get(name) ?? [])],
    rows: sql`SELECT c.*, c.id::text AS ${rootColumn} FROM ${table(record.relation)} AS c
      WHERE c.id = ANY(${sql.param([...ids])}::${sql.raw(record.idType)}[])`,
  });
  for (const each of reached.filter(isKept)) {
    const names = sql.param([...each.primaryKey, ...each.columns]);
    await keepRows(connection, batch, {
      ...each,
      secrets: [...valuesOfKeys(each.name), ...(secrets.get(each.name) ?? [])],
      content:
        each.fate === 'deleted'
          ? wholeRow
          : sql`(SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(to_jsonb(s.*)) AS e WHERE e.key = ANY(${names}::text[]))`,
    });
  }
}

const rootName = sql.raw("'litemaas: root'::text");
const wholeRow = sql`to_jsonb(s.*) - ${rootName}`;

interface KeptRows {
  readonly schema: string;
  readonly table: string;
  readonly fate: Reached['fate'];
  /** Columns whose values are left out. */
  readonly secrets: readonly string[];
  readonly content: SQL;
  readonly rows: SQL;
}

async function keepRows(
  connection: Connection,
  { batchId, record, ids }: Deletion,
  { schema, table: name, fate, secrets, content, rows }: KeptRows,
): Promise<void> {
  const leftOut = sql.param([...secrets]);
  await connection.run(sql`
    INSERT INTO ${table('deleted_rows')} (batch_id, record_kind, record_id, schema_name, table_name, fate, content, left_out)
    SELECT ${batchId}::uuid, ${record.kind}, s.${rootColumn}, ${schema}, ${name}, ${fate},
      ${content} - ${leftOut}::text[], ${leftOut}::text[]
    FROM (${rows}) AS s WHERE s.${rootColumn} = ANY(${sql.param([...ids])}::text[])`);
}

const groupRow = z.strictObject({
  schema_name: z.string(),
  table_name: z.string(),
  fate: z.enum(['deleted', 'blanked']),
  names: z.array(z.string()),
  columns: z.array(z.string()),
  primary_key: z.array(z.string()),
  /** A column that must have a value was left out because it was secret. */
  lacks_value: z.boolean(),
});

/** What triggers of ours make by themselves for a new row: the rows that were kept take its place. */
const madeByTriggers: ReadonlyMap<string, { readonly made: RelationName; readonly owner: string }> = new Map([
  [tables.users, { made: 'team_members', owner: 'user_id' }],
  [tables.api_keys, { made: 'api_key_models', owner: 'api_key_id' }],
]);

/** How rows come back that must not be as they were: a key's value may be out, and LiteLLM may have deleted it since. */
const comeBackAs: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map([
  [tables.api_keys, { is_active: false }],
]);

/**
 * Brings records back with what went with them: the rows themselves, then what referred to them, in the order in which
 * they went. In the transaction of the undo. Keys come back switched off.
 * @param deletion the batch that deleted them.
 * @param losses kept rows that stay away, or come back with columns empty (`findLosses`).
 * @throws AppError `db_constraint` where something else has taken their place since.
 */
export async function restoreDeletedRows(
  connection: Connection,
  { batchId, record, ids }: Deletion,
  { rows: leftOut, emptied }: Pick<Losses, 'rows' | 'emptied'>,
): Promise<void> {
  const { select, run } = connection;
  const empty = Object.fromEntries(
    [...emptied].map(([id, columns]) => [id, Object.fromEntries([...columns].map((name) => [name, null]))]),
  );
  const which = sql`d.batch_id = ${batchId} AND d.record_kind = ${record.kind} AND d.record_id = ANY(${sql.param([...ids])}::text[])
    AND d.id <> ALL(${sql.param([...leftOut])}::bigint[])`;
  const groups = await select(
    groupRow,
    sql`
    WITH kept AS (
      SELECT d.schema_name, d.table_name, d.fate, names.list AS names, d.left_out, min(d.id) AS first
      FROM ${from('deleted_rows', 'd')}
      CROSS JOIN LATERAL (SELECT array_agg(key ORDER BY key) AS list FROM jsonb_object_keys(d.content) AS key) AS names
      WHERE ${which} GROUP BY 1, 2, 3, 4, 5
    )
    SELECT k.schema_name, k.table_name, k.fate, k.names,
      ARRAY(SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0
        AND NOT a.attisdropped AND a.attgenerated = '' AND a.attname = ANY(k.names) ORDER BY a.attnum) AS columns,
      ARRAY(SELECT a.attname::text FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid
        AND a.attnum = ANY(i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY a.attnum) AS primary_key,
      EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnotnull AND NOT a.atthasdef
        AND a.attidentity = '' AND a.attname = ANY(k.left_out)) AS lacks_value
    FROM kept AS k
    JOIN pg_namespace AS n ON n.nspname = k.schema_name
    JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = k.table_name
    ORDER BY k.first`,
  );
  for (const group of groups) {
    if (group.lacks_value) continue;
    const relation = sql`${sql.identifier(group.schema_name)}.${sql.identifier(group.table_name)}`;
    const changed =
      group.fate === 'deleted' ? comeBackAs.get(`${group.schema_name}.${group.table_name}`) : {};
    const rows = sql`
      SELECT r.* FROM ${from('deleted_rows', 'd')} CROSS JOIN LATERAL jsonb_populate_record(NULL::${relation},
        d.content || coalesce(${JSON.stringify(empty)}::jsonb -> d.id::text, '{}')
          || ${JSON.stringify(changed ?? {})}::jsonb) AS r
      WHERE ${which} AND d.schema_name = ${group.schema_name} AND d.table_name = ${group.table_name} AND d.fate = ${group.fate}
        AND (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(d.content) AS key) = ${sql.param(group.names)}::text[]`;
    const identifiers = (names: readonly string[], alias = ''): SQL =>
      sql.join(
        names.map((name) => sql`${sql.raw(alias)}${sql.identifier(name)}`),
        sql`, `,
      );
    if (group.fate === 'deleted') {
      await run(sql`
        INSERT INTO ${relation} (${identifiers(group.columns)}) OVERRIDING SYSTEM VALUE
        SELECT ${identifiers(group.columns, 'r.')} FROM (${rows}) AS r`);
      const byTrigger = madeByTriggers.get(`${group.schema_name}.${group.table_name}`);
      if (byTrigger !== undefined) {
        await run(
          sql`DELETE FROM ${table(byTrigger.made)} AS t USING (${rows}) AS r WHERE t.${sql.identifier(byTrigger.owner)} = r.id`,
        );
      }
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

const returningKey = z.strictObject({ of: z.string(), id: z.string(), works: z.boolean() });
export type ReturningKey = z.infer<typeof returningKey>;

/** LiteLLM is told of a key that came back off, and says whether it still has it. */
export const newsOfReturningKey = { fields: ['isActive'], taken: ['isActive'] };

/**
 * The keys that come back with records: whose they are, and whether they worked when they went.
 * @param changeIds the journal's rows of the deletions that are taken back.
 */
export async function readReturningKeys(
  { select }: Connection,
  changeIds: readonly string[],
): Promise<ReturningKey[]> {
  if (changeIds.length === 0) return [];
  const [schema = '', name = ''] = tables.api_keys.split('.');
  return select(
    returningKey,
    sql`
    SELECT d.record_id AS "of", d.content ->> 'id' AS id, d.content ->> 'is_active' = 'true' AS works
    FROM ${from('changes', 'c')} JOIN ${from('deleted_rows', 'd')} ON d.batch_id = c.batch_id
      AND d.record_kind = c.record_kind AND d.record_id = c.record_id
    WHERE c.id = ANY(${sql.param([...changeIds])}::bigint[]) AND d.fate = 'deleted'
      AND d.schema_name = ${schema} AND d.table_name = ${name} AND d.record_kind <> 'api_key'
    ORDER BY d.id`,
  );
}
