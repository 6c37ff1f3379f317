import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import * as z from 'zod';
import { bigInteger } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import type { Database } from '../../postgres/database';
import { toDatabaseError } from '../../postgres/errors';
import { onOwnConnection } from '../../postgres/own-connection';
import { say } from '../../kernel/say';
import { identifier, qualified } from '../checks/check';
import { type InvalidIndex, readInvalidIndexes } from '../checks/invalid-indexes';
import type { StepwiseWork } from './repair';
import { throwIfCancelled } from '../../kernel/cancelled';

const progressEveryMs = 500;
const cleanUpLockTimeoutMs = 10_000;
const cleanUpTimeoutMs = 60_000;
/** How long writers may queue behind a statement that waits for the table, how often it is tried, and the rest between. */
const lockTimeoutMs = 1_000;
const mostTries = 30;
const restMs = 2_000;

/** Whether a statement about indexes lets the table be written while it runs and while it waits. */
export function runsBesideWriters(statement: string): boolean {
  return /INDEX CONCURRENTLY /.test(statement);
}

/**
 * Runs statements that build indexes, one by one, with PostgreSQL's own progress. A concurrent build that fails or is
 * cancelled leaves an invalid index behind: it is dropped again. What locks the table waits for it a moment at a time,
 * so that nobody queues behind it for long.
 * @throws AppError as {@link toDatabaseError} says; `db_constraint` where rows break a unique index.
 */
export async function buildIndexes(
  { workspace: { database }, signal, report }: StepwiseWork,
  title: string,
  statements: readonly string[],
): Promise<void> {
  try {
    await onOwnConnection(database.config, signal, async (client) => {
      // A lock timeout in the middle of a concurrent build would leave an invalid index.
      await client.query('SET lock_timeout = 0');
      for (const [index, statement] of statements.entries()) {
        throwIfCancelled(signal);
        const step = { title, done: index, total: statements.length };
        report({ ...step, detail: statement });
        if (!runsBesideWriters(statement)) {
          const onWait = (): void => report({ ...step, detail: say('health.repair.waits') });
          await runBetweenWriters(client, statement, signal, onWait);
          continue;
        }
        const before = namesOf(await readInvalidIndexes(client));
        const stopFollowing = followBuild(database, client, (detail) => report({ ...step, detail }));
        try {
          await client.query(statement).finally(stopFollowing);
        } catch (error) {
          if (!isLost(error)) await dropLeftovers(database, statement, before);
          throw error;
        }
      }
    });
  } catch (error) {
    throw toDatabaseError(error, signal);
  }
}

/** Tries again where the lock is not to be had in time; at last its error is thrown. */
async function runBetweenWriters(
  client: pg.ClientBase,
  statement: string,
  signal: AbortSignal,
  onWait: () => void,
): Promise<void> {
  await client.query(`SET lock_timeout = ${lockTimeoutMs}`);
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query(statement);
      break;
    } catch (error) {
      if (!isLockTimeout(error) || tries === mostTries) throw error;
      onWait();
      await pause(restMs, undefined, { signal });
    }
  }
  await client.query('SET lock_timeout = 0');
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '55P03';
}

function isLost(error: unknown): boolean {
  const known = toDatabaseError(error);
  return known instanceof AppError && known.code === 'db_unreachable';
}

function namesOf(indexes: readonly InvalidIndex[]): ReadonlySet<string> {
  return new Set(indexes.map(({ schema, name }) => qualified(schema, name)));
}

/** Only what this statement left behind: any other index that is invalid is somebody else's work. */
async function dropLeftovers(
  database: Database,
  statement: string,
  before: ReadonlySet<string>,
): Promise<void> {
  try {
    // The connection that was cancelled may be given up any moment.
    await onOwnConnection(database.config, AbortSignal.timeout(cleanUpTimeoutMs), async (client) => {
      await client.query(`SET lock_timeout = ${cleanUpLockTimeoutMs}`);
      for (const index of await readInvalidIndexes(client)) {
        const name = qualified(index.schema, index.name);
        if (isLeftBy(statement, index) && !before.has(name)) {
          await client.query(`DROP INDEX CONCURRENTLY ${name}`);
        }
      }
    });
  } catch {
    // It stays as a finding of its own.
  }
}

/** A rebuild leaves the copy that PostgreSQL made under a name of its own. */
function isLeftBy(statement: string, { schema, name, table_name: table }: InvalidIndex): boolean {
  const original = name.replace(/_cc(new|old)\d*$/, '');
  return original === name
    ? statement.includes(` INDEX CONCURRENTLY ${identifier(name)} ON ${qualified(schema, table)} `)
    : statement === `REINDEX INDEX CONCURRENTLY ${qualified(schema, original)};`;
}

const buildProgress = z.strictObject({ phase: z.string(), done: bigInteger, total: bigInteger });

/** Reports how far the client's build is. Returns how to stop. */
function followBuild(database: Database, client: pg.ClientBase, show: (detail: string) => void): () => void {
  const processId = (client as unknown as { processID: number | null }).processID;
  const stopping = new AbortController();
  const look = async (): Promise<void> => {
    const [found] = await database.read(stopping.signal, ({ select }) =>
      select(
        buildProgress,
        sql`SELECT phase, greatest(blocks_done, tuples_done)::text AS done, greatest(blocks_total, tuples_total)::text AS total
         FROM pg_stat_progress_create_index WHERE pid = ${processId}`,
      ),
    );
    if (found && !stopping.signal.aborted) {
      show(say(found.total === '0' ? 'health.repair.phase' : 'health.repair.phaseOf', { ...found }));
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), progressEveryMs);
  return () => {
    clearInterval(timer);
    stopping.abort();
  };
}
