import pg from 'pg';
import { AppError, type ErrorCode, isCancelled } from '../../shared/errors';
import { redact } from '../../shared/redact';
import { type MainText, say } from '../kernel/say';
import { cancelled } from '../kernel/cancelled';

/** What a person should know that PostgreSQL's error does not say by itself. */
interface Circumstances {
  /** The server is a standby: what it refuses as read-only cannot be had here at all. */
  readonly inRecovery?: boolean;
  /** The role that the session acts as although another one signed in: that one's privileges do not count. */
  readonly actsAs?: string | null;
}

interface Explanation {
  readonly code: ErrorCode;
  readonly message: MainText;
  readonly hint?: MainText;
}

const standby: Explanation = {
  code: 'read_only',
  message: 'connection.standby',
  hint: 'connection.standbyHint',
};

const forbiddenTo: Explanation = {
  code: 'db_permission',
  message: 'connection.forbiddenTo',
  hint: 'connection.forbiddenToHint',
};

const reported: Explanation = { code: 'db_server', message: 'connection.reported' };

/** A materialized view made WITH NO DATA, which can't be read. */
const unpopulated: Explanation = { ...reported, hint: 'connection.notPopulatedHint' };

/** A session that ends at its beginning, for `session_preload_libraries` or `local_preload_libraries`. */
const noLibrary: Explanation = {
  code: 'db_server',
  message: 'connection.noLibrary',
  hint: 'connection.noLibraryHint',
};

/** By SQLSTATE, the longest prefix first (PostgreSQL manual, appendix A). */
const bySqlState: readonly (readonly [string, Explanation])[] = [
  ['28', { code: 'db_auth', message: 'connection.signInRefused', hint: 'connection.signInRefusedHint' }],
  ['42501', { code: 'db_permission', message: 'connection.forbidden', hint: 'connection.forbiddenHint' }],
  ['25006', { code: 'read_only', message: 'connection.readOnly', hint: 'connection.readOnlyHint' }],
  ['57014', { code: 'db_timeout', message: 'connection.tookTooLong', hint: 'connection.tookTooLongHint' }],
  ['55P03', { code: 'db_timeout', message: 'connection.locked', hint: 'connection.lockedHint' }],
  [
    '25P04',
    {
      code: 'db_timeout',
      message: 'connection.transactionTimedOut',
      hint: 'connection.transactionTimedOutHint',
    },
  ],
  ['25P03', { code: 'db_timeout', message: 'connection.idled', hint: 'connection.idledHint' }],
  [
    '40',
    { code: 'conflict', message: 'connection.changedMeanwhile', hint: 'connection.changedMeanwhileHint' },
  ],
  ['22021', { code: 'validation', message: 'connection.noText', hint: 'connection.noTextHint' }],
  ['22P05', { code: 'validation', message: 'connection.noText', hint: 'connection.noTextHint' }],
  ['23', { code: 'db_constraint', message: 'connection.constraint' }],
  ['53100', { code: 'disk_full', message: 'connection.diskFull', hint: 'connection.diskFullHint' }],
  ['53300', { code: 'db_unreachable', message: 'connection.tooMany', hint: 'connection.tooManyHint' }],
  ['57P03', { code: 'db_unreachable', message: 'connection.starting', hint: 'connection.startingHint' }],
  [
    '57P04',
    { code: 'db_unreachable', message: 'connection.databaseDropped', hint: 'connection.databaseDroppedHint' },
  ],
  [
    '57P05',
    { code: 'db_unreachable', message: 'connection.sessionTimedOut', hint: 'connection.sessionTimedOutHint' },
  ],
  ['57P', { code: 'db_unreachable', message: 'connection.restarted', hint: 'connection.restartedHint' }],
  ['08', { code: 'db_unreachable', message: 'connection.failed', hint: 'connection.failedHint' }],
];

/**
 * Turns whatever pg threw into the console's own error. Cancelled calls and AppErrors pass through; what is not
 * recognised comes back as it is and becomes `internal` at the edge.
 */
export function toDatabaseError(
  error: unknown,
  signal?: AbortSignal,
  { inRecovery = false, actsAs = null }: Circumstances = {},
): unknown {
  if (error instanceof AppError) return error;
  if (signal?.aborted || isCancelled(error)) {
    return cancelled(error);
  }
  if (error instanceof pg.DatabaseError) {
    if (isNoLibrary(error)) return explain(noLibrary, error);
    const found = bySqlState.find(([prefix]) => error.code?.startsWith(prefix))?.[1];
    if (found === undefined) return explain(isUnpopulated(error) ? unpopulated : reported, error);
    if (found.code === 'db_permission' && actsAs !== null)
      return explain(forbiddenTo, error, { role: actsAs });
    return explain(found.code === 'read_only' && inRecovery ? standby : found, error);
  }
  if (error instanceof Error) return networkError(error) ?? error;
  return error;
}

/** 55000 has many causes and its sentences may be in any language; the routine that opens a relation raises only this. */
function isUnpopulated({ code, routine }: pg.DatabaseError): boolean {
  return code === '55000' && routine === 'ExecOpenScanRelation';
}

/** Both codes have many causes; the routines that load a library raise no other error of these codes. */
function isNoLibrary({ code, routine }: pg.DatabaseError): boolean {
  return (
    (code === '58P01' && routine === 'internal_load_library') ||
    (code === '42501' && routine === 'check_restricted_library_name')
  );
}

/** PostgreSQL's own sentence, without secrets. */
export function saidBy(error: Error): string {
  return redact(error.message);
}

/** Facts of an error that may cross: PostgreSQL's `detail` and `where` quote row contents and stay in main. */
export function detailsOf(error: pg.DatabaseError): Record<string, string> {
  const known: Record<string, string> = {};
  if (error.code) known['sqlState'] = error.code;
  if (error.constraint) known['constraint'] = error.constraint;
  if (error.table) known['table'] = error.table;
  if (error.column) known['column'] = error.column;
  return known;
}

function explain(
  { code, message, hint }: Explanation,
  error: pg.DatabaseError,
  values: Readonly<Record<string, string>> = {},
): AppError {
  return new AppError(code, say(message, { ...values, said: saidBy(error) }), {
    ...(hint === undefined ? {} : { hint: say(hint) }),
    details: detailsOf(error),
    cause: error,
  });
}

const networkCauses = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'EACCES',
] as const;

/** Whether TLS failed: OpenSSL's and Node's codes, and pg's own two sentences. */
export function isTlsFailure(error: Error): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return (
    /^ERR_(?:SSL|TLS|OSSL)_|CERT|^UNABLE_TO_|^SELF_SIGNED/.test(code) || /SSL connection/.test(error.message)
  );
}

/** An error with which the console itself gave a silent connection up. */
export class SilentConnectionError extends Error {
  override readonly name = 'SilentConnectionError';
}

function networkError(error: Error): AppError | undefined {
  // pg-pool says this while it waits for one of its own connections, not for the server.
  if (/timeout exceeded when trying to connect/i.test(error.message)) {
    return new AppError('db_timeout', say('connection.allBusy'), {
      hint: say('connection.allBusyHint'),
      cause: error,
    });
  }
  if (error.message.startsWith('SASL')) {
    return new AppError('db_auth', say('connection.signInRefused', { said: saidBy(error) }), {
      hint: say('connection.signInRefusedHint'),
      cause: error,
    });
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (isTlsFailure(error)) {
    return new AppError('db_unreachable', say('connection.tlsFailed', { said: saidBy(error) }), {
      hint: say('connection.tlsFailedHint'),
      cause: error,
    });
  }
  const known = networkCauses.find((name) => name === code);
  const isLost = /terminated|timeout expired|connection timeout|Connection ended|not queryable/i.test(
    error.message,
  );
  const isSilent = error instanceof SilentConnectionError;
  if (known === undefined && !isLost && !isSilent) return undefined;
  const cause = isSilent ? 'silent' : (known ?? 'lost');
  return new AppError(
    'db_unreachable',
    say('connection.unreachableNow', { cause: say(`connection.causes.${cause}`) }),
    {
      hint: say('connection.unreachableNowHint'),
      cause: error,
    },
  );
}
