import type pg from 'pg';
import * as z from 'zod';
import { bigInteger } from '../../../shared/contract/values';

const invalidIndex = z.strictObject({
  schema: z.string(),
  name: z.string(),
  table_name: z.string(),
  definition: z.string(),
  is_unique: z.boolean(),
  /** The parent over all partitions: it becomes valid when each partition has its part. */
  is_partitioned: z.boolean(),
  /** What REINDEX CONCURRENTLY left behind when it failed: to be dropped, the original still serves. */
  is_leftover: z.boolean(),
  size_bytes: bigInteger,
  table_bytes: bigInteger,
});
export type InvalidIndex = Readonly<z.infer<typeof invalidIndex>>;

/** Indexes that exist and do not serve, in any schema; without those that are being built right now. Also on a connection of its own. */
export async function readInvalidIndexes(client: pg.ClientBase): Promise<InvalidIndex[]> {
  const { rows } = await client.query(`
    SELECT n.nspname AS schema, i.relname AS name, c.relname AS table_name, pg_get_indexdef(i.oid) AS definition,
      x.indisunique AS is_unique, i.relkind = 'I' AS is_partitioned, i.relname ~ '_cc(new|old)\\d*$' AS is_leftover,
      pg_relation_size(i.oid)::text AS size_bytes, pg_relation_size(c.oid)::text AS table_bytes
    FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = i.relnamespace
    WHERE NOT (x.indisvalid AND x.indisready AND x.indislive)
      AND n.nspname !~ '^pg_(toast|temp)'
      -- Which table others build on, only pg_read_all_stats sees; their locks everybody.
      AND NOT EXISTS (
        SELECT FROM pg_stat_progress_create_index p
        JOIN pg_locks l ON l.pid = p.pid AND l.database = p.datid
        WHERE p.datname = current_database() AND l.relation = c.oid AND l.granted
          AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock')
      )
    ORDER BY 1, 2`);
  return z.array(invalidIndex).parse(rows);
}
