import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import { relationKinds, type RelationName } from '../../shared/contract/browse';
import { bigInteger } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import type { Connection } from '../postgres/database';
import { isSecretColumn } from '../masking/secret-columns';
import { say } from '../kernel/say';
import { estimatedRows } from './catalogue-figures';
import { btree, operatorSchema } from './default-order';

export type RelationKind = (typeof relationKinds)[number];

const columnRow = z.strictObject({
  name: z.string(),
  /** As `format_type` writes it, with its length or precision. */
  type: z.string(),
  /** The type below any domains, without length or precision: what a value that is compared with it is read as. */
  baseType: z.string(),
  baseTypeOid: z.int(),
  /** `pg_type.typcategory`. */
  category: z.string(),
  /** Bytes of every value; negative where they vary. */
  typeLength: z.int(),
  nullable: z.boolean(),
  /** The schema of its default order's operators; NULL where the type has none, or none that may be run. */
  operatorSchema: z.string().nullable(),
});

/** A column that the role may read, as the catalogue has it. */
export interface KnownColumn extends Readonly<z.output<typeof columnRow>> {
  readonly secret: boolean;
}

/** A relation that was found in the catalogue; every name in it is the catalogue's own. */
export interface KnownRelation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly estimatedRows: string | null;
  readonly columns: readonly KnownColumn[];
  /**
   * How its rows are paged: by the columns of a unique key; by their place in the table; or, where a row has no place
   * of its own, by counting (views, foreign tables, what has rows in several tables and no key over all of them).
   */
  readonly paging:
    | { readonly by: 'key'; readonly columns: readonly KnownColumn[] }
    | { readonly by: 'place' }
    | { readonly by: 'count' };
}

/** The kind in the contract's words, of `pg_class` as `c`. */
export const kindOfRelation = sql`CASE
  WHEN c.relispartition THEN 'partition'
  WHEN c.relkind = 'r' THEN 'table'
  WHEN c.relkind = 'p' THEN 'partitioned table'
  WHEN c.relkind = 'v' THEN 'view'
  WHEN c.relkind = 'm' THEN 'materialized view'
  ELSE 'foreign table' END`;

/** What Browse calls a relation; indexes, sequences and TOAST tables are none. */
export const isRelation = sql`c.relkind IN ('r', 'p', 'v', 'm', 'f')`;

/** Whether the role may read any column of `c` in the schema `n`. */
export const isReadable = sql`(pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))`;

/** How the relation is written in a statement: quoted. */
export function quotedName({ schema, name }: Pick<KnownRelation, 'schema' | 'name'>): SQL {
  return sql`${sql.identifier(schema)}.${sql.identifier(name)}`;
}

/** How a relation is named to a person. */
export function spokenName({ schema, relation }: RelationName): string {
  return `${schema}.${relation}`;
}

/** What one look at the catalogue tells of a relation. */
const foundRelation = z.strictObject({
  oid: z.string(),
  schema: z.string(),
  name: z.string(),
  kind: z.enum(relationKinds),
  /** The planner's; NULL where there is none. */
  estimatedRows: bigInteger.nullable(),
  readable: z.boolean(),
  storesRows: z.boolean(),
  partitioned: z.boolean(),
  hasChildren: z.boolean(),
});
type FoundRelation = z.output<typeof foundRelation>;

/** Throws `not_found` when there is no relation of that name. */
export async function findRelation({ select }: Connection, name: RelationName): Promise<FoundRelation> {
  // Compared as text: PostgreSQL would cut a longer name to 63 bytes and find another relation.
  const [found] = await select(
    foundRelation,
    sql`
    SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, ${kindOfRelation} AS kind,
      ${estimatedRows}::text AS "estimatedRows", ${isReadable} AS readable, c.relkind IN ('r', 'm') AS "storesRows",
      c.relkind = 'p' AS partitioned,
      EXISTS (SELECT FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = c.oid) AS "hasChildren"
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = ${name.schema.replaceAll('\0', '')}::text AND c.relname = ${name.relation.replaceAll('\0', '')}::text
      AND ${isRelation}`,
  );
  if (found) return found;
  throw new AppError('not_found', say('sql.browse.noRelation', { name: spokenName(name) }), {
    hint: say('sql.browse.noRelationHint'),
  });
}

/**
 * A relation whose rows are to be read.
 * @throws AppError `not_found`; `db_permission` when the role may not read it.
 */
export async function readableRelation(connection: Connection, name: RelationName): Promise<KnownRelation> {
  const found = await findRelation(connection, name);
  if (!found.readable) {
    throw new AppError('db_permission', say('sql.browse.notReadable', { name: spokenName(name) }), {
      hint: say('sql.browse.notReadableHint'),
    });
  }
  const columns = await readColumns(connection, found.oid, found.name);
  return { ...found, columns, paging: await pagingOf(connection, found, columns) };
}

async function readColumns(
  { select }: Connection,
  oid: string,
  relation: string,
): Promise<readonly KnownColumn[]> {
  const columns = await select(
    columnRow,
    sql`
    SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
      pg_catalog.format_type(base.oid, -1) AS "baseType", base.oid AS "baseTypeOid",
      base.typcategory AS category, base.typlen::int AS "typeLength",
      -- NOT NULL that was never checked (PostgreSQL 18) promises nothing of older rows.
      NOT a.attnotnull OR EXISTS (SELECT FROM pg_catalog.pg_constraint AS k
        WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey)
      ) AS nullable,
      ${operatorSchema} AS "operatorSchema"
    FROM pg_catalog.pg_attribute AS a
    CROSS JOIN LATERAL (
      WITH RECURSIVE layer AS (
        SELECT t.oid, t.typtype, t.typbasetype FROM pg_catalog.pg_type AS t WHERE t.oid = a.atttypid
        UNION ALL
        SELECT t.oid, t.typtype, t.typbasetype
        FROM layer JOIN pg_catalog.pg_type AS t ON t.oid = layer.typbasetype WHERE layer.typtype = 'd'
      )
      SELECT layer.oid FROM layer WHERE layer.typtype <> 'd'
    ) AS below
    JOIN pg_catalog.pg_type AS base ON base.oid = below.oid
    WHERE a.attrelid = ${oid}::oid AND a.attnum > 0 AND NOT a.attisdropped
      AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
    ORDER BY a.attnum`,
  );
  return columns.map((column) => ({
    ...column,
    secret: isSecretColumn({ relation, column: column.name, typeCategory: column.category }),
  }));
}

async function pagingOf(
  connection: Connection,
  facts: FoundRelation,
  columns: readonly KnownColumn[],
): Promise<KnownRelation['paging']> {
  // Rows of tables that inherit from this one are rows of it, and no key of it holds for them.
  const oneTable = facts.storesRows && !facts.hasChildren;
  if (oneTable || facts.partitioned) {
    for (const names of await uniqueKeys(connection, facts.oid)) {
      const key = names.map((name) => columns.find((column) => column.name === name));
      if (key.every((column) => column !== undefined && column.operatorSchema !== null)) {
        return { by: 'key', columns: key as KnownColumn[] };
      }
    }
  }
  return oneTable ? { by: 'place' } : { by: 'count' };
}

/** Column names of the keys that tell every row from every other, the primary key first. */
async function uniqueKeys({ select }: Connection, oid: string): Promise<readonly (readonly string[])[]> {
  const keys = await select(
    z.strictObject({ columns: z.array(z.string()) }),
    sql`
    SELECT ARRAY(
        SELECT a.attname::text
        FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY AS place (attnum, position)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = place.attnum
        WHERE place.position <= i.indnkeyatts ORDER BY place.position
      ) AS columns
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS index ON index.oid = i.indexrelid AND index.relam = ${btree}
    WHERE i.indrelid = ${oid}::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
      AND NOT EXISTS (
        SELECT
        FROM ROWS FROM (pg_catalog.unnest(i.indkey), pg_catalog.unnest(i.indclass)) WITH ORDINALITY AS place (attnum, class, position)
        LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = place.attnum
        LEFT JOIN pg_catalog.pg_opclass AS class ON class.oid = place.class
        WHERE place.position <= i.indnkeyatts AND (
          NOT a.attnotnull OR NOT class.opcdefault
          -- NOT NULL that was never checked (PostgreSQL 18) promises nothing of older rows.
          OR EXISTS (SELECT FROM pg_catalog.pg_constraint AS k
            WHERE k.conrelid = i.indrelid AND k.contype = 'n' AND NOT k.convalidated
              AND place.attnum = ANY (k.conkey))))
    ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid`,
  );
  return keys.map(({ columns }) => columns);
}
