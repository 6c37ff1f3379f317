import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { tables } from '../../postgres/relations';

const action = z.enum(['cascade', 'restrict', 'no action', 'set null', 'set default']);

const foreignKeyRow = z.strictObject({
  name: z.string(),
  child: z.string(),
  child_schema: z.string(),
  child_name: z.string(),
  /** The partitioned table where it refers to a partition. */
  parent: z.string(),
  columns: z.array(z.string()),
  parent_columns: z.array(z.string()),
  parent_types: z.array(z.string()),
  /** Of the table that refers. */
  primary_key: z.array(z.string()),
  action,
  /** The columns that are blanked. */
  blanked: z.array(z.string()),
  /** Whether all of these may be empty. */
  may_be_blank: z.boolean(),
  is_partitioned: z.boolean(),
  /**
   * Whether its rows can be found as PostgreSQL itself finds them, with nothing of anybody else's run on the way: keys
   * and places can be read, no policy hides rows, keys are of PostgreSQL's own plain types with its own equality, and the
   * table is one of ours or of the role that is signed in.
   */
  is_followable: z.boolean(),
});

/** A foreign key by which rows go, are blanked or keep others from going when a row is deleted. */
export type ForeignKey = z.infer<typeof foreignKeyRow>;

const ownTables: readonly string[] = Object.values(tables);

/** Databases with more foreign keys than this are not a LiteMaaS database. */
const mostForeignKeys = 5_000;

/**
 * Every foreign key of the database, a site's own tables among them.
 * @throws AppError `validation` where there are too many to follow.
 */
export async function readForeignKeys({ select }: Connection): Promise<ForeignKey[]> {
  const rows = await select(
    foreignKeyRow,
    sql`
    SELECT c.conname AS name, c.conrelid::text AS child, n.nspname AS child_schema, t.relname AS child_name,
      coalesce(pg_partition_root(c.confrelid), c.confrelid)::oid::text AS parent,
      ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum ORDER BY k.place) AS columns,
      ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.attnum ORDER BY k.place) AS parent_columns,
      ARRAY(SELECT format_type(a.atttypid, -1) FROM unnest(c.confkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.attnum ORDER BY k.place) AS parent_types,
      ARRAY(SELECT a.attname::text FROM pg_index AS i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = c.conrelid AND i.indisprimary ORDER BY k.place) AS primary_key,
      CASE c.confdeltype WHEN 'c' THEN 'cascade' WHEN 'r' THEN 'restrict' WHEN 'n' THEN 'set null'
        WHEN 'd' THEN 'set default' ELSE 'no action' END AS action,
      ARRAY(SELECT a.attname::text FROM unnest(coalesce(c.confdelsetcols, c.conkey)) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum ORDER BY k.place) AS blanked,
      NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND a.attnotnull
        AND a.attnum = ANY(coalesce(c.confdelsetcols, c.conkey))) AS may_be_blank,
      t.relkind = 'p' AS is_partitioned,
      has_schema_privilege(n.oid, 'USAGE') AND (has_table_privilege(c.conrelid, 'SELECT') OR NOT EXISTS (
          SELECT FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND NOT a.attisdropped
            AND (a.attname IN ('tableoid', 'ctid') OR a.attnum = ANY(c.conkey) OR EXISTS (SELECT FROM pg_constraint AS k
              WHERE a.attnum = ANY(k.conkey) AND k.conrelid = a.attrelid AND k.contype = 'p'
                OR a.attnum = ANY(k.confkey) AND k.confrelid = a.attrelid AND k.contype = 'f'))
            AND NOT has_column_privilege(a.attrelid, a.attnum, 'SELECT')))
        AND NOT row_security_active(c.conrelid)
        AND (t.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) OR n.nspname || '.' || t.relname = ANY(${sql.param([...ownTables])}::text[]))
        AND NOT EXISTS (SELECT FROM unnest(c.conpfeqop) AS used (operator) JOIN pg_operator AS o ON o.oid = used.operator
          WHERE o.oprnamespace <> 'pg_catalog'::regnamespace)
        AND NOT EXISTS (SELECT FROM pg_attribute AS a JOIN pg_type AS y ON y.oid = a.atttypid
          WHERE (a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) OR a.attrelid = c.confrelid AND a.attnum = ANY(c.confkey))
            AND (y.typnamespace <> 'pg_catalog'::regnamespace OR y.typtype <> 'b' OR y.typcategory = 'A'
              OR y.typname IN ('json', 'jsonb'))) AS is_followable
    FROM pg_constraint AS c
    JOIN pg_class AS t ON t.oid = c.conrelid
    JOIN pg_namespace AS n ON n.oid = t.relnamespace
    WHERE c.contype = 'f' AND c.conparentid = 0
      -- Keys that are not enforced (from PostgreSQL 18 on) do nothing.
      AND coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true)
    ORDER BY c.oid LIMIT ${mostForeignKeys + 1}`,
  );
  if (rows.length > mostForeignKeys) {
    throw new AppError('validation', say('changes.cascade.tooManyKeys', { limit: mostForeignKeys }));
  }
  return rows;
}
