import pg from 'pg';
import type { Database } from '../../postgres/database';

/**
 * A connection outside any transaction, for statements that refuse one. Waits as long as it takes: a lock timeout in
 * the middle of a concurrent build would leave an invalid index. Aborting `signal` cancels the running statement.
 */
export async function onOwnConnection<T>(
  { config }: Database,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(config);
  // A connection lost between two statements must reject the next one, not end the process.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    'SELECT pg_backend_pid() AS pid, set_config($1, $3, false), set_config($2, $3, false)',
    ['lock_timeout', 'statement_timeout', '0'],
  );
  let cancelling = Promise.resolve();
  const onAbort = (): void => {
    cancelling = cancelBackend(config, rows[0]?.pid);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(client);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await cancelling;
    await client.end();
  }
}

async function cancelBackend(config: pg.ClientConfig, processId: number | undefined): Promise<void> {
  const spare = new pg.Client({ ...config, statement_timeout: 5_000 });
  spare.on('error', () => undefined);
  try {
    await spare.connect();
    await spare.query('SELECT pg_cancel_backend($1)', [processId]);
  } catch {
    // Without a second connection the statement ends by itself.
  } finally {
    await spare.end().catch(() => undefined);
  }
}
