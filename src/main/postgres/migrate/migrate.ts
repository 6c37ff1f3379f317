import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { AppError } from '../../../shared/errors';
import type { ReportProgress } from '../../../shared/progress';
import { compareWithLedger, createLedger, type MigrationStatus, readLedger, writeLedger } from './ledger';
import { preflight, preflightErrorCodes } from './preflight';
import { type Migration, readMigrations } from './read-migrations';
import { say } from '../../say';

export interface MigrateOptions {
  /** Folder with the SQL files and `meta/_journal.json`. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly report?: ReportProgress;
}

export interface MigrationOutcome {
  /** Names of the migrations this call applied, in order; empty when there was nothing to do. */
  readonly applied: readonly string[];
  /** Names of applied migrations whose file has another content now. */
  readonly changed: readonly string[];
}

const title = say('migrations.title');
/** Any number will do that nobody else uses: "litemaas" read as the bytes of a BIGINT. */
const advisoryLock = '7811904258206130547';
const lockRetryMs = 200;
const lockTimeoutMs = 10_000;

/**
 * Brings a database to the newest schema. Each file is one transaction (unless its header says `-- litemaas:
 * no-transaction`), so a run that was killed goes on where it stopped; runs beside each other wait for one another.
 * @throws AppError `db_ahead` when the database holds migrations this console does not know, the preflight's codes
 *   when the server does not fit, `cancelled`, or the database's own error for a migration that fails.
 */
export async function migrate(config: pg.ClientConfig, options: MigrateOptions): Promise<MigrationOutcome> {
  const { folder, signal, report } = options;
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ ...config, application_name: 'litemaas-console' });
  // A connection lost between two statements must reject the next one, not end the process.
  client.on('error', () => undefined);
  throwIfCancelled(signal);
  await client.connect();
  let stopCancelling = (): void => undefined;
  try {
    stopCancelling = await cancelOnAbort(client, config, signal);
    await client.query(
      `SET TimeZone = 'UTC'; SET search_path = public; SET statement_timeout = 0; SET lock_timeout = ${lockTimeoutMs}`,
    );
    await takeLock(client, options);
    return await applyPending(client, migrations, { signal, report });
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  } finally {
    stopCancelling();
    // The advisory lock belongs to the connection and ends with it.
    await client.end();
  }
}

/** What each migration is in this database: applied, pending, changed, or unknown to this console. */
export async function migrationStatus(
  client: pg.ClientBase,
  folder: string,
): Promise<readonly MigrationStatus[]> {
  return compareWithLedger(await readMigrations(folder), await readLedger(client));
}

async function applyPending(
  client: pg.Client,
  migrations: readonly Migration[],
  { signal, report }: { signal: AbortSignal | undefined; report: ReportProgress | undefined },
): Promise<MigrationOutcome> {
  const statuses = compareWithLedger(migrations, await readLedger(client));
  refuseWhenAhead(statuses);
  const changed = statuses.filter(({ state }) => state === 'changed').map(({ name }) => name);
  const pending = migrations.filter((_, index) => statuses[index]?.state === 'pending');
  if (pending.length === 0) return { applied: [], changed };

  await refuseWhenUnfit(client);
  await createLedger(client);
  for (const [index, migration] of pending.entries()) {
    throwIfCancelled(signal);
    report?.({ title, detail: migration.name, done: index, total: pending.length });
    await apply(client, migration);
  }
  report?.({ title, done: pending.length, total: pending.length });
  return { applied: pending.map(({ name }) => name), changed };
}

/** A file that cannot run in a transaction may be interrupted half-way: it must be written to be run again. */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  if (!migration.transactional) {
    for (const statement of migration.statements) await client.query(statement);
    await writeLedger(client, migration);
    return;
  }
  await client.query('BEGIN');
  try {
    for (const statement of migration.statements) await client.query(statement);
    await writeLedger(client, migration);
    await client.query('COMMIT');
  } catch (error) {
    // The connection may be what failed; the server rolls back by itself then.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function takeLock(client: pg.Client, { signal, report }: MigrateOptions): Promise<void> {
  for (;;) {
    throwIfCancelled(signal);
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      advisoryLock,
    ]);
    if (rows[0]?.taken) return;
    report?.({ title, detail: say('migrations.waiting') });
    await delay(lockRetryMs);
  }
}

function refuseWhenAhead(statuses: readonly MigrationStatus[]): void {
  const unknown = statuses.filter(({ state }) => state === 'unknown');
  if (unknown.length === 0) return;
  throw new AppError('db_ahead', say('migrations.ahead'), {
    hint: say('migrations.aheadHint'),
    details: { unknownMigrations: unknown.map(({ name }) => name).join(', ') },
  });
}

async function refuseWhenUnfit(client: pg.Client): Promise<void> {
  const failed = (await preflight(client)).find(({ ok }) => !ok);
  if (!failed) return;
  throw new AppError(preflightErrorCodes[failed.check], failed.message, {
    ...(failed.hint === null ? {} : { hint: failed.hint }),
    details: { check: failed.check },
  });
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new AppError('cancelled', say('migrations.cancelled'), {
      hint: say('migrations.cancelledHint'),
    });
  }
}

/** On abort, cancels the running statement through a second connection. Returns how to stop listening. */
async function cancelOnAbort(
  client: pg.Client,
  config: pg.ClientConfig,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  if (!signal) return () => undefined;
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const abort = (): void => {
    const canceller = new pg.Client({ ...config, application_name: 'litemaas-console' });
    canceller.on('error', () => undefined);
    void canceller
      .connect()
      .then(() => canceller.query('SELECT pg_cancel_backend($1)', [rows[0]?.pid]))
      // Without a second connection the running file ends first; no further one is begun.
      .catch(() => undefined)
      .finally(() => canceller.end().catch(() => undefined));
  };
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}
