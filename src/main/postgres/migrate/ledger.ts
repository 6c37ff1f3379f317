import type pg from 'pg';
import { AppError } from '../../../shared/errors';
import type { Migration } from './read-migrations';
import { say } from '../../kernel/say';
import { isOfEarlierFile } from './earlier-files';

/** One row of drizzle's ledger table `drizzle.__drizzle_migrations`. */
export interface LedgerEntry {
  readonly hash: string;
  /** The migration's `when`, as drizzle stores it. */
  readonly when: number;
  /** ISO 8601 UTC with microseconds; null where drizzle itself wrote the entry (its table has no such column). */
  readonly appliedAt: string | null;
}

/** A numbered file, or a routine (its name begins with `routines/`). */
export interface MigrationStatus {
  readonly name: string;
  readonly purpose: string;
  readonly hash: string;
  readonly appliedAt: string | null;
  /**
   * `changed`: applied, but from a file with another content. `unknown`: applied by a newer or different console; a
   * migration's name is then the ledger's number.
   */
  readonly state: 'applied' | 'pending' | 'changed' | 'unknown';
}

/** Creates drizzle's ledger where it is missing, with the time of applying beside drizzle's own columns. */
export async function createLedger(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS drizzle;
    CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (
      id SERIAL PRIMARY KEY,
      hash TEXT NOT NULL,
      created_at BIGINT
    );
    ALTER TABLE drizzle.__drizzle_migrations
      ADD COLUMN IF NOT EXISTS applied_at TIMESTAMP WITH TIME ZONE DEFAULT pg_catalog.clock_timestamp();`);
}

/** Finds the ledger in the catalogue, which needs no right on the schema it is in (to_regclass does). */
const ledgerTable = `
  SELECT ledger.oid FROM pg_catalog.pg_class AS ledger
  WHERE ledger.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'drizzle')
    AND ledger.relname = '__drizzle_migrations'`;

/**
 * Everything the ledger holds, oldest first; empty where there is no ledger.
 * @throws AppError `db_permission` with the GRANTs to run when the role may not read it.
 */
export async function readLedger(client: pg.ClientBase): Promise<readonly LedgerEntry[]> {
  const found = await client.query<{ readable: boolean; role: string; has_applied_at: boolean }>(`
    SELECT
      pg_catalog.has_schema_privilege('drizzle', 'USAGE') AND pg_catalog.has_table_privilege(oid, 'SELECT') AS readable,
      pg_catalog.quote_ident(current_user) AS role,
      EXISTS (
        SELECT FROM pg_catalog.pg_attribute WHERE attrelid = oid AND attname = 'applied_at' AND NOT attisdropped
      ) AS has_applied_at
    FROM (${ledgerTable}) AS ledger (oid)`);
  const ledger = found.rows[0];
  if (!ledger) return [];
  if (!ledger.readable) {
    throw new AppError('db_permission', say('migrations.ledgerForbidden', { role: ledger.role }), {
      hint: say('migrations.ledgerForbiddenHint', { role: ledger.role }),
    });
  }
  const hasAppliedAt = ledger.has_applied_at;
  const { rows } = await client.query<{ hash: string; when: string; applied_at: string | null }>(`
    SELECT
      hash,
      created_at::text AS "when",
      ${hasAppliedAt ? `pg_catalog.to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : 'NULL'} AS applied_at
    FROM drizzle.__drizzle_migrations
    ORDER BY created_at, id`);
  return rows.map((row) => ({ hash: row.hash, when: Number(row.when), appliedAt: row.applied_at }));
}

export async function writeLedger(client: pg.ClientBase, migration: Migration): Promise<void> {
  await client.query('INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)', [
    migration.hash,
    migration.when,
  ]);
}

/** Compares every file with every ledger entry, not only the newest. */
export function compareWithLedger(
  migrations: readonly Migration[],
  ledger: readonly LedgerEntry[],
): readonly MigrationStatus[] {
  const entries = new Map(ledger.map((entry) => [entry.when, entry]));
  const known = new Set(migrations.map((migration) => migration.when));
  const statuses = migrations.map(({ name, purpose, when, hash }): MigrationStatus => {
    const entry = entries.get(when);
    if (!entry) return { name, purpose, hash, appliedAt: null, state: 'pending' };
    return {
      name,
      purpose,
      hash: entry.hash,
      appliedAt: entry.appliedAt,
      state: entry.hash === hash || isOfEarlierFile(entry) ? 'applied' : 'changed',
    };
  });
  const strangers = ledger
    .filter((entry) => !known.has(entry.when) && !isOfEarlierFile(entry))
    .map((entry): MigrationStatus => ({
      name: String(entry.when),
      purpose: say('migrations.unknownPurpose'),
      hash: entry.hash,
      appliedAt: entry.appliedAt,
      state: 'unknown',
    }));
  return [...statuses, ...strangers];
}
