import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { HealthFinding } from '../../../shared/contract/health';
import { bigInteger, instant } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { say } from '../../kernel/say';
import { type Check, type CheckOutcome, facts } from './check';

/** From how many minutes on something is a finding. */
export interface SessionThresholds {
  readonly idleInTransaction: number;
  readonly longRunning: number;
  readonly waiting: number;
  readonly prepared: number;
}

const thresholds: SessionThresholds = { idleInTransaction: 5, longRunning: 15, waiting: 1, prepared: 60 };

/**
 * Other sessions of this database that hold back vacuum or one another. What they run is not shown: statements may
 * hold secrets.
 */
export const checkSessions: Check = ({ connection }) => findSessions(connection, thresholds);

/** As {@link checkSessions}, with thresholds of one's own. */
export async function findSessions(
  { select }: Connection,
  { idleInTransaction, longRunning, waiting, prepared }: SessionThresholds,
): Promise<CheckOutcome> {
  const rows = await select(sessionRow, sessionsQuery({ idleInTransaction, longRunning, waiting, prepared }));
  const [hidden] = await select(
    hiddenSessions,
    sql`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND query = '<insufficient privilege>'`,
  );
  const unseen = hidden?.count ?? 0;
  return {
    findings: rows.map(toFinding),
    notes: unseen === 0 ? [] : [say('health.sessions.hidden', { count: unseen })],
  };
}

const sessionRow = z.strictObject({
  kind: z.enum(['idle', 'long', 'waiting', 'prepared']),
  name: z.string(),
  user_name: z.string().nullable(),
  application: z.string().nullable(),
  since: instant,
  for_ms: bigInteger,
  blocked_by: z.string().nullable(),
});
const hiddenSessions = z.strictObject({ count: z.int() });

const sessionsQuery = ({ idleInTransaction, longRunning, waiting, prepared }: SessionThresholds): SQL => sql`
  WITH sessions AS (
    SELECT
      CASE
        WHEN state LIKE 'idle in transaction%' AND state_change < now() - make_interval(mins => ${idleInTransaction}) THEN 'idle'
        WHEN cardinality(pg_blocking_pids(pid)) > 0 AND state_change < now() - make_interval(mins => ${waiting}) THEN 'waiting'
        WHEN state = 'active' AND query_start < now() - make_interval(mins => ${longRunning}) THEN 'long'
      END AS kind,
      pid::text AS name, usename AS user_name, application_name AS application,
      CASE WHEN state = 'active' THEN query_start ELSE state_change END AS since,
      nullif(array_to_string(pg_blocking_pids(pid), ', '), '') AS blocked_by
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    UNION ALL
    SELECT 'prepared', gid, owner, NULL, prepared, NULL
    FROM pg_prepared_xacts
    WHERE database = current_database() AND prepared < now() - make_interval(mins => ${prepared})
  )
  SELECT kind, name, user_name, application, since,
    round(extract(epoch FROM clock_timestamp() - since) * 1000)::bigint::text AS for_ms, blocked_by
  FROM sessions
  WHERE kind IS NOT NULL
  ORDER BY sessions.since
  LIMIT 200`;

function toFinding(row: z.infer<typeof sessionRow>): HealthFinding {
  return {
    id: `sessions:${row.kind}:${row.name}`,
    severity: row.kind === 'long' ? 'info' : 'warning',
    title: say(`health.sessions.${row.kind}`, { name: row.name }),
    meaning: say(`health.sessions.${row.kind}Meaning`),
    object: null,
    facts: facts(
      [say('health.sessions.user'), row.user_name, 'text'],
      [say('health.sessions.application'), row.application === '' ? null : row.application, 'text'],
      [say('health.sessions.since'), row.since, 'instant'],
      [say('health.sessions.for'), row.for_ms, 'milliseconds'],
      [say('health.sessions.blockedBy'), row.blocked_by, 'code'],
    ),
    evidenceSql:
      row.kind === 'prepared'
        ? 'SELECT gid, prepared, owner\nFROM pg_prepared_xacts\nORDER BY prepared;'
        : `SELECT pid, usename, application_name, state, state_change, pg_blocking_pids(pid)\nFROM pg_stat_activity\nWHERE pid = ${row.name};`,
    repair: null,
  };
}
