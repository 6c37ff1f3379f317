import type pg from 'pg';
import * as z from 'zod';
import { tables } from './relations';

/** The usage log has a partition for each of these months around the present one. */
export const partitionMonths = { back: 36, ahead: 3 } as const;

const lockTimeoutMs = 5_000;

/**
 * Creates the missing month partitions of `usage_logs`, oldest first, from 36 months back to 3 ahead of `now`. Each is
 * built on its own and attached under a lock timeout; rows of the month that had gone to the DEFAULT partition move
 * into it. A month that somebody detached stays out.
 *
 * Runs inside the caller's transaction if there is one.
 * @returns the names of the partitions created.
 * @throws the database's error 55P03 when the log stayed locked for 5 seconds.
 */
export async function ensurePartitions(client: pg.ClientBase, now: Date): Promise<string[]> {
  const created: string[] = [];
  const missing = await missingPartitionMonths(client, now);
  if (missing.length === 0) return created;
  await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
  for (const month of missing) {
    const name = await createPartition(client, month);
    if (name !== null) created.push(name);
  }
  return created;
}

/**
 * Creates the partition of one month (`YYYY-MM`), rows of DEFAULT included.
 * @returns its name; NULL where a table of that name is there, attached or not.
 */
export async function createPartition(client: pg.ClientBase, month: string): Promise<string | null> {
  const { rows } = await client.query('SELECT litemaas_console.create_usage_partition($1::date) AS created', [
    `${month}-01`,
  ]);
  const [{ created }] = z.tuple([z.strictObject({ created: z.boolean() })]).parse(rows);
  return created ? `usage_logs_${month.replace('-', '_')}` : null;
}

/**
 * The months (`YYYY-MM`, oldest first) around `now` that the usage log has no attached partition for.
 * @param back from this many months before `now` on.
 */
export async function missingPartitionMonths(
  client: pg.ClientBase,
  now: Date,
  back: number = partitionMonths.back,
): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT to_char(wanted.month, 'YYYY-MM') AS month
     FROM (
       SELECT date_trunc('month', $1::timestamptz AT TIME ZONE 'UTC') + make_interval(months => month_offset) AS month
       FROM generate_series($2::int, $3::int) AS month_offset
     ) AS wanted
     WHERE NOT EXISTS (
       SELECT FROM pg_inherits
       JOIN pg_class ON pg_class.oid = inhrelid
       WHERE inhparent = '${tables.usage_logs}'::regclass
         AND relname = 'usage_logs_' || to_char(wanted.month, 'YYYY_MM')
     )
     ORDER BY wanted.month`,
    [now.toISOString(), -back, partitionMonths.ahead],
  );
  return z
    .array(z.strictObject({ month: z.string() }))
    .parse(rows)
    .map(({ month }) => month);
}
