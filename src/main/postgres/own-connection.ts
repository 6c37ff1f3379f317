import type pg from 'pg';
import { throwIfCancelled } from '../kernel/cancelled';
import { cancelOnAbort } from './cancel-on-abort';
import { checkOwnSession } from './own-session';
import { giveUp, limitAnswers, withinTime } from './silent-connection';
import { CheckedClient } from './wire';

const goodbyeMs = 3_000;

/**
 * A connection outside the pool, for work that needs one session throughout: statements that refuse a transaction, and
 * locks. Statements may take as long as they take. Aborting `signal` cancels the running one, also where the server has
 * fallen silent.
 * @param config made by `sessionConfig`, for a connection that may write.
 * @throws what pg throws, AppError `cancelled`, and `db_server` where a pooler in between loses the session's settings
 *   or gives the session to others.
 */
export async function onOwnConnection<T>(
  config: pg.ClientConfig,
  signal: AbortSignal,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  throwIfCancelled(signal);
  const client = new CheckedClient(config);
  // A connection lost between two statements must reject the next one, not end the process.
  client.on('error', () => undefined);
  const onAbort = (): void => giveUp(client);
  let cancellation: ReturnType<typeof cancelOnAbort> | undefined;
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await client.connect();
    const { process_id: processId } = await checkOwnSession(client, config);
    await client.query('SET statement_timeout = 0');
    signal.removeEventListener('abort', onAbort);
    cancellation = cancelOnAbort(client, processId, config, signal);
    return await work(limitAnswers(client, { statementTimeoutMs: 0, processId, config }));
  } finally {
    signal.removeEventListener('abort', onAbort);
    await cancellation?.settled();
    cancellation?.stop();
    await withinTime(client, client.end(), goodbyeMs).catch(() => undefined);
  }
}
