/**
 * PostgreSQL's functions that are not volatile and run what a text or a number names: the code of views and policies,
 * the checks of domains.
 */
export const runByName: ReadonlySet<string> = new Set([
  ...['table_to_xml', 'table_to_xml_and_xmlschema', 'schema_to_xml', 'schema_to_xml_and_xmlschema'],
  ...['database_to_xml', 'database_to_xml_and_xmlschema', 'pg_input_is_valid', 'pg_input_error_info'],
  ...[
    'domain_in',
    'domain_recv',
    'array_in',
    'array_recv',
    'record_in',
    'record_recv',
    'range_in',
    'range_recv',
  ],
  ...['multirange_in', 'multirange_recv'],
]);

/**
 * Volatile functions that change nothing outside the transaction: chance, clocks, sizes, positions, and reading what is
 * shown elsewhere anyway.
 */
export const harmlessFunctions: ReadonlySet<string> = new Set([
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
]);

/** Written in SQL over a value of any type, which they make a text with `CAST`. */
const toText: ReadonlySet<string> = new Set(['quote_literal', 'quote_nullable', 'textanycat', 'anytextcat']);

/** Operators of such functions. */
export const castingOperators: ReadonlySet<string> = new Set(['||']);

/** Whether PostgreSQL's function of this name looks for a cast by itself: to text, or to json, which JSON is made by. */
export function castsWithin(name: string): boolean {
  return toText.has(name) || name.includes('json');
}
