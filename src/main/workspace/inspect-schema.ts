import type pg from 'pg';
import type { WorkspaceState } from '../../shared/contract/app';
import { migrationStatus } from '../postgres/migrate';

/**
 * Says what the open database is: nothing of ours yet (`empty`), our schema behind, complete, changed or newer than
 * this console, or somebody else's tables (`foreign`), on which nothing may be run.
 */
export async function inspectSchema(
  client: pg.ClientBase,
  migrationsFolder: string,
): Promise<WorkspaceState['schema']> {
  const migrations = await migrationStatus(client, migrationsFolder);
  const states = new Set(migrations.map((migration) => migration.state));
  if (states.has('unknown')) return 'ahead';
  if (states.has('changed')) return 'changed';
  if (!states.has('applied')) return (await hasTables(client)) ? 'foreign' : 'empty';
  return states.has('pending') ? 'behind' : 'current';
}

async function hasTables(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_catalog.pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
     ) AS found`,
  );
  return rows[0]?.found === true;
}
