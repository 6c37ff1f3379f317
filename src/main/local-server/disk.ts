import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import { errnoOf } from '../files/atomic-file';
import { say } from '../kernel/say';

/** A new cluster is 39 MB; creating database and schema and the first write-ahead log segments need the rest. */
const newClusterBytes = 120 * 1024 * 1024;
/** A new cluster has about 980 files, the schema adds some hundred. */
const newClusterFiles = 2000;

interface DiskSpace {
  /** What this user may still write. */
  readonly freeBytes: number;
  /** Some file systems also run out of files; null where they have no limit. */
  readonly freeFiles: number | null;
}

/** Bytes that this user may still write on the disk of an existing folder. */
export async function freeBytes(folder: string): Promise<number> {
  return (await readSpace(folder)).freeBytes;
}

/** Throws `disk_full` before anything is made when a new cluster would not fit. */
export async function requireSpaceForCluster(folder: string): Promise<void> {
  const space = await readSpace(folder);
  if (space.freeBytes < newClusterBytes) throw diskFull(folder, space, 'new');
}

/** What "no space left on device" means to a person; `folder` is on the full disk. */
export async function diskFullError(folder: string): Promise<AppError> {
  const space = await readSpace(folder).catch(() => ({ freeBytes: 0, freeFiles: null }));
  return diskFull(folder, space, 'running');
}

/** What PostgreSQL's programs and Node say when there is no room. */
export function saysDiskFull(output: string): boolean {
  return /No space left on device|Disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/i.test(output);
}

async function readSpace(folder: string): Promise<DiskSpace> {
  const { bavail, bsize, files, ffree } = await statfs(folder);
  return { freeBytes: bavail * bsize, freeFiles: files === 0 ? null : ffree };
}

function diskFull(folder: string, space: DiskSpace, database: 'new' | 'running'): AppError {
  const outOfFiles = space.freeFiles !== null && space.freeFiles < newClusterFiles;
  const lacking = outOfFiles ? 'files' : 'bytes';
  const values = {
    folder,
    free: outOfFiles ? String(space.freeFiles) : megabytes(space.freeBytes),
    needed: outOfFiles ? String(newClusterFiles) : megabytes(newClusterBytes),
  };
  return new AppError('disk_full', say(`localServer.diskFull.${database}.${lacking}`, values), {
    hint: say(`localServer.diskFull.hint.${lacking}`, values),
    details: { folder, freeBytes: String(space.freeBytes) },
  });
}

function megabytes(bytes: number): string {
  return `${String(Math.floor(bytes / 1024 / 1024))} MB`;
}

/** Bytes of all files below a folder. Files that vanish meanwhile (PostgreSQL's temporary ones) count as 0. */
export async function folderBytes(folder: string): Promise<number> {
  let total = 0;
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0;
    throw error;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) total += await folderBytes(path);
    else
      total += await lstat(path).then(
        (found) => found.size,
        () => 0,
      );
  }
  return total;
}
