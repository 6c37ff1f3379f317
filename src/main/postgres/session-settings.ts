import type pg from 'pg';
import { AppError } from '../../shared/errors';
import { say } from '../say';
import { typeParsers } from './types';

export const connectTimeoutMs = 10_000;
const lockTimeoutMs = 5_000;
const idleInTransactionTimeoutMs = 60_000;
/** When a connection is silent that long, the operating system begins to ask whether the other end is still there. */
const keepAliveAfterMs = 10_000;

/** Settings every connection of the console has, whatever it is for. */
export function sessionConfig(
  config: pg.ClientConfig,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): pg.ClientConfig {
  return {
    ...config,
    application_name: 'litemaas-console',
    options: [
      config.options,
      '-c TimeZone=UTC',
      `-c lock_timeout=${lockTimeoutMs}`,
      '-c DateStyle=ISO',
      '-c client_encoding=UTF8',
      readOnly ? '-c default_transaction_read_only=on' : undefined,
    ]
      .filter(Boolean)
      .join(' '),
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
    types: typeParsers,
  };
}

/** What the server says of the session at the beginning of a transaction. */
export interface SessionFacts {
  /** The backend that this transaction runs in: behind a pooler another one than the connection was made to. */
  readonly process_id: number;
  readonly server_version_number: number;
  readonly in_recovery: boolean;
  readonly time_zone: string;
  readonly date_style: string;
  readonly lock_timeout: string;
  readonly idle_timeout: string;
  readonly read_only: string;
}

/**
 * Asks for them, and limits the transaction's statements in the same round trip (0: no limit). That happens at the
 * beginning of every transaction: a pooler may give each of them another connection, without our settings.
 */
export function sessionQuery(statementTimeoutMs: number): string {
  return `SELECT pg_backend_pid() AS process_id,
    current_setting('server_version_num')::int AS server_version_number,
    pg_is_in_recovery() AS in_recovery,
    current_setting('TimeZone') AS time_zone,
    current_setting('DateStyle') AS date_style,
    current_setting('lock_timeout') AS lock_timeout,
    current_setting('idle_in_transaction_session_timeout') AS idle_timeout,
    current_setting('default_transaction_read_only') AS read_only,
    set_config('statement_timeout', '${statementTimeoutMs}', true)`;
}

/** A pooler gives out a process id of its own; a server that of the backend that answers. */
export function isBehindPooler(client: pg.ClientBase, facts: SessionFacts): boolean {
  // pg keeps the id on the client but its types do not say so.
  return (client as unknown as { processID: number | null }).processID !== facts.process_id;
}

/**
 * @throws AppError `db_server` with `details.reason = 'settings_lost'` when the session lacks a setting that it was
 * begun with: timeouts and read-only would be lost without anybody noticing.
 */
export function throwUnlessHeld(facts: SessionFacts, { readOnly }: { readonly readOnly: boolean }): void {
  const lost = [
    ['TimeZone', facts.time_zone === 'UTC'],
    ['DateStyle', facts.date_style.startsWith('ISO')],
    ['lock_timeout', facts.lock_timeout === `${lockTimeoutMs / 1000}s`],
    [
      'idle_in_transaction_session_timeout',
      facts.idle_timeout === `${idleInTransactionTimeoutMs / 60_000}min`,
    ],
    ['default_transaction_read_only', !readOnly || facts.read_only === 'on'],
  ].flatMap(([name, holds]) => (holds === true ? [] : [String(name)]));
  if (lost.length === 0) return;
  throw new AppError('db_server', say('connection.settingsLost', { settings: lost.join(', ') }), {
    hint: say('connection.settingsLostHint'),
    details: { reason: 'settings_lost' },
  });
}
