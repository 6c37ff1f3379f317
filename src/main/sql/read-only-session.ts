import type pg from 'pg';
import { AppError } from '../../shared/errors';
import type { Database } from '../postgres/database';
import { eitherSignal } from '../kernel/either-signal';
import { cancelOnAbort } from '../postgres/cancel-on-abort';
import { toDatabaseError } from '../postgres/errors';
import { giveUp } from '../postgres/silent-connection';
import { beginSession, sessionConfig } from '../postgres/session-settings';
import { CheckedClient } from '../postgres/wire';
import { say } from '../kernel/say';
import { shortened } from './statement-error';
import { throwIfCancelled } from '../kernel/cancelled';

/** How long a statement of a person may run; an export has no limit but can be cancelled. */
export const statementTimeoutMs = 60_000;
/** The server keeps the limit; this is for a server that fell silent, or a statement that lifted it. */
const graceMs = 5_000;
const mostNotices = 50;
/** Of one answer to a person's statement; what else is asked here is far smaller. */
const mostAnswerBytes = 134_217_728;

export interface ReadOnlySession {
  readonly client: pg.Client;
  /** `server_version_num` */
  readonly serverVersion: number;
  /** The workspace only reads: code that can't be looked through is not run. */
  readonly readOnly: boolean;
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
 * @throws AppError `db_timeout` and the other failures of a connection; `db_server` when it lacks its settings.
 */
export async function withReadOnlySession<T>(
  database: Database,
  asked: AbortSignal,
  limitMs: number,
  work: (session: ReadOnlySession) => Promise<T>,
): Promise<T> {
  const { signal, stop } = eitherSignal(asked, database.closing);
  try {
    return await inSession(database, signal, limitMs, work);
  } finally {
    stop();
  }
}

async function inSession<T>(
  { config, readOnly }: Database,
  signal: AbortSignal,
  limitMs: number,
  work: (session: ReadOnlySession) => Promise<T>,
): Promise<T> {
  throwIfCancelled(signal);
  const client = new CheckedClient({
    ...sessionConfig(config, { readOnly: true }),
    types: asText,
    mostAnswerBytes,
  });
  // Without a listener a lost connection would end the process; whoever waits for an answer gets the error.
  client.on('error', () => undefined);
  const notices: string[] = [];
  client.on('notice', ({ severity, message }) => {
    if (notices.length < mostNotices) notices.push(shortened(`${severity ?? 'NOTICE'}: ${message ?? ''}`));
  });
  const ended = limitMs === 0 ? signal : AbortSignal.any([signal, AbortSignal.timeout(limitMs + graceMs)]);
  const onAbort = (): void => giveUp(client);
  let actsAs: string | null = null;
  let cancellation: ReturnType<typeof cancelOnAbort> | undefined;
  try {
    ended.addEventListener('abort', onAbort, { once: true });
    await client.connect();
    const facts = await beginSession(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', {
      statementTimeoutMs: limitMs,
      readOnly: true,
    });
    actsAs = facts.acts_as;
    ended.removeEventListener('abort', onAbort);
    cancellation = cancelOnAbort(client, facts.process_id, config, ended);
    throwIfCancelled(signal);
    return await work({ client, serverVersion: facts.server_version_number, readOnly, notices });
  } catch (error) {
    throw toDatabaseError(error, signal, { actsAs });
  } finally {
    ended.removeEventListener('abort', onAbort);
    await cancellation?.settled();
    cancellation?.stop();
    // The server rolls back what ends without COMMIT. Not waited for: a silent server would not say goodbye.
    void client.end().catch(() => undefined);
  }
}

/**
 * One statement, over the extended protocol: PostgreSQL refuses a second one behind it.
 * @throws AppError `validation` when the answer is larger than can be read; the connection is lost then.
 */
export async function queryOne(
  client: pg.Client,
  text: string,
): Promise<pg.QueryArrayResult<(string | null)[]>> {
  // pg knows `queryMode`, its types do not.
  const config: pg.QueryArrayConfig & { readonly queryMode: 'extended' } = {
    text,
    rowMode: 'array',
    queryMode: 'extended',
  };
  return refusingTooLarge(client.query<(string | null)[]>(config));
}

/** Says in a person's words that an answer is larger than can be read. */
export async function refusingTooLarge<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof AppError) || error.details?.['reason'] !== 'answer_too_large') throw error;
    throw new AppError('validation', say('sql.run.tooLarge'), { hint: say('sql.run.tooLargeHint') });
  }
}
