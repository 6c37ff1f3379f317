import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import type { ServerBinaries } from './binaries';
import { clusterLayout, type ServerLayout } from './layout';
import { isHalfMade, isThere } from './set-aside';
import { say } from '../kernel/say';

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
    say('localServer.otherVersion', { cluster, version, own: String(binaries.majorVersion) }),
    {
      hint: say('localServer.otherVersionHint', { version }),
      details: { found: version, expected: String(binaries.majorVersion), folder: cluster },
    },
  );
}
