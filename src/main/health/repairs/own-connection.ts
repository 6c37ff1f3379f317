import pg from 'pg';
import { cancelOnAbort } from '../../postgres/cancel-on-abort';
import type { Database } from '../../postgres/database';
import { connectTimeoutMs } from '../../postgres/session-settings';
import { giveUp, limitAnswers, withinTime } from '../../postgres/silent-connection';
import { throwIfCancelled } from '../../cancelled';

const goodbyeMs = 3_000;

/**
 * A connection outside any transaction, for statements that refuse one. Waits as long as it takes: a lock timeout in
 * the middle of a concurrent build would leave an invalid index. Aborting `signal` cancels the running statement, also
 * where the server has fallen silent.
 * @throws what pg throws, and AppError `cancelled`.
 */
export async function onOwnConnection<T>(
  { config }: Database,
  signal: AbortSignal,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  throwIfCancelled(signal);
  const client = new pg.Client(config);
  // A connection lost between two statements must reject the next one, not end the process.
  client.on('error', () => undefined);
  const onAbort = (): void => giveUp(client);
  let cancellation: ReturnType<typeof cancelOnAbort> | undefined;
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await client.connect();
    const answer = client.query<{ pid: number }>(
      'SELECT pg_backend_pid() AS pid, set_config($1, $3, false), set_config($2, $3, false)',
      ['lock_timeout', 'statement_timeout', '0'],
    );
    const { rows } = await withinTime(client, answer, connectTimeoutMs);
    const processId = Number(rows[0]?.pid);
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
