import pg from 'pg';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import { withinTime } from './silent-connection';
import { typeParsers } from './types';
import { endedBy } from './wire';

export const connectTimeoutMs = 10_000;
/** When a connection is silent that long, the operating system begins to ask whether the other end is still there. */
const keepAliveAfterMs = 10_000;

/**
 * What every session of the console is set to, each value as the server shows it. A database, a role, a service file or
 * the server itself may set all of them otherwise: `search_path` decides whose functions and operators run with the
 * administrator's rights (CVE-2018-1058), the others what a value looks like, which rows are found, and how long is
 * waited. `lc_monetary` is left alone: `money` has no fixed scale, and another locale's digits would be wrong.
 */
export const pinnedSettings = {
  // First: it decides how the names of the next one are spelled.
  quote_all_identifiers: 'off',
  search_path: 'pg_catalog, pg_temp',
  client_encoding: 'UTF8',
  // How a text of SQL is read.
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  array_nulls: 'on',
  transform_null_equals: 'off',
  xmloption: 'content',
  timezone_abbreviations: 'Default',
  // What a value looks like.
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  xmlbinary: 'base64',
  // Which rows are found, and what a transaction is.
  row_security: 'on',
  gin_fuzzy_search_limit: '0',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  exit_on_error: 'off',
  client_min_messages: 'notice',
  // Each transaction gets its own; until then the server's or the database's could end what asks for it.
  statement_timeout: '0',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '1min',
} as const;

/**
 * Also start-up options, but neither set nor looked at later: it counts when a session begins and then no more. Whoever
 * owns a database may name files there that would be loaded into the session, or that are missing and end it.
 */
const startUpSettings = { local_preload_libraries: '' } as const;

/**
 * Also pinned, where the server knows them. As start-up options they would end the sign-in on a server that does not, so
 * they are set in the statement that looks at the others, without a round trip. A database that sets a timeout of
 * moments can still end a session before that: the error then names the setting (`errors.ts`).
 */
const laterSettings = {
  // 17 and newer.
  transaction_timeout: '0',
  // 14 and newer. The pool replaces sessions that it ends; what works outside the pool must not lose its lock to it.
  idle_session_timeout: '0',
  // Since the minor releases of August 2024: makes views or foreign tables unreadable.
  restrict_nonsystem_relation_kind: '',
  // Where PL/pgSQL is loaded, or the database sets it: makes errors of what the code of triggers may do.
  'plpgsql.extra_errors': 'none',
} as const;

/*
 * Not pinned: `role`. It is a person's own choice that a session acts as an owner's role, and a database can only name one
 * that whoever signs in may take anyway. It is said instead (`SessionFacts.acts_as`); powers are judged by who signed in.
 */

/** What only a superuser may set, so that it can't be pinned: under `replica` no trigger keeps the figures of usage. */
const expectedSettings = { session_replication_role: 'origin' } as const;

/** What a session is asked for. */
const askedSettings = [
  'server_version_num',
  'transaction_read_only',
  ...Object.keys(pinnedSettings),
  ...Object.keys(expectedSettings),
  ...Object.keys(laterSettings),
];

/** Settings every connection of the console has, whatever it is for. */
export function sessionConfig(
  config: pg.ClientConfig,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): pg.ClientConfig {
  return {
    ...config,
    application_name: 'litemaas-console',
    // The last one of a name counts.
    options: [
      config.options,
      ...Object.entries({ ...pinnedSettings, ...startUpSettings }).map(
        ([name, value]) => `-c ${name}=${value.replace(/[\s\\]/g, '\\$&')}`,
      ),
      readOnly ? '-c default_transaction_read_only=on' : undefined,
    ]
      .filter(Boolean)
      .join(' '),
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
  /** Another role than the one that signed in, which the database or the role is set to act as; else null. */
  readonly acts_as: string | null;
  /** Whether the session itself lacks the settings, and each transaction has to be given them. */
  readonly settings_are_local: boolean;
  /** Whether those that can't be start-up options were right before they were set. */
  readonly later_settings_hold: boolean;
}

interface Beginning {
  /** Of each statement; 0: no limit. */
  readonly statementTimeoutMs: number;
  readonly readOnly: boolean;
  /** Whether to give the transaction the settings at once: start-up options were lost on this way before. */
  readonly settingsAreLocal?: boolean;
  /** Whether those that can't be start-up options are only looked at as long as they are right: they were before. */
  readonly laterSettingsHold?: boolean;
  /** How long the server may take to answer. */
  readonly answerMs?: number;
}

/**
 * Begins a transaction in which the console's settings hold, in one message and one answer. That is looked at in every
 * transaction: a pooler may give each of them another session. Where start-up options were lost, the transaction is
 * given them in one message with BEGIN, before the first name is resolved (SET resolves none).
 * @param begin the BEGIN with its modes.
 * @throws AppError `db_server` with `details.reason = 'settings_lost'` when they do not hold even so, and what pg throws.
 */
export async function beginSession(
  client: pg.ClientBase,
  begin: string,
  beginning: Beginning,
): Promise<SessionFacts> {
  const {
    statementTimeoutMs,
    readOnly,
    settingsAreLocal = false,
    laterSettingsHold = false,
    answerMs = connectTimeoutMs,
  } = beginning;
  const ask = async (statements: readonly (string | undefined)[]): Promise<SessionRow> => {
    const asked = sessionQuery(statementTimeoutMs, laterSettingsHold ? undefined : 'LOCAL');
    const text = [...statements, asked].filter(Boolean).join('; ');
    try {
      return sessionRow(await withinTime(client, client.query(text), answerMs));
    } catch (error) {
      // Why the server ended the session, where it did so before it was asked.
      const ended = endedBy(client);
      if (ended) throw ended;
      throw error;
    }
  };
  if (!settingsAreLocal) {
    const row = await ask([begin]).catch((error: unknown) => {
      // Start-up options were lost, and the database allows a statement less time than this one takes.
      if (!isStatementTimeout(error)) throw error;
      return null;
    });
    if (row !== null && lostSettings(row, readOnly).length === 0) {
      const facts = factsOf(row, false);
      if (!laterSettingsHold || facts.later_settings_hold) return facts;
    }
    // Something of the database has set them for the session since.
    if (laterSettingsHold) {
      return beginSession(client, `ROLLBACK; ${begin}`, { ...beginning, laterSettingsHold: false });
    }
  }
  const local = Object.entries(pinnedSettings).map(([name, value]) => assignment('LOCAL', name, value));
  if (readOnly) local.push('SET LOCAL transaction_read_only = on');
  const row = await ask([settingsAreLocal ? undefined : 'ROLLBACK', begin, ...local]);
  throwUnlessHeld(row, readOnly);
  return factsOf(row, true);
}

function isStatementTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '57014';
}

/**
 * Looks whether a session of its own has the console's settings (not read-only's) at this moment, and gives it those that
 * can't be start-up options.
 * @throws AppError `db_server` with `details.reason = 'settings_lost'`.
 */
export async function checkSettings(client: pg.ClientBase): Promise<SessionFacts> {
  const row = sessionRow(
    await withinTime(client, client.query(sessionQuery(0, 'SESSION')), connectTimeoutMs),
  );
  throwUnlessHeld(row, false);
  return factsOf(row, false);
}

/** Asks who answers, without looking at the settings. */
export async function askSession(client: pg.ClientBase): Promise<SessionFacts> {
  const row = sessionRow(await withinTime(client, client.query(sessionQuery(0, 'LOCAL')), connectTimeoutMs));
  return factsOf(row, lostSettings(row, false).length > 0);
}

/** Gives the settings to a session that lost them when it was begun. Only for one that stays its own. */
export async function setForSession(client: pg.ClientBase): Promise<void> {
  const statements = Object.entries(pinnedSettings).map(([name, value]) =>
    assignment('SESSION', name, value),
  );
  await withinTime(client, client.query(statements.join('; ')), connectTimeoutMs);
}

/** A pooler gives out a process id of its own; a server that of the backend that answers. */
export function isBehindPooler(client: pg.ClientBase, facts: SessionFacts): boolean {
  // pg keeps the id on the client but its types do not say so.
  return (client as unknown as { processID: number | null }).processID !== facts.process_id;
}

function assignment(scope: 'LOCAL' | 'SESSION', name: string, value: string): string {
  // A list of names; in quotes it would be one name.
  return `SET ${scope} ${name} = ${name === 'search_path' ? value : `'${value}'`}`;
}

interface SessionRow {
  readonly process_id: number | string;
  readonly in_recovery: boolean | string;
  readonly signed_in_as: string;
  readonly acts_as: string;
  /** By name; null where the server does not know it. */
  readonly settings: Readonly<Record<string, string | null>>;
}

/**
 * Every name in it is qualified, and there is no operator and no cast: nothing that a database holds can answer in
 * the server's place. A statement timeout is set in the same round trip. It is sent as text each time: a prepared
 * statement is the session's, and code of the database could put another one in its place. Naming a function takes the
 * server longer than calling it, so that one call looks at all settings.
 * @param later how to set those that can't be start-up options; left out, they are only looked at.
 */
function sessionQuery(statementTimeoutMs: number, later?: 'LOCAL' | 'SESSION'): string {
  // Nothing is set where the server does not know the name.
  const set = Object.entries(laterSettings).map(
    ([name, value]) => `CASE WHEN pg_catalog.current_setting('${name}', true) IS NOT NULL
      THEN pg_catalog.set_config('${name}', '${value}', ${String(later === 'LOCAL')}) END`,
  );
  return `SELECT pg_catalog.pg_backend_pid() AS process_id, pg_catalog.pg_is_in_recovery() AS in_recovery,
    session_user AS signed_in_as, current_user AS acts_as,
    pg_catalog.json_object_agg(name, pg_catalog.current_setting(name, true)) AS settings,
    ${later ? `ROW(${set.join(', ')}) AS later_settings,` : ''}
    pg_catalog.set_config('statement_timeout', '${String(statementTimeoutMs)}', true)
    FROM pg_catalog.unnest(pg_catalog.string_to_array('${askedSettings.join(',')}', ',')) AS name`;
}

/**
 * The last result's row. Several statements in one message: pg answers with as many results, which its types do not know.
 * The SQL screen's connection leaves every value the text that it came as.
 */
function sessionRow(answer: pg.QueryResult): SessionRow {
  // What only calls itself a server may leave them out.
  type Answered = Omit<SessionRow, 'settings'> & { readonly settings?: SessionRow['settings'] | string };
  const results = [answer as pg.QueryResult<Answered> | pg.QueryResult<Answered>[]].flat();
  const row = results.at(-1)?.rows[0];
  if (!row) throw new Error('The session was not described.');
  const { settings = {} } = row;
  return {
    ...row,
    settings: typeof settings === 'string' ? (JSON.parse(settings) as SessionRow['settings']) : settings,
  };
}

function factsOf(row: SessionRow, settingsAreLocal: boolean): SessionFacts {
  return {
    process_id: Number(row.process_id),
    server_version_number: Number(row.settings['server_version_num']),
    in_recovery: row.in_recovery === true,
    acts_as: row.acts_as === row.signed_in_as ? null : row.acts_as,
    settings_are_local: settingsAreLocal,
    later_settings_hold: Object.entries(laterSettings).every(
      ([name, value]) => (row.settings[name] ?? value) === value,
    ),
  };
}

function lostSettings(row: SessionRow, readOnly: boolean): readonly string[] {
  return Object.entries({
    ...pinnedSettings,
    ...(readOnly ? { transaction_read_only: 'on' } : expectedSettings),
  }).flatMap(([name, value]) => {
    const shown = row.settings[name] ?? '';
    return shown === value || spelled(shown) === spelled(value) ? [] : [name];
  });
}

/** A setting is shown as it was written: with or without blanks, in any case. */
function spelled(value: string): string {
  return value.replaceAll(' ', '').toLowerCase();
}

function throwUnlessHeld(row: SessionRow, readOnly: boolean): void {
  const lost = lostSettings(row, readOnly);
  if (lost.length === 0) return;
  throw new AppError('db_server', say('connection.settingsLost', { settings: lost.join(', ') }), {
    hint: say('connection.settingsLostHint'),
    details: { reason: 'settings_lost' },
  });
}
