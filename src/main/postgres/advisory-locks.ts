import { type SQL, sql } from 'drizzle-orm';

/** The first half of the keys of the console's advisory locks: any constant that nothing else in the database uses. */
const lockClass = 1_280_855_117;

/** The second half, by what is done under the lock. */
const lockNumbers = { pull: 1, takeAdmin: 2, move: 3 } as const;

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
  return sql.raw(`EXISTS (
  SELECT FROM pg_locks held
  WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
    AND held.classid = ${String(first)} AND held.objid = ${String(second)}
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`);
}
