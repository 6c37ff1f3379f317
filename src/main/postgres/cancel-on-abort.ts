import type pg from 'pg';
import { giveUp, withinTime } from './silent-connection';
import { CheckedClient } from './wire';

const spareTimeoutMs = 3_000;
/** How long a statement may take to end once the server took the cancel. */
const endingMs = 2_000;

/**
 * Cancels the running statement over a spare connection once `signal` aborts. Where that cannot be done, or has no
 * effect, the connection itself is given up: a cancelled call never waits for a silent server.
 */
export function cancelOnAbort(
  client: pg.ClientBase,
  processId: number,
  config: pg.ClientConfig,
  signal: AbortSignal,
): { settled(): Promise<void>; stop(): void } {
  let cancelling: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    cancelling = cancelBackend(config, processId).then((delivered) => {
      if (delivered) timer = setTimeout(() => giveUp(client), endingMs);
      else giveUp(client);
    });
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    settled: () => cancelling,
    stop: () => {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    },
  };
}

async function cancelBackend(config: pg.ClientConfig, processId: number): Promise<boolean> {
  const spare = new CheckedClient({ ...config, connectionTimeoutMillis: spareTimeoutMs });
  spare.on('error', () => undefined);
  try {
    await spare.connect();
    await withinTime(
      spare,
      spare.query('SELECT pg_catalog.pg_cancel_backend($1::pg_catalog.int4)', [processId]),
      spareTimeoutMs,
    );
    return true;
  } catch {
    return false;
  } finally {
    // Not waited for: a silent server would not say goodbye.
    void spare.end().catch(() => undefined);
  }
}
