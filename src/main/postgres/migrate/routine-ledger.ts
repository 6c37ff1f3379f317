import type pg from 'pg';
import { say } from '../../kernel/say';
import type { MigrationStatus } from './ledger';
import type { Routine } from './read-routines';

/** One row of `litemaas_console.routines`: the text of a routine that the database has. */
export interface RoutineEntry {
  readonly name: string;
  readonly number: number;
  readonly hash: string;
  /** ISO 8601 UTC with microseconds. */
  readonly appliedAt: string;
}

/**
 * What the routines' ledger holds; empty where there is none yet. Null for a role that may not look into the schema:
 * it is told about the numbered files only.
 */
export async function readRoutineLedger(client: pg.ClientBase): Promise<readonly RoutineEntry[] | null> {
  const found = await client.query<{ readable: boolean }>(`
    SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AS readable
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'litemaas_console'
    WHERE c.relname = 'routines'`);
  const [table] = found.rows;
  if (!table) return [];
  if (!table.readable) return null;
  const { rows } = await client.query<RoutineEntry>(`
    SELECT name, number, hash,
      pg_catalog.to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "appliedAt"
    FROM litemaas_console.routines
    ORDER BY name`);
  return rows;
}

/** Notes that the database has this text now. Runs in the transaction that put it in place. */
export async function writeRoutineLedger(
  client: pg.ClientBase,
  { name, number, hash }: Routine,
): Promise<void> {
  await client.query(
    `INSERT INTO litemaas_console.routines (name, number, hash) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE
     SET number = EXCLUDED.number, hash = EXCLUDED.hash, applied_at = pg_catalog.clock_timestamp()`,
    [name, number, hash],
  );
}

/**
 * Compares every routine with the database's. `unknown`: the database has a higher number or a routine that this console
 * doesn't know, so it was prepared by a newer one. `changed`: the same number with another text.
 */
export function compareRoutines(
  routines: readonly Routine[],
  ledger: readonly RoutineEntry[] | null,
): readonly MigrationStatus[] {
  if (ledger === null) return [];
  const entries = new Map(ledger.map((entry) => [entry.name, entry]));
  const known = new Set(routines.map(({ name }) => name));
  const statuses = routines.map((routine): MigrationStatus => {
    const { name, purpose, hash } = routine;
    const entry = entries.get(name);
    if (!entry) return { name, purpose, hash, appliedAt: null, state: 'pending' };
    return { name, purpose, hash: entry.hash, appliedAt: entry.appliedAt, state: stateOf(routine, entry) };
  });
  const strangers = ledger
    .filter(({ name }) => !known.has(name))
    .map(({ name, hash, appliedAt }): MigrationStatus => ({
      name,
      purpose: say('migrations.unknownPurpose'),
      hash,
      appliedAt,
      state: 'unknown',
    }));
  return [...statuses, ...strangers];
}

function stateOf(routine: Routine, entry: RoutineEntry): MigrationStatus['state'] {
  if (entry.number > routine.number) return 'unknown';
  if (entry.number < routine.number) return 'pending';
  return entry.hash === routine.hash ? 'applied' : 'changed';
}
