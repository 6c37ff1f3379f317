import pg from 'pg';
import { SilentConnectionError } from './errors';
import { CheckedClient, streamOf } from './wire';

/** How much longer than its own timeout a statement may be waited for: the server's answer has to travel. */
const graceMs = 3_000;
/** How often a statement without a timeout is asked after. */
const askAfterMs = 20_000;
const spareTimeoutMs = 5_000;

/** Ends a connection at once, without asking the other side; whoever waits on it gets an error. */
export function giveUp(client: pg.ClientBase): void {
  streamOf(client).destroy(new SilentConnectionError('The server did not answer in time.'));
}

/** Waits for an answer at most this long, then gives the connection up and rejects. */
export async function withinTime<T>(client: pg.ClientBase, answer: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp(client);
      reject(new SilentConnectionError('The server did not answer in time.'));
    }, limitMs);
  });
  try {
    // The answer still rejects when the connection ends: nobody may be waiting for it by then.
    answer.catch(() => undefined);
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The same connection, whose statements end although the other side fell silent (a laptop slept, a tunnel died): after
 * the statement's own timeout, which the server would have kept; without one, as soon as a spare connection finds that
 * the server cannot be reached or no longer works on it. Streams (COPY, cursors) read at their reader's pace and are
 * left to TCP's keepalive.
 */
export function limitAnswers<Client extends pg.ClientBase>(
  client: Client,
  {
    statementTimeoutMs,
    processId,
    config,
  }: { readonly statementTimeoutMs: number; readonly processId: number; readonly config: pg.ClientConfig },
): Client {
  const watch = async <T>(answer: Promise<T>): Promise<T> => {
    if (statementTimeoutMs > 0) return withinTime(client, answer, statementTimeoutMs + graceMs);
    let isAnswered = false;
    const timer = setInterval(() => {
      void isWorking(config, processId).then((works) => {
        if (!works && !isAnswered) giveUp(client);
      });
    }, askAfterMs);
    try {
      return await answer;
    } finally {
      isAnswered = true;
      clearInterval(timer);
    }
  };
  const query = (...parameters: unknown[]): unknown => {
    const answer = Reflect.apply(client.query, client, parameters) as unknown;
    return answer instanceof Promise ? watch(answer) : answer;
  };
  return Object.create(client, { query: { value: query } }) as Client;
}

/** Whether the server can be reached and the backend runs a statement. Behind a pooler its path may be anybody's. */
async function isWorking(config: pg.ClientConfig, processId: number): Promise<boolean> {
  const spare = new CheckedClient({ ...config, connectionTimeoutMillis: spareTimeoutMs });
  spare.on('error', () => undefined);
  try {
    await spare.connect();
    const { rows } = await withinTime(
      spare,
      spare.query<{ works: boolean }>(
        `SELECT EXISTS (
           SELECT FROM pg_catalog.pg_stat_get_activity($1::pg_catalog.int4) AS backend
           WHERE (backend.state OPERATOR(pg_catalog.~~) 'idle%') IS NOT TRUE
         ) AS works`,
        [processId],
      ),
      spareTimeoutMs,
    );
    return rows[0]?.works === true;
  } catch (error) {
    // A server that only has no connection to spare is there.
    return error instanceof pg.DatabaseError;
  } finally {
    // Not waited for: a silent server would not say goodbye.
    void spare.end().catch(() => undefined);
  }
}
