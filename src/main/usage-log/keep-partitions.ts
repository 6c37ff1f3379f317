import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { AppError, isCancelled } from '../../shared/errors';
import { recordChange } from '../changes/record-change';
import { say } from '../kernel/say';
import type { Connection, Database } from '../postgres/database';
import { createPartition, missingPartitionMonths } from '../postgres/ensure-partitions';
import { from, tables } from '../postgres/relations';
import type { OpenWorkspace } from '../workspace/open-workspace';

/** What made the console create months of the usage log. */
export type PartitionsOccasion = 'by_hand' | 'opening' | 'pull';

/** Whoever opens a workspace or starts a pull waits no longer. */
const mostMs = 5_000;
/** Writers of usage may queue behind a month that is attached: no longer than this, and again after a rest. */
const lockTimeoutMs = 100;
const mostTries = 4;
const restMs = 250;
/** The advisory lock of consoles that create months: any constant that nothing else in the database uses. */
const partitionsLock = '5307214066839120457';
/** Attaching a month reads DEFAULT under its lock: 8 MB are read in a few milliseconds. */
const mostDefaultBytes = 8 * 1024 * 1024;

/** Why months are missing that should be ready, by database: what kept the console from creating them. */
const obstacles = new WeakMap<Database, string>();

/** Why the console could not keep the log's months ready the last time it tried; NULL where it could, or never tried. */
export function obstacleToPartitions(database: Database): string | null {
  return obstacles.get(database) ?? null;
}

/**
 * Creates the present month of the usage log and the next three where they are missing, each in a transaction with its
 * audit entry. Leaves to a person what would hold up writers, and code that runs as somebody else's. Never rejects: what
 * kept it from doing so is {@link obstacleToPartitions}.
 */
export async function keepPartitionsAhead(
  workspace: OpenWorkspace,
  occasion: PartitionsOccasion,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<void> {
  const { database } = workspace;
  if (database.readOnly) return;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(mostMs)]);
  try {
    const { months, obstacle } = await database.read(limited, (connection) => look(connection, now));
    for (const month of months) await createAgain(workspace, occasion, month, limited);
    remember(database, obstacle);
    if (months.length > 0) workspace.dataChanged();
  } catch (error) {
    if (signal.aborted) return;
    if (isCancelled(error)) remember(database, say('health.partitions.tookTooLong'));
    else remember(database, error instanceof AppError ? error.message : String(error));
  }
}

function remember(database: Database, obstacle: string | null): void {
  if (obstacle === null) obstacles.delete(database);
  else obstacles.set(database, obstacle);
}

/** Records months that were created, in the transaction that created them. */
export async function recordPartitions(
  connection: Connection,
  workspace: OpenWorkspace,
  created: readonly string[],
  occasion: PartitionsOccasion,
): Promise<void> {
  if (created.length === 0) return;
  await recordChange(connection, workspace, {
    action: 'PARTITIONS_CREATE',
    id: tables.usage_logs,
    before: null,
    after: { partitions: [...created] },
    facts: { occasion },
  });
}

const logFacts = z.strictObject({ isOwn: z.boolean(), rowsWait: z.boolean() });

/** Which months to create, and what speaks against it. */
async function look(
  connection: Connection,
  now: Date,
): Promise<{ readonly months: readonly string[]; readonly obstacle: string | null }> {
  const missing = await missingPartitionMonths(connection.client, now, 0);
  const [first] = missing;
  if (first === undefined) return { months: [], obstacle: null };
  // The routine runs with the rights of whoever signed in, and nobody asked for it here: it must be their own.
  const month = sql`(${`${first}-01`}::timestamp AT TIME ZONE 'UTC')`;
  const [found] = await connection.select(
    logFacts,
    sql`
    SELECT coalesce(log.relowner = me.oid AND routine.proowner = me.oid AND current_user = session_user, false) AS "isOwn",
      pg_relation_size(${tables.usage_logs_default}::regclass) > ${mostDefaultBytes} OR EXISTS (
        SELECT FROM ${from('usage_logs_default')} WHERE created_at >= ${month} AND created_at < ${month} + interval '4 months'
      ) AS "rowsWait"
    FROM pg_class AS log
    JOIN pg_roles AS me ON me.rolname = session_user
    LEFT JOIN pg_proc AS routine
      ON routine.oid = to_regprocedure('litemaas_console.create_usage_partition(date)')
    WHERE log.oid = ${tables.usage_logs}::regclass`,
  );
  if (found?.isOwn !== true) return { months: [], obstacle: say('health.partitions.othersLog') };
  if (found.rowsWait) return { months: [], obstacle: say('health.partitions.rowsInDefault') };
  return { months: missing, obstacle: null };
}

/** Again where others held the log. */
async function createAgain(
  workspace: OpenWorkspace,
  occasion: PartitionsOccasion,
  month: string,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await workspace.database.write(signal, async (connection) => {
        await connection.run(sql.raw(`SET LOCAL lock_timeout = ${String(lockTimeoutMs)}`));
        await connection.run(sql`SELECT pg_advisory_xact_lock(${partitionsLock}::bigint)`);
        const created = await createPartition(connection.client, month);
        await recordPartitions(connection, workspace, created === null ? [] : [created], occasion);
      });
    } catch (error) {
      const isLocked = error instanceof AppError && error.details?.['sqlState'] === '55P03';
      if (!isLocked || tries === mostTries) throw error;
      await pause(restMs, undefined, { signal });
    }
  }
}
