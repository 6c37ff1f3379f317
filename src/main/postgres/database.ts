import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { AppError } from '../../shared/errors';
import { toDatabaseError } from './errors';
import { typeParsers } from './types';

/** How long a statement may run, by kind of work (design: "Workspaces"). Jobs have none but can be cancelled. */
export const statementTimeoutMs = { query: 15_000, command: 30_000, job: 0 } as const;
const lockTimeoutMs = 5_000;
const idleInTransactionTimeoutMs = 60_000;
const connectTimeoutMs = 10_000;
const slowQueryMs = 500;

export type WorkKind = keyof typeof statementTimeoutMs;

/** One checked-out connection inside a transaction. */
export interface Connection {
  readonly client: pg.PoolClient;
  readonly orm: NodePgDatabase;
  /** Runs SQL built with drizzle's `sql` tag; rows come back with the console's own types (instants, exact numbers). */
  select<Row extends object>(statement: SQL): Promise<Row[]>;
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
  /** Ends every connection; running statements are cancelled by the caller's signals first. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly config: pg.ClientConfig;
  readonly readOnly: boolean;
  /** Told whenever the server was found lost or back. */
  readonly onConnectionChange?: (state: 'open' | 'lost') => void;
  readonly onSlowQuery?: (entry: { readonly milliseconds: number; readonly sql: string }) => void;
}

const dialect = new PgDialect();

/** Settings every connection of the console has, whatever it is for. */
export function sessionConfig(config: pg.ClientConfig): pg.ClientConfig {
  return {
    ...config,
    application_name: 'litemaas-console',
    options: [
      config.options,
      '-c TimeZone=UTC',
      `-c lock_timeout=${lockTimeoutMs}`,
      '-c DateStyle=ISO',
      '-c client_encoding=UTF8',
    ]
      .filter(Boolean)
      .join(' '),
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types: typeParsers,
  };
}

/** Opens a pool to one database. Nothing is connected until the first call. */
export function openDatabase({
  config,
  readOnly,
  onConnectionChange,
  onSlowQuery,
}: DatabaseOptions): Database {
  const base = sessionConfig(config);
  const pool = new pg.Pool({
    ...base,
    options: readOnly ? `${base.options ?? ''} -c default_transaction_read_only=on` : base.options,
    max: 8,
    idleTimeoutMillis: 30_000,
  });
  // Without a listener an idle connection that is lost would end the whole process.
  pool.on('error', () => onConnectionChange?.('lost'));

  async function inTransaction<T>(
    begin: string,
    kind: WorkKind,
    signal: AbortSignal,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    throwIfAborted(signal);
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      const mapped = toDatabaseError(error, signal);
      if (mapped instanceof AppError && mapped.code === 'db_unreachable') onConnectionChange?.('lost');
      throw mapped;
    }
    onConnectionChange?.('open');
    const cancellation = cancelOnAbort(client, base, signal);
    let broken: Error | undefined;
    // The pool listens to idle connections only: one that is lost between two statements would end the process.
    const onLost = (error: Error): void => {
      broken = error;
    };
    client.on('error', onLost);
    try {
      await client.query(begin);
      await client.query(`SET LOCAL statement_timeout = ${statementTimeoutMs[kind]}`);
      const result = await work(connectionOf(client, signal, onSlowQuery));
      throwIfAborted(signal);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await cancellation.settled();
      await client.query('ROLLBACK').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
      const mapped = toDatabaseError(error, signal);
      if (mapped instanceof AppError && mapped.code === 'db_unreachable') onConnectionChange?.('lost');
      throw mapped;
    } finally {
      // A cancel that is still on its way would hit whoever gets this connection next.
      await cancellation.settled();
      cancellation.stop();
      client.off('error', onLost);
      client.release(broken);
    }
  }

  return {
    config: base,
    readOnly,
    read: (signal, work) =>
      inTransaction('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 'query', signal, work),
    write: (signal, work) => inTransaction('BEGIN', 'command', signal, work),
    batch: (signal, work) => inTransaction('BEGIN', 'job', signal, work),
    close: () => pool.end(),
  };
}

function connectionOf(
  client: pg.PoolClient,
  signal: AbortSignal,
  onSlowQuery: DatabaseOptions['onSlowQuery'],
): Connection {
  return {
    client,
    orm: drizzle(client),
    async select<Row extends object>(statement: SQL): Promise<Row[]> {
      // A cancel that came between two statements found nothing to stop.
      throwIfAborted(signal);
      const { sql, params } = dialect.sqlToQuery(statement);
      const startedAt = performance.now();
      const result = await client.query<Row>(sql, params);
      const milliseconds = performance.now() - startedAt;
      if (milliseconds > slowQueryMs) onSlowQuery?.({ milliseconds, sql });
      return result.rows;
    },
  };
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
}

/** Cancels the connection's running statement over a spare connection once `signal` aborts. */
function cancelOnAbort(client: pg.PoolClient, config: pg.ClientConfig, signal: AbortSignal) {
  let cancelling: Promise<void> = Promise.resolve();
  // pg keeps the backend's process id on the client but its types do not say so.
  const processId = (client as unknown as { processID: number | null }).processID;
  const onAbort = (): void => {
    if (processId !== null) cancelling = cancelBackend(config, processId);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    settled: () => cancelling,
    stop: () => signal.removeEventListener('abort', onAbort),
  };
}

async function cancelBackend(config: pg.ClientConfig, processId: number): Promise<void> {
  const spare = new pg.Client({ ...config, statement_timeout: 5_000 });
  spare.on('error', () => undefined);
  try {
    await spare.connect();
    await spare.query('SELECT pg_cancel_backend($1)', [processId]);
  } catch {
    // The statement then ends by its own timeout; the caller is told it was cancelled either way.
  } finally {
    await spare.end().catch(() => undefined);
  }
}
