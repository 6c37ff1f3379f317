import type pg from 'pg';
import { AppError } from '../../../shared/errors';
import type { Database } from '../../postgres/database';
import { toDatabaseError } from '../../postgres/errors';
import { say } from '../../say';
import { qualified } from '../checks/check';
import { readInvalidIndexes } from '../checks/invalid-indexes';
import { onOwnConnection } from './own-connection';
import type { StepwiseWork } from './repair';

const progressEveryMs = 500;
const cleanUpTimeoutMs = 10_000;

/**
 * Runs statements that build indexes concurrently, one by one, with PostgreSQL's own progress. A statement that fails
 * or is cancelled leaves an invalid index behind: it is dropped again.
 * @throws AppError as {@link toDatabaseError} says; `db_constraint` where rows break a unique index.
 */
export async function buildIndexes(
  { workspace: { database }, signal, report }: StepwiseWork,
  title: string,
  statements: readonly string[],
): Promise<void> {
  try {
    await onOwnConnection(database, signal, async (client) => {
      const before = new Set(
        (await readInvalidIndexes(client)).map(({ schema, name }) => qualified(schema, name)),
      );
      try {
        for (const [index, statement] of statements.entries()) {
          if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
          const step = { title, done: index, total: statements.length };
          report({ ...step, detail: statement });
          const stopFollowing = followBuild(database, client, (detail) => report({ ...step, detail }));
          await client.query(statement).finally(stopFollowing);
        }
      } catch (error) {
        await dropLeftovers(client, before);
        throw error;
      }
    });
  } catch (error) {
    throw toDatabaseError(error, signal);
  }
}

/** Only what this run left behind: an index that was invalid before is somebody else's work. */
async function dropLeftovers(client: pg.Client, before: ReadonlySet<string>): Promise<void> {
  try {
    await client.query(`SET lock_timeout = ${cleanUpTimeoutMs}`);
    for (const { schema, name, is_partitioned: isPartitioned } of await readInvalidIndexes(client)) {
      const index = qualified(schema, name);
      if (!isPartitioned && !before.has(index)) await client.query(`DROP INDEX CONCURRENTLY ${index}`);
    }
  } catch {
    // It stays as a finding of its own.
  }
}

interface BuildProgress {
  readonly phase: string;
  readonly done: string;
  readonly total: string;
}

/** Reports how far the client's build is. Returns how to stop. */
function followBuild(database: Database, client: pg.Client, show: (detail: string) => void): () => void {
  const processId = (client as unknown as { processID: number | null }).processID;
  const stopping = new AbortController();
  const look = async (): Promise<void> => {
    const found = await database.read(stopping.signal, async (connection) => {
      const { rows } = await connection.client.query<BuildProgress>(
        `SELECT phase, greatest(blocks_done, tuples_done)::text AS done, greatest(blocks_total, tuples_total)::text AS total
         FROM pg_stat_progress_create_index WHERE pid = $1`,
        [processId],
      );
      return rows[0];
    });
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
