import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ResultOf } from '../../shared/contract/index';
import type { databaseContract } from '../../shared/contract/database';
import { bigInteger, instant } from '../../shared/contract/values';
import { missingPartitionMonths } from '../postgres/ensure-partitions';
import type { WorkspaceCall } from '../router/handlers';
import { from, tables } from '../postgres/relations';

type Partitions = ResultOf<typeof databaseContract.partitions>;

const partitionRow = z.strictObject({
  name: z.string(),
  is_default: z.boolean(),
  from_at: instant.nullable(),
  to_at: instant.nullable(),
  estimated_rows: bigInteger,
  size_bytes: bigInteger,
});
const counted = z.strictObject({ count: bigInteger });

/**
 * The month partitions of `usage_logs` with PostgreSQL's own row estimates, the months that should exist and do
 * not, and how many rows had to go to the DEFAULT partition.
 */
export async function listPartitions({ signal, workspace }: WorkspaceCall, now: Date): Promise<Partitions> {
  return workspace.database.read(signal, async ({ client, select }) => {
    const rows = await select(
      partitionRow,
      sql`
      WITH bounds AS (
        SELECT
          child.oid,
          child.relname AS name,
          pg_get_expr(child.relpartbound, child.oid) AS expression,
          greatest(child.reltuples, 0)::bigint AS estimated_rows,
          pg_total_relation_size(child.oid) AS size_bytes
        FROM pg_inherits
        JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = ${tables.usage_logs}::regclass
      )
      SELECT
        name,
        expression = 'DEFAULT' AS is_default,
        substring(expression FROM $$FROM \\('([^']+)'\\)$$)::timestamptz AS from_at,
        substring(expression FROM $$TO \\('([^']+)'\\)$$)::timestamptz AS to_at,
        estimated_rows,
        size_bytes
      FROM bounds
      ORDER BY is_default, from_at DESC NULLS LAST, name`,
    );
    const [inDefault] = await select(
      counted,
      sql`SELECT count(*) AS count FROM ${from('usage_logs_default')}`,
    );
    return {
      partitions: rows.map((row) => ({
        name: row.name,
        from: row.from_at,
        to: row.to_at,
        isDefault: row.is_default,
        estimatedRows: row.estimated_rows,
        sizeBytes: row.size_bytes,
      })),
      missingMonths: await missingPartitionMonths(client, now),
      rowsInDefault: inDefault?.count ?? '0',
    };
  });
}
