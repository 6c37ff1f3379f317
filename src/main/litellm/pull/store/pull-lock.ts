import { lockIsHeld } from '../../../postgres/advisory-locks';
import type { Database } from '../../../postgres/database';
import { type SessionLock, takeSessionLock } from '../../../postgres/session-lock';

/** SQL: whether some console is pulling into this database right now. */
export const pullLockIsHeld = lockIsHeld('pull');

/**
 * Makes sure that only one console pulls into a database.
 * @throws AppError as {@link takeSessionLock}.
 */
export function takePullLock(database: Database): Promise<SessionLock> {
  return takeSessionLock(database, 'pull', {
    busy: 'litellm.pull.busy',
    busyHint: 'litellm.pull.busyHint',
    lost: 'litellm.pull.connectionLost',
  });
}
