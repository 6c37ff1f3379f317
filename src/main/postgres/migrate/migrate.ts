import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { AppError } from '../../../shared/errors';
import type { ReportProgress } from '../../../shared/progress';
import { compareWithLedger, createLedger, type MigrationStatus, readLedger, writeLedger } from './ledger';
import { onOwnConnection } from '../own-connection';
import { sessionShared } from '../own-session';
import { checkSettings, sessionConfig } from '../session-settings';
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

interface Circumstances {
  readonly signal: AbortSignal;
  readonly report: ReportProgress | undefined;
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
 *   when the server does not fit, `db_server` where a pooler in between loses the session's settings or its lock,
 *   `cancelled`, or the database's own error for a migration that fails.
 */
export async function migrate(config: pg.ClientConfig, options: MigrateOptions): Promise<MigrationOutcome> {
  const { folder, signal = new AbortController().signal, report } = options;
  const migrations = await readMigrations(folder);
  try {
    throwIfCancelled(signal);
    return await onOwnConnection(sessionConfig(config), signal, async (client) => {
      // The lock belongs to the session and ends with it.
      await takeLock(client, { signal, report });
      return applyPending(client, migrations, { signal, report });
    });
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
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
  client: pg.ClientBase,
  migrations: readonly Migration[],
  { signal, report }: Circumstances,
): Promise<MigrationOutcome> {
  const statuses = compareWithLedger(migrations, await readLedger(client));
  refuseWhenAhead(statuses);
  const changed = statuses.filter(({ state }) => state === 'changed').map(({ name }) => name);
  const pending = migrations.filter((_, index) => statuses[index]?.state === 'pending');
  if (pending.length === 0) return { applied: [], changed };

  await refuseWhenUnfit(client);
  await inTransaction(client, () => createLedger(client));
  for (const [index, migration] of pending.entries()) {
    throwIfCancelled(signal);
    report?.({ title, detail: migration.name, done: index, total: pending.length });
    await apply(client, migration);
  }
  report?.({ title, done: pending.length, total: pending.length });
  return { applied: pending.map(({ name }) => name), changed };
}

/** A file that cannot run in a transaction may be interrupted half-way: it must be written to be run again. */
async function apply(client: pg.ClientBase, migration: Migration): Promise<void> {
  if (migration.transactional) {
    await inTransaction(client, async () => {
      for (const statement of migration.statements) await client.query(statement);
      await writeLedger(client, migration);
    });
    return;
  }
  await refuseUnlessOurs(client);
  await client.query(`SET search_path = public; SET lock_timeout = ${lockTimeoutMs}`);
  for (const statement of migration.statements) await client.query(statement);
  await client.query('RESET search_path; RESET lock_timeout');
  await writeLedger(client, migration);
}

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await refuseUnlessOurs(client);
    await client.query(`SET LOCAL search_path = public; SET LOCAL lock_timeout = ${lockTimeoutMs}`);
    await work();
    await client.query('COMMIT');
  } catch (error) {
    // The connection may be what failed; the server rolls back by itself then.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function takeLock(client: pg.ClientBase, { signal, report }: Circumstances): Promise<void> {
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

/** A pooler in between may give us another session at any time, without our settings and without the lock. */
async function refuseUnlessOurs(client: pg.ClientBase): Promise<void> {
  await checkSettings(client);
  const { rows } = await client.query<{ held: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_locks
       WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
         AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = $1
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
     ) AS held`,
    [advisoryLock],
  );
  if (rows[0]?.held !== true) throw sessionShared();
}

function refuseWhenAhead(statuses: readonly MigrationStatus[]): void {
  const unknown = statuses.filter(({ state }) => state === 'unknown');
  if (unknown.length === 0) return;
  throw new AppError('db_ahead', say('migrations.ahead'), {
    hint: say('migrations.aheadHint'),
    details: { unknownMigrations: unknown.map(({ name }) => name).join(', ') },
  });
}

async function refuseWhenUnfit(client: pg.ClientBase): Promise<void> {
  const failed = (await preflight(client)).find(({ ok }) => !ok);
  if (!failed) return;
  throw new AppError(preflightErrorCodes[failed.check], failed.message, {
    ...(failed.hint === null ? {} : { hint: failed.hint }),
    details: { check: failed.check },
  });
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new AppError('cancelled', say('migrations.cancelled'), {
      hint: say('migrations.cancelledHint'),
    });
  }
}
