import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import type { ServerBinaries } from './binaries';
import { clusterLayout, type ServerLayout } from './layout';
import { isHalfMade, isThere } from './set-aside';

export type ClusterState =
  | { readonly state: 'absent' }
  | { readonly state: 'half-made' }
  | { readonly state: 'whole' }
  | { readonly state: 'other-version'; readonly version: string };

/** What lies in the server's folder, from its files alone. */
export async function inspectCluster(layout: ServerLayout, binaries: ServerBinaries): Promise<ClusterState> {
  if (!(await isThere(layout.current))) return { state: 'absent' };
  if (await isHalfMade(layout)) return { state: 'half-made' };
  const version = (await readFile(join(clusterLayout(layout.current).cluster, 'PG_VERSION'), 'utf8')).trim();
  return version === String(binaries.majorVersion) ? { state: 'whole' } : { state: 'other-version', version };
}

/** PostgreSQL can't open the data of another major version; the folder is left exactly as it is. */
export function otherVersionError(layout: ServerLayout, version: string, binaries: ServerBinaries): AppError {
  const { cluster } = clusterLayout(layout.current);
  return new AppError(
    'db_version',
    `The local database in ${cluster} was made by PostgreSQL ${version}; this console comes with PostgreSQL ` +
      `${String(binaries.majorVersion)}. Nothing was changed.`,
    {
      hint:
        `Open it with the console that made it, or move its data with PostgreSQL ${version}'s pg_dump. ` +
        'To begin with a new local database, set this one aside: it is renamed, not deleted.',
      details: { found: version, expected: String(binaries.majorVersion), folder: cluster },
    },
  );
}
