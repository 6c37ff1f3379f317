import { sql } from 'drizzle-orm';

/** The tables that hold the rows of `c`: itself, or every partition below it. Takes no lock on them. */
const leaves = sql`(
  WITH RECURSIVE tree AS (
    SELECT c.oid AS relid
    UNION ALL
    SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent = tree.relid
  )
  SELECT leaf.* FROM tree JOIN pg_catalog.pg_class AS leaf ON leaf.oid = tree.relid WHERE leaf.relkind <> 'p')`;

/** Before 14 a table that was never analysed has 0 rows and 0 pages; since then it says -1. */
const known = (table: string) =>
  sql.raw(`CASE WHEN ${table}.reltuples < 0 THEN NULL
    WHEN ${table}.reltuples = 0 AND ${table}.relpages = 0
      AND pg_catalog.current_setting('server_version_num')::int < 140000 THEN NULL
    ELSE ${table}.reltuples::float8 END`);

/** The planner's row estimate of `c`, a bigint. */
export const estimatedRows = sql`(CASE c.relkind
  WHEN 'v' THEN NULL
  WHEN 'p' THEN (SELECT pg_catalog.sum(${known('leaf')}) FROM ${leaves} AS leaf)
  ELSE ${known('c')} END)::bigint`;

/** Bytes of `c` on disk, indexes and TOAST included. Asks the file system, and waits for whoever locks the table. */
export const exactSize = sql`(CASE c.relkind
  WHEN 'p' THEN (SELECT coalesce(pg_catalog.sum(pg_catalog.pg_total_relation_size(leaf.oid)), 0) FROM ${leaves} AS leaf)
  WHEN 'r' THEN pg_catalog.pg_total_relation_size(c.oid)
  WHEN 'm' THEN pg_catalog.pg_total_relation_size(c.oid) END)::bigint`;

/**
 * The same as the last VACUUM or ANALYZE left it in the catalogue, to be joined to `c` as `recorded (oid, bytes)`: waits
 * for nobody, and costs the same for one table as for all.
 */
export const recordedSizes = sql`LEFT JOIN (
  WITH RECURSIVE tree AS (
    SELECT whole.oid AS root, whole.oid AS leaf FROM pg_catalog.pg_class AS whole WHERE whole.relkind IN ('r', 'm', 'p')
    UNION ALL
    SELECT tree.root, i.inhrelid
    FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent = tree.leaf
    JOIN pg_catalog.pg_class AS child ON child.oid = i.inhrelid AND child.relispartition
  ), part AS (
    SELECT own.oid AS owner, own.relpages FROM pg_catalog.pg_class AS own WHERE own.relkind IN ('r', 'm')
    UNION ALL
    SELECT i.indrelid, index.relpages
    FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS index ON index.oid = i.indexrelid
    UNION ALL
    SELECT own.oid, toast.relpages
    FROM pg_catalog.pg_class AS own JOIN pg_catalog.pg_class AS toast ON toast.oid = own.reltoastrelid
  )
  SELECT tree.root AS oid,
    (pg_catalog.sum(part.relpages) * pg_catalog.current_setting('block_size')::int)::bigint AS bytes
  FROM tree JOIN part ON part.owner = tree.leaf GROUP BY tree.root
) AS recorded ON recorded.oid = c.oid`;
