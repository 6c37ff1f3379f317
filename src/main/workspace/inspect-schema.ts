import type pg from 'pg';
import type { WorkspaceState } from '../../shared/contract/app';
import { migrationStatus } from '../postgres/migrate';
import type { Passport } from '../../shared/contract/passport';

/**
 * Says what the open database is: nothing of ours yet (`empty`), our schema behind, complete, changed or newer than
 * this console, or somebody else's tables (`foreign`), on which nothing may be run.
 * @param passport which database it is: only our own ledger is compared with our migrations, since another program may
 *   keep one of the same name.
 */
export async function inspectSchema(
  client: pg.ClientBase,
  { kind }: Pick<Passport, 'kind'>,
  migrationsFolder: string,
): Promise<WorkspaceState['schema']> {
  if (kind === 'empty') return 'empty';
  if (kind !== 'console') return 'foreign';
  const migrations = await migrationStatus(client, migrationsFolder);
  const states = new Set(migrations.map((migration) => migration.state));
  if (states.has('unknown')) return 'ahead';
  if (states.has('changed')) return 'changed';
  return states.has('pending') ? 'behind' : 'current';
}
