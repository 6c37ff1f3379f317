import pg from 'pg';
import type { ConnectionFields } from '../../../shared/contract/workspace';
import { AppError, type ErrorCode } from '../../../shared/errors';
import { detailsOf, isTlsFailure, saidBy, toDatabaseError } from '../../postgres/errors';
import { connectTimeoutMs } from '../../postgres/session-settings';
import { type MainText, say } from '../../kernel/say';
import { clientCertificateMissing, type Failure, tlsFailure } from './tls-failure';
import { type Listener, whatListens } from './what-listens';

/** A pooler says at its beginning what it misses. */
const mostLookedAt = 1_000;

export interface FailedConnection {
  readonly connection: ConnectionFields;
  /** Whether a password was there to be sent. */
  readonly hasPassword: boolean;
  /** Why a stored password could not be used, in words; NULL where there is nothing to say. */
  readonly passwordProblem: string | null;
  /** Whether TCP got through before it failed. */
  readonly reachedServer: boolean;
  /** What listens there, where that was asked already. */
  readonly listener: Listener | null;
}

/**
 * Says why a connection could not be made: what happened, why, and the way out. `details.reason` names the case. Where
 * the failure leaves open what listens there, it is asked, with a few bytes and in a few seconds at most.
 */
export async function explainConnectFailure(
  error: unknown,
  failed: FailedConnection,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted) return toDatabaseError(error, signal);
  if (error instanceof AppError) return (await otherProgram(error, failed, signal)) ?? error;
  if (!(error instanceof Error)) return error;
  if (error instanceof pg.DatabaseError && error.code !== undefined) return serverRefusal(error, failed);
  if (error.message.startsWith('SASL')) return scramFailure(error, failed);
  return (await networkFailure(error, failed, signal)) ?? toDatabaseError(error, signal);
}

function appError(
  code: ErrorCode,
  { reason, message, hint }: Failure,
  cause: Error,
  more: Record<string, string> = {},
): AppError {
  const details = cause instanceof pg.DatabaseError ? detailsOf(cause) : {};
  return new AppError(code, message, { hint, details: { ...details, ...more, reason }, cause });
}

function passwordRefusal(
  error: Error,
  { connection, hasPassword, passwordProblem }: FailedConnection,
): AppError {
  const { user } = connection;
  const needed = { password: 'needed' };
  if (hasPassword) {
    const failure = sayFailure('wrong_password', 'connection.wrongPassword', 'connection.wrongPasswordHint', {
      user,
    });
    return appError('db_auth', failure, error, needed);
  }
  const failure = sayFailure(
    'password_needed',
    'connection.passwordNeeded',
    'connection.passwordNeededHint',
    { user },
  );
  return appError('db_auth', { ...failure, message: passwordProblem ?? failure.message }, error, needed);
}

/** What the driver found wrong with SCRAM. A wrong password is the server's to say, not the driver's. */
function scramFailure(error: Error, failed: FailedConnection): AppError {
  if (!failed.hasPassword || error.message.includes('server returned error'))
    return passwordRefusal(error, failed);
  const said = saidBy(error).slice(0, 200);
  return error.message.startsWith('SASL channel binding')
    ? appError(
        'db_auth',
        sayFailure(
          'channel_binding',
          'connection.signIn.bindingFailed',
          'connection.signIn.bindingFailedHint',
          { said },
        ),
        error,
      )
    : appError(
        'db_auth',
        sayFailure('no_proof', 'connection.signIn.falseProof', 'connection.signIn.falseProofHint', { said }),
        error,
      );
}

/** Who it is that does not speak PostgreSQL's protocol, where a few bytes tell. */
async function otherProgram(
  error: AppError,
  { connection, listener }: FailedConnection,
  signal: AbortSignal,
): Promise<AppError | null> {
  if (error.details?.['reason'] !== 'not_the_protocol' || connection.socketFolder !== null) return null;
  const place = { host: connection.host ?? 'localhost', port: connection.port };
  const found = listener ?? (await whatListens(place, signal));
  if (['silent', 'postgres', 'closing', 'unreachable'].includes(found)) return null;
  return appError('db_unreachable', notPostgres(connection, found), error);
}

function notPostgres(connection: ConnectionFields, program: Listener): Failure {
  return sayFailure('not_postgres', 'connection.notPostgres', 'connection.notPostgresHint', {
    place: placeOf(connection),
    what: say(`connection.programs.${program as 'other'}`),
  });
}

/** What PostgreSQL itself (or a pooler) answered; by SQLSTATE and routine, since its sentences may be in any language. */
function serverRefusal(error: pg.DatabaseError, failed: FailedConnection): unknown {
  const { connection } = failed;
  const { database } = connection;
  switch (error.code) {
    case '28P01':
      return passwordRefusal(error, failed);
    case '28000':
      return appError('db_auth', signInFailure(error, connection), error);
    case '3D000':
      return appError(
        'db_unreachable',
        sayFailure('no_database', 'connection.noDatabase', 'connection.noDatabaseHint', { database }),
        error,
      );
    case '53300':
      return appError(
        'db_unreachable',
        sayFailure('too_many_connections', 'connection.tooMany', 'connection.tooManyHint', {
          said: saidBy(error),
        }),
        error,
      );
    case '57P03':
      return appError(
        'db_unreachable',
        /shutting down/i.test(error.message) ? stopping() : starting(),
        error,
      );
    case '08P01':
      // PostgreSQL knows every parameter that the console begins a session with; a pooler does not.
      if (/unsupported startup parameter/i.test(error.message)) {
        return appError(
          'db_server',
          sayFailure('pooler', 'connection.pooler', 'connection.poolerHint', {
            place: placeOf(connection),
            said: saidBy(error),
          }),
          error,
        );
      }
      // pgbouncer names what it misses with the code of a protocol violation.
      if (/no such user|password authentication failed/i.test(error.message))
        return passwordRefusal(error, failed);
      if (/no such database|database .{1,70} does not exist/i.test(error.message.slice(0, mostLookedAt))) {
        return appError(
          'db_unreachable',
          sayFailure('no_database', 'connection.noDatabase', 'connection.noDatabaseHint', { database }),
          error,
        );
      }
      return toDatabaseError(error);
    default:
      return toDatabaseError(error);
  }
}

/** 28000 has one code and many causes; the routine that raised it tells most of them apart. */
function signInFailure(error: pg.DatabaseError, connection: ConnectionFields): Failure {
  const { user, database } = connection;
  if (error.routine === 'InitializeSessionUserId') {
    return sayFailure('no_role', 'connection.noRole', 'connection.noRoleHint', { user });
  }
  if (error.routine === 'ClientAuthentication') {
    if (/client certificate/i.test(error.message)) return clientCertificateMissing();
    return connection.tlsMode === 'disable' && connection.socketFolder === null
      ? sayFailure(
          'refused_unencrypted',
          'connection.refusedUnencrypted',
          'connection.refusedUnencryptedHint',
          {
            user,
            database,
          },
        )
      : sayFailure('refused_by_hba', 'connection.refusedEncrypted', 'connection.refusedEncryptedHint', {
          user,
          database,
        });
  }
  if (/certificate authentication failed/i.test(error.message)) {
    return sayFailure(
      'client_certificate_of_other',
      'connection.clientCertificateOfOther',
      'connection.clientCertificateOfOtherHint',
      { user },
    );
  }
  if (connection.socketFolder !== null) {
    return sayFailure('refused_socket', 'connection.refusedSocket', 'connection.refusedSocketHint', { user });
  }
  return sayFailure('sign_in_refused', 'connection.signInRefused', 'connection.signInRefusedHint', {
    said: saidBy(error),
  });
}

async function networkFailure(
  error: Error,
  { connection, reachedServer, listener: asked }: FailedConnection,
  signal: AbortSignal,
): Promise<AppError | null> {
  const place = placeOf(connection);
  const host = connection.host ?? 'localhost';
  const unreachable = (
    reason: string,
    message: MainText,
    hint: MainText,
    values: Record<string, string> = {},
  ): AppError =>
    appError('db_unreachable', sayFailure(reason, message, hint, { place, host, ...values }), error);

  if (connection.socketFolder !== null) return socketFailure(error, connection, connection.socketFolder);
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ECONNREFUSED':
      return unreachable('refused', 'connection.refused', 'connection.refusedHint');
    case 'ENOTFOUND':
      return unreachable('unknown_host', 'connection.unknownHost', 'connection.unknownHostHint');
    case 'EAI_AGAIN':
      return unreachable('lookup_failed', 'connection.lookupFailed', 'connection.lookupFailedHint');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return unreachable('unreachable', 'connection.unreachable', 'connection.unreachableHint');
    default:
  }
  const seconds = String(connectTimeoutMs / 1000);
  if (!reachedServer)
    return unreachable('dropped', 'connection.dropped', 'connection.droppedHint', { seconds });
  if (/does not support SSL/.test(error.message)) {
    return unreachable('tls_not_offered', 'connection.tlsNotOffered', 'connection.tlsNotOfferedHint', {
      mode: connection.tlsMode,
    });
  }
  // pg says this for any answer that is neither yes nor no: something else listens there, or nobody knows.
  const isUnclear = /There was an error establishing an SSL connection/.test(error.message);
  if (isTlsFailure(error) && !isUnclear)
    return appError('db_unreachable', tlsFailure(error, connection), error);
  const listener = asked ?? (await whatListens({ host, port: connection.port }, signal));
  switch (listener) {
    case 'silent':
      return unreachable('silent', 'connection.silent', 'connection.silentHint', { seconds });
    case 'postgres':
    case 'closing':
    case 'unreachable':
      return unreachable('reset', 'connection.reset', 'connection.resetHint');
    default:
      return unreachable('not_postgres', 'connection.notPostgres', 'connection.notPostgresHint', {
        what: say(`connection.programs.${listener}`),
      });
  }
}

function socketFailure(error: Error, connection: ConnectionFields, folder: string): AppError | null {
  const values = { folder, port: String(connection.port) };
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
      return appError(
        'db_unreachable',
        sayFailure('no_socket', 'connection.noSocket', 'connection.noSocketHint', values),
        error,
      );
    case 'EACCES':
      return appError(
        'db_unreachable',
        sayFailure(
          'socket_forbidden',
          'connection.socketForbidden',
          'connection.socketForbiddenHint',
          values,
        ),
        error,
      );
    default:
      return null;
  }
}

function starting(): Failure {
  return sayFailure('starting', 'connection.starting', 'connection.startingHint');
}

function stopping(): Failure {
  return sayFailure('stopping', 'connection.stopping', 'connection.stoppingHint');
}

function sayFailure(
  reason: string,
  message: MainText,
  hint: MainText,
  values: Readonly<Record<string, string>> = {},
): Failure {
  return { reason, message: say(message, values), hint: say(hint, values) };
}

/** `host:port`, an IPv6 address in brackets; the folder of a socket. */
function placeOf({ host, port, socketFolder }: ConnectionFields): string {
  if (socketFolder !== null) return socketFolder;
  const name = host ?? 'localhost';
  return `${name.includes(':') ? `[${name}]` : name}:${String(port)}`;
}
