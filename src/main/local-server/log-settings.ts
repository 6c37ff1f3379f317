/**
 * What the server may write to its log: how it starts and ends, who was refused, what crashed, and never a statement, a
 * parameter or a value. Given on the command line, these stand above postgresql.conf and ALTER SYSTEM; what they leave
 * to a session (`debug_print_*` of its own statements) is said in docs/security.md.
 */
export const logSettings = [
  'logging_collector=off',
  'log_destination=stderr',
  // Errors quote what was sent ("invalid input syntax for type integer: …"). LOG stands above ERROR here.
  'log_min_messages=log',
  'log_min_error_statement=panic',
  // No DETAIL, CONTEXT or QUERY: they quote rows, keys, functions and the statement of a process that crashed.
  'log_error_verbosity=terse',
  'log_statement=none',
  'log_duration=off',
  'log_min_duration_statement=-1',
  'log_min_duration_sample=-1',
  'log_transaction_sample_rate=0',
  'log_parameter_max_length=0',
  'log_parameter_max_length_on_error=0',
  'log_lock_waits=off',
  'log_temp_files=-1',
  'log_replication_commands=off',
  'debug_print_parse=off',
  'debug_print_rewritten=off',
  'debug_print_plan=off',
  // auto_explain among them.
  'shared_preload_libraries=',
  'session_preload_libraries=',
  'local_preload_libraries=',
  'auto_explain.log_min_duration=-1',
] as const;
