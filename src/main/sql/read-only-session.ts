import pg from 'pg';
import { AppError } from '../../shared/errors';
import type { Database } from '../postgres/database';
import { cancelOnAbort } from '../postgres/cancel-on-abort';
import { toDatabaseError } from '../postgres/errors';
import { giveUp } from '../postgres/silent-connection';
import { sessionConfig } from '../postgres/session-settings';
import { redact } from '../../shared/redact';

/** How long a statement of a person may run; an export has no limit but can be cancelled. */
export const statementTimeoutMs = 60_000;
/** The server keeps the limit; this is for a server that fell silent, or a statement that lifted it. */
const graceMs = 5_000;
const mostNotices = 50;

export interface ReadOnlySession {
  readonly client: pg.Client;
  /** What the server said besides its answers, secrets masked. */
  readonly notices: readonly string[];
}

const boolean = 16;

/** Every value as PostgreSQL prints it; a boolean in full, as its cast to text does. */
const asText: pg.CustomTypesConfig = {
  getTypeParser: (id: number) => (text: string) =>
    id === boolean ? (text === 't' ? 'true' : 'false') : text,
};

/**
 * A connection of its own for a statement that a person wrote, ended afterwards whatever happened: nothing it sets or
 * locks outlives it. Its transaction is read-only and rolled back; its snapshot is taken before the statement comes, so
 * that nothing within can make it writable again ("transaction read-write mode must be set before any query").
 * @param limitMs of each statement; 0 is none.
 * @throws AppError `db_timeout` and the other failures of a connection.
 */
export async function withReadOnlySession<T>(
  database: Database,
  signal: AbortSignal,
  limitMs: number,
  work: (session: ReadOnlySession) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
  const client = new pg.Client({ ...sessionConfig(database.config, { readOnly: true }), types: asText });
  // Without a listener a lost connection would end the process; whoever waits for an answer gets the error.
  client.on('error', () => undefined);
  const notices: string[] = [];
  client.on('notice', ({ severity, message }) => {
    if (notices.length < mostNotices) notices.push(redact(`${severity ?? 'NOTICE'}: ${message ?? ''}`));
  });
  const ended = limitMs === 0 ? signal : AbortSignal.any([signal, AbortSignal.timeout(limitMs + graceMs)]);
  const onAbort = (): void => giveUp(client);
  let cancellation: ReturnType<typeof cancelOnAbort> | undefined;
  try {
    ended.addEventListener('abort', onAbort, { once: true });
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ process_id: string }>(
      `SELECT pg_catalog.pg_backend_pid() AS process_id,
         pg_catalog.set_config('statement_timeout', '${String(limitMs)}', true)`,
    );
    ended.removeEventListener('abort', onAbort);
    cancellation = cancelOnAbort(client, Number(rows[0]?.process_id), database.config, ended);
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
    return await work({ client, notices });
  } catch (error) {
    throw toDatabaseError(error, signal);
  } finally {
    ended.removeEventListener('abort', onAbort);
    await cancellation?.settled();
    cancellation?.stop();
    // The server rolls back what ends without COMMIT. Not waited for: a silent server would not say goodbye.
    void client.end().catch(() => undefined);
  }
}

/** One statement, over the extended protocol: PostgreSQL refuses a second one behind it. */
export function queryOne(client: pg.Client, text: string): Promise<pg.QueryArrayResult<(string | null)[]>> {
  // pg knows `queryMode`, its types do not.
  const config: pg.QueryArrayConfig & { readonly queryMode: 'extended' } = {
    text,
    rowMode: 'array',
    queryMode: 'extended',
  };
  return client.query<(string | null)[]>(config);
}
