import type pg from 'pg';
import type { WorkspaceState } from '../../shared/contract/app';
import { migrationStatus } from '../postgres/migrate';
import { identifyDatabase } from '../postgres/passport';

/**
 * Says what the open database is: nothing of ours yet (`empty`), our schema behind, complete, changed or newer than
 * this console, or somebody else's tables (`foreign`), on which nothing may be run.
 */
export async function inspectSchema(
  client: pg.ClientBase,
  migrationsFolder: string,
): Promise<WorkspaceState['schema']> {
  // Another program may keep a ledger of the same name: only ours is compared with our migrations.
  const { kind } = await identifyDatabase(client);
  if (kind === 'empty') return 'empty';
  if (kind !== 'console') return 'foreign';
  const migrations = await migrationStatus(client, migrationsFolder);
  const states = new Set(migrations.map((migration) => migration.state));
  if (states.has('unknown')) return 'ahead';
  if (states.has('changed')) return 'changed';
  return states.has('pending') ? 'behind' : 'current';
}
