import { sql } from 'drizzle-orm';
import * as z from 'zod';
import {
  entityCounts,
  runSummary,
  syncEntities,
  type SyncEntity,
  type SyncRun,
} from '../../../../shared/contract/sync';
import { bigInteger, instant } from '../../../../shared/contract/values';
import type { ErrorEnvelope } from '../../../../shared/errors';
import type { Connection } from '../../../postgres/database';
import { from, table } from '../../../postgres/relations';
import { pullLockIsHeld } from './pull-lock';

/**
 * A run that began longer ago than this is not taken up again: what it has read is out of date. Not measured from its
 * last attempt, or a run that keeps failing would keep its finished lists for ever.
 */
const resumableHours = 24;

const entityProgress = entityCounts.omit({ entity: true });
export type EntityProgress = z.infer<typeof entityProgress>;

/** How far the spend log has been read. */
const spendPosition = z.strictObject({
  /** Everything from here … */
  from: instant,
  /** … up to here was read. */
  upTo: instant,
  /** The first backfill goes back to here. */
  target: instant,
  /** Requests from here on count towards quotas; what is older is history. */
  countFrom: instant,
  /** When the last two days were last read again for stragglers. */
  rereadAt: instant,
});
export type SpendPosition = Readonly<z.infer<typeof spendPosition>>;

const runCursor = z.strictObject({
  /** Where the interrupted entity goes on. */
  page: z.strictObject({ entity: z.enum(syncEntities), number: z.int() }).nullable(),
  spend: spendPosition.nullable(),
});
export type RunCursor = Readonly<z.infer<typeof runCursor>>;

/** A run as the job holds it while it works. */
export interface PullRun {
  readonly id: string;
  readonly entities: Record<SyncEntity, EntityProgress>;
  cursor: RunCursor;
}

const runRow = z.strictObject({
  id: bigInteger,
  state: runSummary.shape.state,
  counts: z.partialRecord(z.enum(syncEntities), entityProgress),
  cursor: runCursor.nullable(),
  error: z.looseObject({ message: z.string().optional() }).nullable(),
  started_at: instant,
  finished_at: instant.nullable(),
  updated_at: instant,
});
type Row = z.infer<typeof runRow>;
const runRowToTakeUp = runRow.extend({ resumable: z.boolean() });
const createdRun = z.strictObject({ id: bigInteger });
const countedRuns = z.strictObject({ total: z.int() });

/** The last state of each run: a run that says it is running while nobody holds the lock was interrupted. */
const visibleState = sql`CASE WHEN run.state = 'running' AND NOT ${pullLockIsHeld} THEN 'interrupted' ELSE run.state END`;

const isResumable = sql`(${visibleState}) IN ('cancelled', 'interrupted', 'failed')
  AND run.started_at > CURRENT_TIMESTAMP - make_interval(hours => ${resumableHours})`;

/**
 * Takes up the last run where it stopped, or begins a new one. Call it with the pull lock held: whatever still says
 * that it is running was interrupted.
 */
export async function beginRun(
  { select, run }: Connection,
  proxyId: string,
  actor: string,
): Promise<PullRun> {
  await run(sql`
    UPDATE ${table('sync_runs')} SET state = 'interrupted', finished_at = updated_at
    WHERE kind = 'pull' AND state = 'running'`);
  const [last] = await select(
    runRowToTakeUp,
    sql`
    SELECT run.id, run.state, run.counts, run.cursor, run.error, run.started_at, run.finished_at, run.updated_at,
      run.state <> 'running' AND run.state <> 'succeeded'
        AND run.started_at > CURRENT_TIMESTAMP - make_interval(hours => ${resumableHours}) AS resumable
    FROM ${from('sync_runs', 'run')} WHERE run.kind = 'pull' AND run.proxy_id = ${proxyId}
    ORDER BY run.id DESC LIMIT 1`,
  );
  if (last?.resumable) {
    await run(sql`
      UPDATE ${table('sync_runs')} SET state = 'running', error = NULL, finished_at = NULL,
        updated_at = CURRENT_TIMESTAMP, actor = ${actor}
      WHERE id = ${last.id}::bigint`);
    return {
      id: last.id,
      entities: progressOf(last, 'waiting'),
      cursor: last.cursor ?? { page: null, spend: null },
    };
  }
  const cursor: RunCursor = { page: null, spend: last?.cursor?.spend ?? null };
  const [created] = await select(
    createdRun,
    sql`
    INSERT INTO ${table('sync_runs')} (proxy_id, kind, state, actor, cursor)
    VALUES (${proxyId}, 'pull', 'running', ${actor}, ${JSON.stringify(cursor)}::jsonb) RETURNING id`,
  );
  if (!created) throw new Error('INSERT … RETURNING answered no row');
  return { id: created.id, entities: progressOf(null, 'waiting'), cursor };
}

/** Writes how far the run is; in the transaction of what was done, so that both are true or neither is. */
export async function saveProgress(connection: Connection, run: PullRun): Promise<void> {
  await connection.run(sql`
    UPDATE ${table('sync_runs')}
    SET counts = ${JSON.stringify(run.entities)}::jsonb, cursor = ${JSON.stringify(run.cursor)}::jsonb,
      updated_at = CURRENT_TIMESTAMP
    WHERE id = ${run.id}::bigint`);
}

export async function finishRun(
  connection: Connection,
  run: PullRun,
  outcome: { readonly state: 'succeeded' | 'failed' | 'cancelled'; readonly error: ErrorEnvelope | null },
): Promise<SyncRun> {
  await saveProgress(connection, run);
  const error = outcome.error === null ? null : JSON.stringify(outcome.error);
  await connection.run(sql`
    UPDATE ${table('sync_runs')}
    SET state = ${outcome.state}, error = ${error}::jsonb, finished_at = CURRENT_TIMESTAMP
    WHERE id = ${run.id}::bigint`);
  const [row] = await connection.select(
    runRow,
    sql`
    SELECT run.id, run.state, run.counts, run.cursor, run.error, run.started_at, run.finished_at, run.updated_at
    FROM ${from('sync_runs', 'run')} WHERE run.id = ${run.id}::bigint`,
  );
  if (!row) throw new Error('the row of the run is gone');
  return summaryOf(row);
}

export interface LastRun {
  readonly summary: SyncRun;
  readonly resumable: boolean;
  readonly spend: SpendPosition | null;
}

/** The last run with this proxy; null before the first. */
export async function readLastRun({ select }: Connection, proxyId: string): Promise<LastRun | null> {
  const [row] = await select(
    runRowToTakeUp,
    sql`
    SELECT ${summaryColumns}, ${isResumable} AS resumable FROM ${from('sync_runs', 'run')}
    WHERE run.kind = 'pull' AND run.proxy_id = ${proxyId} ORDER BY run.id DESC LIMIT 1`,
  );
  return row ? { summary: summaryOf(row), resumable: row.resumable, spend: row.cursor?.spend ?? null } : null;
}

/** One page of all runs, newest first unless asked otherwise. */
export async function readRuns(
  { select }: Connection,
  page: { readonly page: number; readonly pageSize: number; readonly ascending: boolean },
): Promise<{ rows: SyncRun[]; total: number; totalIsExact: boolean }> {
  const direction = page.ascending ? sql`ASC` : sql`DESC`;
  const rows = await select(
    runRow,
    sql`
    SELECT ${summaryColumns} FROM ${from('sync_runs', 'run')} WHERE run.kind = 'pull'
    ORDER BY run.started_at ${direction}, run.id ${direction}
    LIMIT ${page.pageSize} OFFSET ${page.page * page.pageSize}`,
  );
  const [counted] = await select(
    countedRuns,
    sql`SELECT count(*)::int AS total FROM ${from('sync_runs')} WHERE kind = 'pull'`,
  );
  return { rows: rows.map(summaryOf), total: counted?.total ?? 0, totalIsExact: true };
}

const summaryColumns = sql`run.id, ${visibleState} AS state, run.counts, run.cursor, run.error, run.started_at,
  CASE WHEN (${visibleState}) = 'interrupted' THEN COALESCE(run.finished_at, run.updated_at) ELSE run.finished_at END
    AS finished_at,
  run.updated_at`;

function summaryOf(row: Row): SyncRun {
  const stopped = row.state === 'running' ? 'running' : row.state === 'failed' ? 'failed' : 'waiting';
  const entities = progressOf(row, 'waiting');
  return {
    id: row.id,
    state: row.state,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    entities: syncEntities.map((entity) => {
      const { state, read, created, updated, unchanged, homeless } = entities[entity];
      const shown = state === 'running' ? stopped : state;
      return { entity, state: shown, read, created, updated, unchanged, homeless };
    }),
    error: row.error?.message ?? null,
  };
}

function progressOf(row: Pick<Row, 'counts'> | null, initial: 'waiting'): Record<SyncEntity, EntityProgress> {
  const none = { state: initial, read: 0, created: 0, updated: 0, unchanged: 0, homeless: 0 } as const;
  return Object.fromEntries(
    syncEntities.map((entity) => [entity, { ...none, ...row?.counts[entity] }]),
  ) as Record<SyncEntity, EntityProgress>;
}
