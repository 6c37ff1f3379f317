import { setMaxListeners } from 'node:events';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import pg from 'pg';
import * as z from 'zod';
import { AppError } from '../../shared/errors';
import { eitherSignal } from '../kernel/either-signal';
import { cancelOnAbort } from './cancel-on-abort';
import { toDatabaseError } from './errors';
import { inDialect, ownDialect } from './relations';
import { giveUp, limitAnswers, withinTime } from './silent-connection';
import { beginSession, connectTimeoutMs, type SessionFacts, sessionConfig } from './session-settings';
import { checkedPool } from './wire';
import { cancelled, throwIfCancelled } from '../kernel/cancelled';

/** How long a statement may run, by kind of work (design: "Workspaces"). Jobs have none but can be cancelled. */
export const statementTimeoutMs = { query: 15_000, command: 30_000, job: 0 } as const;
const slowQueryMs = 500;
/** A connection that stood idle may be half-open (a laptop slept, a firewall forgot it): it is asked first. */
const idleAnswerMs = 4_000;
const rollbackAnswerMs = 5_000;

export type WorkKind = keyof typeof statementTimeoutMs;

/** One checked-out connection inside a transaction. */
export interface Connection {
  readonly client: pg.PoolClient;
  readonly orm: NodePgDatabase;
  /**
   * The rows of a statement built with drizzle's `sql` tag, with the console's own types (instants, exact numbers).
   * @param row what a row is; every row is checked where the database was opened with `checkRows`. It may check, not
   *   change: what is not checked comes back as it is.
   */
  select<Row extends z.ZodType<object>>(row: Row, statement: SQL): Promise<z.output<Row>[]>;
  /** Runs a statement whose rows, if it has any, nobody wants. Answers how many rows it wrote. */
  run(statement: SQL): Promise<number>;
}

export interface Database {
  /** For work that needs a connection of its own (migrations). Holds the password: never let it cross. */
  readonly config: pg.ClientConfig;
  readonly readOnly: boolean;
  /** Reads in one READ ONLY repeatable-read transaction: every figure of one answer is of the same moment. */
  read<T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T>;
  /** One change: one transaction, committed when `work` resolves, rolled back when it rejects. */
  write<T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T>;
  /** One transaction of long work: no statement timeout. Call it once per batch. */
  batch<T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Aborts when the database is being closed: for what works on a connection of its own, or waits for others. */
  readonly closing: AbortSignal;
  /** Cancels what runs and ends every connection. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly config: pg.ClientConfig;
  readonly readOnly: boolean;
  /** Whether each row is checked against what its statement says of it: in tests and development. */
  readonly checkRows?: boolean;
  /** Told whenever the server was found lost or back. */
  readonly onConnectionChange?: (state: 'open' | 'lost') => void;
  readonly onSlowQuery?: (entry: { readonly milliseconds: number; readonly sql: string }) => void;
}

const dialect = new PgDialect();

/** Opens a pool to one database. Nothing is connected until the first call. */
export function openDatabase({
  config,
  readOnly,
  checkRows = false,
  onConnectionChange,
  onSlowQuery,
}: DatabaseOptions): Database {
  const base = sessionConfig(config);
  const own = sessionConfig(config, { readOnly });
  const pool = checkedPool({ ...own, max: 8, idleTimeoutMillis: 30_000 });
  const closing = new AbortController();
  // As many as there are calls at work: each takes its own off again, so that their number is no sign of a leak.
  setMaxListeners(0, closing.signal);
  // Without a listener an idle connection that is lost would end the whole process.
  pool.on('error', (error) => {
    // A session that the server found idle for too long is replaced by the next call.
    if (!isIdleTimeout(error)) onConnectionChange?.('lost');
  });
  /** When each connection was last heard of; one that is silent makes all that are older suspect. */
  const heardOf = new WeakMap<pg.PoolClient, number>();
  let suspectBefore = 0;
  /** Learned from the first transaction: a pooler on this way drops start-up options. */
  let settingsAreLocal = false;
  /** Learned from the last: setting what holds by itself would cost more than looking at it. */
  let laterSettingsHold = false;

  /** A connection in a new transaction. One that stood idle and does not answer is replaced, once. */
  async function begin(
    beginning: string,
    kind: WorkKind,
    signal: AbortSignal,
  ): Promise<{ client: pg.PoolClient; facts: SessionFacts }> {
    for (;;) {
      const client = await checkOut(pool, signal);
      const heardAt = heardOf.get(client);
      if (heardAt !== undefined && heardAt < suspectBefore) {
        client.release(true);
        continue;
      }
      const ignoreLoss = (): void => undefined;
      client.on('error', ignoreLoss);
      const onAbort = (): void => giveUp(client);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        const facts = await beginSession(client, beginning, {
          statementTimeoutMs: statementTimeoutMs[kind],
          readOnly,
          settingsAreLocal,
          laterSettingsHold,
          answerMs: heardAt === undefined ? connectTimeoutMs : idleAnswerMs,
        });
        settingsAreLocal = facts.settings_are_local;
        laterSettingsHold = facts.later_settings_hold && !settingsAreLocal;
        heardOf.set(client, Date.now());
        return { client, facts };
      } catch (error) {
        client.release(true);
        const mapped = toDatabaseError(error, signal);
        if (heardAt === undefined || !isUnreachable(mapped) || signal.aborted) throw mapped;
        suspectBefore = Date.now();
      } finally {
        signal.removeEventListener('abort', onAbort);
        client.off('error', ignoreLoss);
      }
    }
  }

  /** One transaction, which ends too when the database is closed. */
  async function inTransaction<T>(
    beginning: string,
    kind: WorkKind,
    signal: AbortSignal,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const ended = eitherSignal(signal, closing.signal);
    try {
      return await runTransaction(beginning, kind, ended.signal, work);
    } finally {
      ended.stop();
    }
  }

  async function runTransaction<T>(
    beginning: string,
    kind: WorkKind,
    signal: AbortSignal,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    throwIfCancelled(signal);
    const { client, facts } = await begin(beginning, kind, signal).catch((error: unknown) => {
      const mapped = toDatabaseError(error, signal);
      if (isUnreachable(mapped)) onConnectionChange?.('lost');
      throw mapped;
    });
    onConnectionChange?.('open');
    const cancellation = cancelOnAbort(client, facts.process_id, base, signal);
    let broken: Error | undefined;
    // The pool listens to idle connections only: one that is lost between two statements would end the process.
    const onLost = (error: Error): void => {
      broken = error;
    };
    client.on('error', onLost);
    try {
      const limited = limitAnswers(client, {
        statementTimeoutMs: statementTimeoutMs[kind],
        processId: facts.process_id,
        config: base,
      });
      const result = await work(connectionOf(limited, signal, { checkRows, onSlowQuery }));
      throwIfCancelled(signal);
      await limited.query('COMMIT');
      return result;
    } catch (error) {
      await cancellation.settled();
      await withinTime(client, client.query('ROLLBACK'), rollbackAnswerMs).catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
      const mapped = toDatabaseError(error, signal, {
        inRecovery: facts.in_recovery,
        actsAs: facts.acts_as,
      });
      if (isUnreachable(mapped)) onConnectionChange?.('lost');
      throw mapped;
    } finally {
      // A cancel that is still on its way would hit whoever gets this connection next.
      await cancellation.settled();
      cancellation.stop();
      client.off('error', onLost);
      heardOf.set(client, Date.now());
      client.release(broken);
    }
  }

  return {
    config: base,
    readOnly,
    closing: closing.signal,
    read: (signal, work) =>
      inTransaction('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 'query', signal, work),
    write: (signal, work) => inTransaction('BEGIN', 'command', signal, work),
    batch: (signal, work) => inTransaction('BEGIN', 'job', signal, work),
    close: () => {
      // A pool ends only when its last connection was given back.
      closing.abort();
      return pool.end();
    },
  };
}

/** A connection of the pool; a cancelled call does not wait for it, and gives it back when it comes after all. */
async function checkOut(pool: pg.Pool, signal: AbortSignal): Promise<pg.PoolClient> {
  const connecting = pool.connect();
  let stopListening = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(cancelled());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    stopListening = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([connecting, aborted]);
  } catch (error) {
    if (signal.aborted) {
      void connecting.then(
        (late) => late.release(),
        () => undefined,
      );
    }
    throw error;
  } finally {
    stopListening();
  }
}

function connectionOf(
  client: pg.PoolClient,
  signal: AbortSignal,
  {
    checkRows,
    onSlowQuery,
  }: { readonly checkRows: boolean; readonly onSlowQuery: DatabaseOptions['onSlowQuery'] | undefined },
): Connection {
  async function ask(statement: SQL): Promise<pg.QueryResult<Record<string, unknown>>> {
    // A cancel that came between two statements found nothing to stop.
    throwIfCancelled(signal);
    const { sql, params } = dialect.sqlToQuery(inDialect(statement, ownDialect));
    const startedAt = performance.now();
    const result = await client.query<Record<string, unknown>>(sql, params);
    const milliseconds = performance.now() - startedAt;
    if (milliseconds > slowQueryMs) onSlowQuery?.({ milliseconds, sql });
    return result;
  }
  return {
    client,
    orm: drizzle(client),
    async select<Row extends z.ZodType<object>>(row: Row, statement: SQL) {
      const { rows } = await ask(statement);
      // Unchecked, they are what the statement's tests proved them to be.
      return checkRows ? z.array(row).parse(rows) : (rows as z.output<Row>[]);
    },
    run: async (statement) => (await ask(statement)).rowCount ?? 0,
  };
}

function isIdleTimeout(error: Error): boolean {
  return error instanceof pg.DatabaseError && error.code === '57P05';
}

function isUnreachable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'db_unreachable';
}
