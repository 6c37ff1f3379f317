import type pg from 'pg';
import { AppError } from '../../shared/errors';
import { say } from '../say';
import { calledNames, hasOwnEscapes } from './statement-text';

/**
 * Volatile functions that change nothing outside the transaction: chance, clocks, sizes, positions, and reading what is
 * shown elsewhere anyway.
 */
const harmless: ReadonlySet<string> = new Set([
  ...[
    'random',
    'random_normal',
    'setseed',
    'gen_random_uuid',
    'gen_random_bytes',
    'gen_salt',
    'uuidv4',
    'uuidv7',
  ],
  ...['uuid_generate_v1', 'uuid_generate_v1mc', 'uuid_generate_v4', 'clock_timestamp', 'timeofday'],
  ...[
    'pg_sleep',
    'pg_sleep_for',
    'pg_sleep_until',
    'currval',
    'lastval',
    'txid_current',
    'pg_current_xact_id',
  ],
  ...['pg_relation_size', 'pg_table_size', 'pg_indexes_size', 'pg_total_relation_size', 'pg_database_size'],
  ...[
    'pg_tablespace_size',
    'pg_column_size',
    'pg_relation_filepath',
    'pg_is_in_recovery',
    'pg_current_wal_lsn',
  ],
  ...[
    'pg_current_wal_insert_lsn',
    'pg_current_wal_flush_lsn',
    'pg_last_wal_receive_lsn',
    'pg_last_wal_replay_lsn',
  ],
  ...[
    'pg_last_xact_replay_timestamp',
    'pg_last_committed_xact',
    'pg_xact_commit_timestamp',
    'pg_lock_status',
  ],
  ...[
    'pg_blocking_pids',
    'pg_safe_snapshot_blocking_pids',
    'pg_notification_queue_usage',
    'pg_get_wal_summarizer_state',
  ],
  ...['pg_stat_statements', 'pg_stat_statements_info', 'pgstattuple', 'pgstattuple_approx', 'pgstatindex'],
  ...['pg_buffercache_pages', 'pg_buffercache_summary'],
  // Of the session, which ends with the statement; that the transaction is read-only can't be taken back within it.
  'set_config',
]);

/**
 * Refuses a statement that calls a function which may act outside its transaction, where neither read-only nor rolling
 * back helps: ending sessions, reading and writing the server's files, other connections, replication, statistics.
 * Looked for by name among the volatile functions of PostgreSQL itself and those in languages that are not confined; a
 * function of the database's own, in SQL or PL/pgSQL, is held by the read-only transaction. This guards against
 * accidents. A view or a function can hide such a call: what a role must not do, its privileges have to say.
 * @throws AppError `read_only` naming the function, or for a name whose escapes are not known here.
 */
export async function refuseOutsideEffects(client: pg.Client, statement: string): Promise<void> {
  if (hasOwnEscapes(statement)) {
    throw new AppError('read_only', say('sql.run.ownEscapes'), { hint: say('sql.run.ownEscapesHint') });
  }
  const names = calledNames(statement).filter((name) => !harmless.has(name));
  if (names.length === 0) return;
  const { rows } = await client.query<{ name: string }>(
    `SELECT p.proname AS name
     FROM pg_catalog.pg_proc AS p
     JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
     JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
     WHERE p.proname = ANY ($1::text[]) AND p.provolatile = 'v' AND p.prokind = 'f'
       AND (n.nspname = 'pg_catalog' OR NOT l.lanpltrusted)
     LIMIT 1`,
    [names],
  );
  const [found] = rows;
  if (!found) return;
  throw new AppError('read_only', say('sql.run.outsideEffect', { name: found.name }), {
    hint: say('sql.run.outsideEffectHint'),
    details: { function: found.name },
  });
}
