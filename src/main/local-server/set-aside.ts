import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../files/atomic-file';
import { clusterLayout, makingPrefix, setAsidePrefix, type ServerLayout } from './layout';

/** Renames a folder to one that tells when and why it was put aside. Nothing is ever deleted. Answers the new path. */
export async function setAsideFolder(
  layout: ServerLayout,
  folder: string,
  reason: string,
  now: Date,
): Promise<string> {
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-');
  for (let occurrence = 1; ; occurrence += 1) {
    const suffix = occurrence === 1 ? '' : `-${String(occurrence)}`;
    const target = join(layout.folder, `${setAsidePrefix}${stamp}-${reason}${suffix}`);
    // rename(2) would replace an empty folder silently.
    if (await isThere(target)) continue;
    await rename(folder, target);
    return target;
  }
}

/** Folders that a console began to make and never finished. */
export async function unfinishedFolders(layout: ServerLayout): Promise<string[]> {
  const entries = await readdir(layout.folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((name) => name.startsWith(makingPrefix)).map((name) => join(layout.folder, name));
}

/** True for a cluster that lacks what every finished one has: initdb writes both of these files late. */
export async function isHalfMade(layout: ServerLayout): Promise<boolean> {
  const { cluster } = clusterLayout(layout.current);
  const [version, control] = await Promise.all([
    isThere(join(cluster, 'PG_VERSION')),
    isThere(join(cluster, 'global', 'pg_control')),
  ]);
  return !version || !control;
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}
