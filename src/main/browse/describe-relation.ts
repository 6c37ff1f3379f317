import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import {
  foreignKey,
  foreignReference,
  tableColumn,
  tableConstraint,
  tableIndex,
  tablePartition,
  tableStatistics,
  tableTrigger,
} from '../../shared/contract/browse';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { maskText } from '../masking/mask-text';
import { isSecretColumn } from '../masking/secret-columns';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { estimatedRows, exactSize, recordedSizes } from './catalogue-figures';
import { findRelation } from './known-relation';
import { relationRows, withoutWaiting } from './list-relations';

type Relation = ResultOf<Contract['browse']['relation']>;
type Column = Relation['columns'][number];

const mostListed = 500;

/** Everything the catalogue says about one relation. */
export const describeRelation: Handler<Contract['browse']['relation']> = (
  name,
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const { oid } = await findRelation(connection, name);
    const [row] = await relationRows(connection, [oid]);
    if (!row) throw new Error(`relation ${oid} vanished within one snapshot`);
    const columns = await readColumns(connection, oid, row.name);
    const byPosition = columns.filter(({ keyPosition }) => keyPosition !== null);
    byPosition.sort((one, other) => (one.keyPosition ?? 0) - (other.keyPosition ?? 0));
    return {
      ...row,
      columns,
      primaryKey: byPosition.map((column) => column.name),
      constraints: await readConstraints(connection, oid),
      indexes: await readIndexes(connection, oid),
      triggers: await readTriggers(connection, oid),
      foreignKeys: await readForeignKeys(connection, oid),
      referencedBy: await readReferences(connection, oid),
      ...(await readPartitioning(connection, oid)),
      statistics: await readStatistics(connection, oid),
    };
  });

const columnRow = tableColumn.omit({ secret: true }).extend({ category: z.string() });

async function readColumns({ select }: Connection, oid: string, relation: string): Promise<Column[]> {
  const columns = await select(
    columnRow,
    sql`
    SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
      pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default, a.attgenerated <> '' AS generated,
      a.attidentity <> '' AS identity, pg_catalog.array_position(k.conkey, a.attnum) AS "keyPosition",
      pg_catalog.col_description(a.attrelid, a.attnum) AS comment, t.typcategory AS category
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = a.attrelid AND k.contype = 'p'
    WHERE a.attrelid = ${oid}::oid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum`,
  );
  return columns.map(({ category, comment, ...column }) => {
    const secret = isSecretColumn({ relation, column: column.name, typeCategory: category });
    return {
      ...column,
      secret,
      default: shownDefault(column.default, secret),
      comment: comment === null ? null : maskText(comment).text,
    };
  });
}

/** A default of a secret column may be the secret. */
function shownDefault(expression: string | null, secret: boolean): string | null {
  if (expression === null) return null;
  return maskText(secret ? expression.replace(/'(?:[^']|'')+'/g, `'…'`) : expression).text;
}

async function readConstraints({ select }: Connection, oid: string): Promise<Relation['constraints']> {
  // Whether a column may be NULL is said with the column; only PostgreSQL 18 has constraints for it.
  const constraints = await select(
    tableConstraint,
    sql`
    SELECT k.conname AS name, pg_catalog.pg_get_constraintdef(k.oid, true) AS definition, k.convalidated AS validated,
      CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
        WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' ELSE 'trigger' END AS kind
    FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = ${oid}::oid AND k.contype <> 'n'
    ORDER BY pg_catalog.array_position(ARRAY['p', 'u', 'f', 'c', 'x', 't']::text[], k.contype::text), k.conname
    LIMIT ${mostListed}`,
  );
  return constraints.map(withoutSecrets);
}

const exactIndexSize = sql`pg_catalog.pg_relation_size(i.indexrelid)`;
/** As the last VACUUM or ANALYZE left it in the catalogue. */
const recordedIndexSize = sql`index.relpages::int8 * pg_catalog.current_setting('block_size')::int`;

async function readIndexes(connection: Connection, oid: string): Promise<Relation['indexes']> {
  const read = (bytes: SQL) =>
    connection.select(
      tableIndex,
      sql`
    SELECT index.relname AS name, pg_catalog.pg_get_indexdef(i.indexrelid) AS definition, i.indisunique AS unique,
      i.indisprimary AS primary, i.indisvalid AS valid,
      coalesce(${bytes}, 0)::text AS "sizeBytes", used.idx_scan::text AS scans
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS index ON index.oid = i.indexrelid
    LEFT JOIN pg_catalog.pg_stat_all_indexes AS used ON used.indexrelid = i.indexrelid
    WHERE i.indrelid = ${oid}::oid
    ORDER BY i.indisprimary DESC, index.relname LIMIT ${mostListed}`,
    );
  const indexes = await withoutWaiting(
    connection,
    () => read(exactIndexSize),
    () => read(recordedIndexSize),
  );
  return indexes.map(withoutSecrets);
}

async function readTriggers({ select }: Connection, oid: string): Promise<Relation['triggers']> {
  const triggers = await select(
    tableTrigger,
    sql`
    SELECT g.tgname AS name, pg_catalog.pg_get_triggerdef(g.oid, true) AS definition, g.tgenabled <> 'D' AS enabled
    FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid = ${oid}::oid AND NOT g.tgisinternal
    ORDER BY g.tgname LIMIT ${mostListed}`,
  );
  return triggers.map(withoutSecrets);
}

function readForeignKeys({ select }: Connection, oid: string): Promise<Relation['foreignKeys']> {
  const names = (table: string, numbers: string) => sql`ARRAY(
    SELECT a.attname::text FROM pg_catalog.unnest(${sql.raw(numbers)}) WITH ORDINALITY AS place (attnum, position)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = ${sql.raw(table)} AND a.attnum = place.attnum
    ORDER BY place.position)`;
  return select(
    foreignKey,
    sql`
    SELECT k.conname AS name, n.nspname AS schema, c.relname AS relation,
      ${names('k.conrelid', 'k.conkey')} AS columns, ${names('k.confrelid', 'k.confkey')} AS "referencedColumns"
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.confrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE k.conrelid = ${oid}::oid AND k.contype = 'f'
      -- A partitioned table that is referenced has a constraint for each of its partitions besides.
      AND (k.conparentid = 0 OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS whole WHERE whole.oid = k.conparentid AND whole.conrelid = k.conrelid))
    ORDER BY k.conname LIMIT ${mostListed}`,
  );
}

function readReferences({ select }: Connection, oid: string): Promise<Relation['referencedBy']> {
  // A foreign key of a partitioned table has a copy for each partition, with the original as its parent.
  return select(
    foreignReference,
    sql`
    SELECT n.nspname AS schema, c.relname AS relation, k.conname AS name,
      pg_catalog.pg_get_constraintdef(k.oid, true) AS definition
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE k.confrelid = ${oid}::oid AND k.contype = 'f' AND k.conparentid = 0
    ORDER BY n.nspname, c.relname, k.conname LIMIT ${mostListed}`,
  );
}

type Partitioning = Pick<
  Relation,
  'partitionOf' | 'partitionKey' | 'partitions' | 'partitionCount' | 'viewDefinition'
>;

const partitioningRow = z.strictObject({
  parentSchema: z.string().nullable(),
  parent: z.string().nullable(),
  partitionKey: z.string().nullable(),
  partitionCount: z.int(),
  viewDefinition: z.string().nullable(),
});

async function readPartitioning(connection: Connection, oid: string): Promise<Partitioning> {
  const [own] = await connection.select(
    partitioningRow,
    sql`
    SELECT pn.nspname AS "parentSchema", p.relname AS parent,
      CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS "partitionKey",
      CASE WHEN c.relkind = 'p' THEN
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = c.oid) ELSE 0
      END::int AS "partitionCount",
      CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid, true) END AS "viewDefinition"
    FROM pg_catalog.pg_class AS c
    LEFT JOIN pg_catalog.pg_inherits AS up ON up.inhrelid = c.oid AND c.relispartition
    LEFT JOIN pg_catalog.pg_class AS p ON p.oid = up.inhparent
    LEFT JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
    WHERE c.oid = ${oid}::oid`,
  );
  const partitions = (own?.partitionCount ?? 0) === 0 ? [] : await readPartitions(connection, oid);
  const { parentSchema = null, parent = null } = own ?? {};
  const view = own?.viewDefinition ?? null;
  return {
    partitionOf: parentSchema !== null && parent !== null ? { schema: parentSchema, relation: parent } : null,
    partitionKey: own?.partitionKey ?? null,
    partitions,
    partitionCount: own?.partitionCount ?? 0,
    viewDefinition: view === null ? null : maskText(view).text,
  };
}

/** Bounds and exact sizes can't be had of a partition that somebody rewrites. */
function readPartitions(connection: Connection, oid: string): Promise<Relation['partitions']> {
  const read = ({ bounds, bytes, join }: Record<'bounds' | 'bytes' | 'join', SQL>) =>
    connection.select(
      tablePartition,
      sql`
      SELECT n.nspname AS schema, c.relname AS name, ${bounds} AS bounds,
        ${estimatedRows}::text AS "estimatedRows", coalesce(${bytes}, 0)::text AS "sizeBytes"
      FROM pg_catalog.pg_inherits AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      ${join}
      WHERE i.inhparent = ${oid}::oid
      ORDER BY c.relname, n.nspname LIMIT ${mostListed}`,
    );
  return withoutWaiting(
    connection,
    () =>
      read({
        bounds: sql`coalesce(pg_catalog.pg_get_expr(c.relpartbound, c.oid), '')`,
        bytes: exactSize,
        join: sql``,
      }),
    () => read({ bounds: sql`''`, bytes: sql`recorded.bytes`, join: recordedSizes }),
  );
}

async function readStatistics({ select }: Connection, oid: string): Promise<Relation['statistics']> {
  const [statistics] = await select(
    tableStatistics,
    sql`
    SELECT s.n_live_tup::text AS "liveRows", s.n_dead_tup::text AS "deadRows",
      greatest(s.last_vacuum, s.last_autovacuum) AS "lastVacuumAt",
      greatest(s.last_analyze, s.last_autoanalyze) AS "lastAnalyzeAt"
    FROM pg_catalog.pg_stat_all_tables AS s WHERE s.relid = ${oid}::oid`,
  );
  return statistics ?? null;
}

function withoutSecrets<Row extends { readonly definition: string }>(row: Row): Row {
  return { ...row, definition: maskText(row.definition).text };
}
