import { type SQL, sql } from 'drizzle-orm';

/** The first half of the keys of the console's advisory locks: any constant that nothing else in the database uses. */
const lockClass = 1_280_855_117;

/** That of locks that only say what another lock is held for. */
const markClass = lockClass + 1;

/** The second half, by what is done under the lock. */
const lockNumbers = { pull: 1, takeAdmin: 2, move: 3, nameTeam: 4, switchKeys: 5, send: 6 } as const;

export type AdvisoryLock = keyof typeof lockNumbers;

/** Both halves of a lock's key, as PostgreSQL's functions take them. */
export function lockKey(name: AdvisoryLock): readonly [number, number] {
  return [lockClass, lockNumbers[name]];
}

/** SQL: takes the lock until the transaction ends, and waits for it. */
export function lockUntilCommit(name: AdvisoryLock): SQL {
  return sql.raw(`SELECT pg_advisory_xact_lock(${lockKey(name).join(', ')})`);
}

/** SQL: whether some console holds the lock right now. */
export function lockIsHeld(name: AdvisoryLock): SQL {
  const [first, second] = lockKey(name);
  return isHeld(sql.raw(`held.classid = ${String(first)} AND held.objid = ${String(second)}`));
}

/** SQL: says until the session ends what its lock is for. */
export const markText = `SELECT pg_advisory_lock_shared(${String(markClass)}, hashtext($1))`;

/** SQL: whether some console holds a lock for this. */
export function isMarked(what: SQL): SQL {
  return isHeld(sql`held.classid = ${sql.raw(String(markClass))}
    AND held.objid = (hashtext(${what})::bigint & 4294967295)::oid`);
}

function isHeld(which: SQL): SQL {
  return sql`EXISTS (
  SELECT FROM pg_locks held
  WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2 AND ${which}
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
}
