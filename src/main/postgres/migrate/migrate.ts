import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { AppError } from '../../../shared/errors';
import type { ReportProgress } from '../../../shared/progress';
import { compareWithLedger, createLedger, type MigrationStatus, readLedger, writeLedger } from './ledger';
import { explainStop } from './in-the-way';
import { onOwnConnection } from '../own-connection';
import { sessionShared } from '../own-session';
import { checkSettings, pinnedSettings, sessionConfig } from '../session-settings';
import { refuseSuperuser } from '../superuser';
import { preflight, preflightErrorCodes } from './preflight';
import { applyRoutines } from './apply-routines';
import { actAsOwner } from './as-owner';
import { takeLedgerAlong } from './earlier-files';
import { type Migration, readMigrations } from './read-migrations';
import { readRoutines, type Routine } from './read-routines';
import { compareRoutines, readRoutineLedger } from './routine-ledger';
import { tables } from '../relations';
import { say } from '../../kernel/say';

export interface MigrateOptions {
  /** Folder with the SQL files, `meta/_journal.json` and `routines/*.sql`. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly report?: ReportProgress;
  /** The person chose to be a superuser in this database, where others have a hand in. Absent: they did not. */
  readonly acceptSuperuser?: boolean;
  /** The person chose to migrate although others may create in the schemas. Absent: they did not. */
  readonly acceptOthersCreating?: boolean;
}

export interface MigrationOutcome {
  /** Names of the migrations and routines this call applied, in order; empty when there was nothing to do. */
  readonly applied: readonly string[];
  /** Names of applied migrations and routines whose file has another content now. */
  readonly changed: readonly string[];
}

interface Files {
  readonly migrations: readonly Migration[];
  readonly routines: readonly Routine[];
}

interface Circumstances {
  readonly signal: AbortSignal;
  readonly report: ReportProgress | undefined;
  readonly acceptOthersCreating: boolean;
}

const title = say('migrations.title');
/** Any number will do that nobody else uses: "litemaas" read as the bytes of a BIGINT. */
const advisoryLock = '7811904258206130547';
const lockRetryMs = 200;
const lockTimeoutMs = 10_000;

/**
 * Brings a database to the newest schema: the numbered files, then the routines (functions, triggers, views), which are
 * put in place again when their text changed. In a new database each file is one transaction (unless its header says
 * `-- litemaas: no-transaction`), and the routines go with the last; in one whose triggers are at work the pending files
 * go together with them. A run that was killed goes on where it stopped; runs beside each other wait for one another. A database
 * made by the files before they were rewritten is taken along.
 * @throws AppError `db_ahead` when the database holds migrations this console does not know, the preflight's codes
 *   when the server does not fit, `db_server` where a pooler in between loses the session's settings or its lock,
 *   `db_superuser` for a superuser where others have a hand in, `cancelled`, or the database's own error for a
 *   migration that fails.
 */
export async function migrate(config: pg.ClientConfig, options: MigrateOptions): Promise<MigrationOutcome> {
  const { folder, signal = new AbortController().signal, report } = options;
  const { acceptSuperuser = false, acceptOthersCreating = false } = options;
  const files = { migrations: await readMigrations(folder), routines: await readRoutines(folder) };
  try {
    throwIfCancelled(signal);
    return await onOwnConnection(sessionConfig(config), signal, async (client) => {
      await refuseSuperuser(client, acceptSuperuser);
      // The lock belongs to the session and ends with it.
      await takeLock(client, { signal, report });
      return applyPending(client, files, { signal, report, acceptOthersCreating });
    });
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  }
}

/** What each migration and routine is in this database: applied, pending, changed, or unknown to this console. */
export async function migrationStatus(
  client: pg.ClientBase,
  folder: string,
): Promise<readonly MigrationStatus[]> {
  const statuses = compareWithLedger(await readMigrations(folder), await readLedger(client));
  return [...statuses, ...compareRoutines(await readRoutines(folder), await readRoutineLedger(client))];
}

async function applyPending(
  client: pg.ClientBase,
  { migrations, routines }: Files,
  { signal, report, acceptOthersCreating }: Circumstances,
): Promise<MigrationOutcome> {
  const ledger = await readLedger(client);
  const migrationStates = compareWithLedger(migrations, ledger);
  const routineStates = compareRoutines(routines, await readRoutineLedger(client));
  const statuses = [...migrationStates, ...routineStates];
  refuseWhenAhead(statuses);
  const changed = statuses.filter(({ state }) => state === 'changed').map(({ name }) => name);
  const pending = migrations.filter((_, index) => migrationStates[index]?.state === 'pending');
  // After a numbered file every routine is put in place again: it may read what the file changed.
  const isDue = (index: number): boolean =>
    routineStates[index]?.state === 'pending' ||
    (pending.length > 0 && routineStates[index]?.state === 'applied');
  const due = routines.filter((_, index) => isDue(index));
  if (pending.length === 0 && due.length === 0) return { applied: [], changed };

  await refuseWhenUnfit(client, acceptOthersCreating);
  await inTransaction(client, async () => {
    await createLedger(client);
    await takeLedgerAlong(client, migrations, ledger);
  });
  const steps = stepsOf(pending, due, await hasTriggers(client));
  const total = pending.length + due.length;
  let done = 0;
  for (const step of steps) {
    throwIfCancelled(signal);
    for (const { name } of filesOf(step)) {
      report?.({ title, detail: name, done, total });
      done += 1;
    }
    await apply(client, step);
  }
  report?.({ title, done: total, total });
  return { applied: [...pending, ...due].map(({ name }) => name), changed };
}

/** What is done in one transaction: numbered files, routines, or files with the routines that fit them. */
interface Step {
  readonly migrations: readonly Migration[];
  readonly routines: readonly Routine[];
}

const filesOf = ({ migrations, routines }: Step): readonly (Migration | Routine)[] => [
  ...migrations,
  ...routines,
];

/**
 * The routines go with the last file: nobody ever writes through triggers that don't fit the tables. Where somebody may
 * write meanwhile they go with all files before it, too, as far back as files can share a transaction.
 */
function stepsOf(pending: readonly Migration[], routines: readonly Routine[], areAtWork: boolean): Step[] {
  const steps = pending.map((migration): Step => ({ migrations: [migration], routines: [] }));
  if (routines.length === 0) return steps;
  const lastAlone = pending.findLastIndex(({ transactional }) => !transactional);
  const from = areAtWork ? lastAlone + 1 : Math.max(lastAlone + 1, pending.length - 1);
  return [...steps.slice(0, from), { migrations: pending.slice(from), routines }];
}

/** Whether triggers of ours run already when somebody writes. */
async function hasTriggers(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_trigger WHERE tgrelid IN (to_regclass($1), to_regclass($2)) AND NOT tgisinternal
     ) AS has`,
    [tables.users, tables.usage_logs],
  );
  return rows[0]?.has === true;
}

async function apply(client: pg.ClientBase, { migrations, routines }: Step): Promise<void> {
  const [alone] = migrations;
  if (alone?.transactional === false) {
    await applyAlone(client, alone);
    return;
  }
  let name = '';
  await inTransaction(client, async () => {
    for (const migration of migrations) {
      name = migration.name;
      for (const statement of migration.statements) await client.query(statement);
      await writeLedger(client, migration);
    }
    await applyRoutines(client, routines);
  }).catch((error: unknown) => {
    throw explainStop(error, name);
  });
}

/** A file that cannot run in a transaction may be interrupted half-way: it must be written to be run again. */
async function applyAlone(client: pg.ClientBase, migration: Migration): Promise<void> {
  try {
    await checkSettings(client);
    await client.query(`SET lock_timeout = ${lockTimeoutMs}`);
    await refuseUnlessLocked(client);
    for (const statement of migration.statements) await client.query(statement);
    await writeLedger(client, migration);
    await client.query(`SET lock_timeout = '${pinnedSettings.lock_timeout}'`);
  } catch (error) {
    throw explainStop(error, migration.name);
  }
}

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await checkSettings(client);
    await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
    await refuseUnlessLocked(client);
    await actAsOwner(client);
    await work();
    await client.query('COMMIT');
  } catch (error) {
    // The connection may be what failed; the server rolls back by itself then.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function takeLock(
  client: pg.ClientBase,
  { signal, report }: Omit<Circumstances, 'acceptOthersCreating'>,
): Promise<void> {
  for (;;) {
    throwIfCancelled(signal);
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT pg_catalog.pg_try_advisory_lock($1) AS taken',
      [advisoryLock],
    );
    if (rows[0]?.taken) return;
    report?.({ title, detail: say('migrations.waiting') });
    await delay(lockRetryMs);
  }
}

/** A pooler in between may give us another session at any time, without our settings and without the lock. */
async function refuseUnlessLocked(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ held: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_catalog.pg_locks
       WHERE locktype = 'advisory' AND granted AND pid = pg_catalog.pg_backend_pid()
         AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = $1
         AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
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

async function refuseWhenUnfit(client: pg.ClientBase, acceptOthersCreating: boolean): Promise<void> {
  const checks = await preflight(client);
  const failed = checks.find(({ ok, acceptable }) => !ok && !(acceptable && acceptOthersCreating));
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
