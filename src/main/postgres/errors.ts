import pg from 'pg';
import { AppError, isCancelled } from '../../shared/errors';
import { redact } from '../../shared/redact';

type Mapping = (error: pg.DatabaseError) => AppError;

const details = (error: pg.DatabaseError): Record<string, string> => {
  // PostgreSQL's `detail` and `where` quote row contents: they stay in main.
  const known: Record<string, string> = {};
  if (error.code) known['sqlState'] = error.code;
  if (error.constraint) known['constraint'] = error.constraint;
  if (error.table) known['table'] = error.table;
  if (error.column) known['column'] = error.column;
  return known;
};

const map =
  (
    code: ConstructorParameters<typeof AppError>[0],
    message: (error: pg.DatabaseError) => string,
    hint?: string,
  ): Mapping =>
  (error) =>
    new AppError(code, message(error), { ...(hint ? { hint } : {}), details: details(error), cause: error });

const said = (error: pg.DatabaseError): string => redact(error.message);

/** By SQLSTATE, the longest prefix first (PostgreSQL manual, appendix A). */
const bySqlState: readonly (readonly [string, Mapping])[] = [
  [
    '28',
    map('db_auth', (e) => `The server refused the sign-in: ${said(e)}.`, 'Check user name and password.'),
  ],
  [
    '3D000',
    map(
      'db_unreachable',
      (e) => `The server has no such database: ${said(e)}.`,
      'Check the database name, or create it.',
    ),
  ],
  [
    '42501',
    map(
      'db_permission',
      (e) => `The database user may not do this: ${said(e)}.`,
      'Ask the owner of the database for the privilege, or connect as its owner.',
    ),
  ],
  [
    '25006',
    map(
      'read_only',
      () => 'The database is read-only here: the change was refused by the server.',
      'Open the workspace as administrator, or connect to the primary server.',
    ),
  ],
  [
    '57014',
    map(
      'db_timeout',
      () => 'The database stopped the statement because it took too long.',
      'Narrow the selection, or try again when the server is less busy.',
    ),
  ],
  [
    '55P03',
    map('db_timeout', () => 'Another session holds the rows or tables this needs.', 'Try again in a moment.'),
  ],
  [
    '25P03',
    map(
      'db_timeout',
      () => 'The database ended the session because its transaction stood idle.',
      'Try again.',
    ),
  ],
  [
    '40',
    map(
      'conflict',
      () => 'Another session changed the same rows at the same time.',
      'Read the record again and repeat the change.',
    ),
  ],
  ['23', map('db_constraint', (e) => `The database refused the change: ${said(e)}.`)],
  [
    '53100',
    map(
      'disk_full',
      () => 'The database server has no disk space left.',
      'Free space on the volume of the data folder, then try again.',
    ),
  ],
  [
    '53300',
    map(
      'db_unreachable',
      () => 'The server has no connection left for us.',
      'Close other programs that use it, or raise max_connections.',
    ),
  ],
  [
    '57P03',
    map(
      'db_unreachable',
      () => 'The server is starting up or shutting down.',
      'Wait a moment and try again.',
    ),
  ],
  ['57P', map('db_unreachable', (e) => `The server ended the connection: ${said(e)}.`, 'Try again.')],
  [
    '08',
    map(
      'db_unreachable',
      (e) => `The connection to the server failed: ${said(e)}.`,
      'Check that the server runs and can be reached.',
    ),
  ],
];

const networkCauses: Record<string, string> = {
  ECONNREFUSED: 'no server listens there',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'the server did not answer in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOENT: 'there is no server socket there',
  EACCES: 'the server socket may not be opened',
};

/**
 * Turns whatever pg threw into the console's own error. Cancelled calls and AppErrors pass through; what is not
 * recognised comes back as it is and becomes `internal` at the edge.
 */
export function toDatabaseError(error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof AppError) return error;
  if (signal?.aborted || isCancelled(error)) return new AppError('cancelled', 'Cancelled.', { cause: error });
  if (error instanceof pg.DatabaseError) {
    const found = bySqlState.find(([prefix]) => error.code?.startsWith(prefix));
    return found
      ? found[1](error)
      : new AppError('db_server', `The database reported: ${said(error)}.`, {
          details: details(error),
          cause: error,
        });
  }
  if (error instanceof Error) return networkError(error) ?? error;
  return error;
}

function networkError(error: Error): AppError | undefined {
  const code = (error as NodeJS.ErrnoException).code;
  const cause = code === undefined ? undefined : networkCauses[code];
  const lost = /terminated|timeout exceeded when trying to connect|connection timeout|Connection ended/i.test(
    error.message,
  );
  if (cause === undefined && !lost) return undefined;
  return new AppError(
    'db_unreachable',
    `The database cannot be reached: ${cause ?? 'the connection was lost'}.`,
    {
      hint: 'Check that the server runs and that host and port are right.',
      cause: error,
    },
  );
}
