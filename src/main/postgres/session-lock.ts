import { AppError } from '../../shared/errors';
import { type MainText, say } from '../kernel/say';
import { type AdvisoryLock, lockKey, markText } from './advisory-locks';
import type { Database } from './database';
import { toDatabaseError } from './errors';
import { checkOwnSession } from './own-session';
import { CheckedClient } from './wire';

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
 * @param what what it is taken for, where others are to know (`isMarked`).
 * @throws AppError `busy` when another console holds it, `db_server` where a pooler in between would give the lock's
 *   session to others or loses its settings.
 */
export async function takeSessionLock(
  database: Database,
  name: AdvisoryLock,
  texts: SessionLockTexts,
  what?: string,
): Promise<SessionLock> {
  const client = new CheckedClient(database.config);
  const lost = new AbortController();
  client.on('error', () => lost.abort(new AppError('db_unreachable', say(texts.lost))));
  try {
    await client.connect();
    await checkOwnSession(client, database.config);
    const { rows } = await client.query<{ taken: unknown }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
      ...lockKey(name),
    ]);
    if (rows[0]?.taken !== true) throw new AppError('busy', say(texts.busy), { hint: say(texts.busyHint) });
    if (what !== undefined) await client.query(markText, [what]);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw toDatabaseError(error);
  }
  return { lost: lost.signal, release: () => client.end().catch(() => undefined) };
}
