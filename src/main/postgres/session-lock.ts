import { type SQL, sql } from 'drizzle-orm';
import { AppError } from '../../shared/errors';
import { type MainText, say } from '../kernel/say';
import type { Database } from './database';
import { toDatabaseError } from './errors';
import { checkOwnSession } from './own-session';
import { CheckedClient } from './wire';

/** The first half of each lock's key: any constant that nothing else in the database uses. */
const lockClass = 1_280_855_117;

/** The second half, by what is done under the lock. */
const lockNumbers = { pull: 1, move: 3 } as const;
type SessionLockName = keyof typeof lockNumbers;

/** SQL: whether some console holds the lock right now. */
export function lockIsHeld(name: SessionLockName): SQL {
  return sql.raw(`EXISTS (
  SELECT FROM pg_locks held
  WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
    AND held.classid = ${String(lockClass)} AND held.objid = ${String(lockNumbers[name])}
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`);
}

export interface SessionLock {
  /** Aborted when the lock was lost, because its connection was. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** What is said where another console has the lock, and where its connection was lost. */
interface SessionLockTexts {
  readonly busy: MainText;
  readonly busyHint: MainText;
  readonly lost: MainText;
}

/**
 * Makes sure that only one console does something in a database. The lock lives on a connection of its own and goes with
 * it, so that a killed console leaves none behind.
 * @throws AppError `busy` when another console holds it, `db_server` where a pooler in between would give the lock's
 *   session to others or loses its settings.
 */
export async function takeSessionLock(
  database: Database,
  name: SessionLockName,
  texts: SessionLockTexts,
): Promise<SessionLock> {
  const client = new CheckedClient(database.config);
  const lost = new AbortController();
  client.on('error', () => lost.abort(new AppError('db_unreachable', say(texts.lost))));
  try {
    await client.connect();
    await checkOwnSession(client, database.config);
    const { rows } = await client.query<{ taken: unknown }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
      lockClass,
      lockNumbers[name],
    ]);
    if (rows[0]?.taken !== true) throw new AppError('busy', say(texts.busy), { hint: say(texts.busyHint) });
  } catch (error) {
    await client.end().catch(() => undefined);
    throw toDatabaseError(error);
  }
  return { lost: lost.signal, release: () => client.end().catch(() => undefined) };
}
