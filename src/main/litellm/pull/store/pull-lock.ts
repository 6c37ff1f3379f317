import { sql } from 'drizzle-orm';
import { AppError } from '../../../../shared/errors';
import type { Database } from '../../../postgres/database';
import { toDatabaseError } from '../../../postgres/errors';
import { checkOwnSession } from '../../../postgres/own-session';
import { CheckedClient } from '../../../postgres/wire';
import { say } from '../../../kernel/say';

/** The two halves of the advisory lock's key: any constants that nothing else in this database uses. */
const lockClass = 1_280_855_117;
const lockNumber = 1;

/** SQL: whether some console is pulling into this database right now. */
export const pullLockIsHeld = sql.raw(`EXISTS (
  SELECT FROM pg_locks held
  WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
    AND held.classid = ${lockClass} AND held.objid = ${lockNumber}
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`);

export interface PullLock {
  /** Aborted when the lock was lost, because its connection was. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Makes sure that only one console pulls into a database. The lock lives on a connection of its own and goes with it,
 * so that a killed console leaves none behind.
 * @throws AppError `busy` when another console is pulling, `db_server` where a pooler in between would give the lock's
 *   session to others or loses its settings.
 */
export async function takePullLock(database: Database): Promise<PullLock> {
  const client = new CheckedClient(database.config);
  const lost = new AbortController();
  client.on('error', () => lost.abort(new AppError('db_unreachable', say('litellm.pull.connectionLost'))));
  try {
    await client.connect();
    await checkOwnSession(client, database.config);
    const { rows } = await client.query<{ taken: unknown }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
      lockClass,
      lockNumber,
    ]);
    if (rows[0]?.taken !== true) {
      throw new AppError('busy', say('litellm.pull.busy'), {
        hint: say('litellm.pull.busyHint'),
      });
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw toDatabaseError(error);
  }
  return { lost: lost.signal, release: () => client.end().catch(() => undefined) };
}
