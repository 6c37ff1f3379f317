import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import { errnoOf } from '../../workspace/atomic-file';

/** A new cluster is 39 MB; creating database and schema and the first write-ahead log segments need the rest. */
export const newClusterBytes = 120 * 1024 * 1024;

/** Bytes that this user may still write on the disk of an existing folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Throws `disk_full` before anything is made when a new cluster would not fit. */
export async function requireSpaceForCluster(folder: string): Promise<void> {
  const free = await freeBytes(folder);
  if (free < newClusterBytes) throw diskFull(folder, free, 'A new local database needs');
}

/** What "no space left on device" means to a person; `folder` is on the full disk. */
export async function diskFullError(folder: string): Promise<AppError> {
  return diskFull(folder, await freeBytes(folder).catch(() => 0), 'The local database needs at least');
}

export function saysDiskFull(output: string): boolean {
  return /No space left on device|could not extend file|disk full|Disk quota exceeded/i.test(output);
}

function diskFull(folder: string, free: number, what: string): AppError {
  const needed = megabytes(newClusterBytes);
  return new AppError(
    'disk_full',
    `The disk that holds ${folder} is full: ${megabytes(free)} are free. ${what} ${needed}.`,
    {
      hint:
        `Free at least ${needed} on that disk and try again, ` +
        'or set LITEMAAS_DATA_DIR to a folder on another disk. Nothing was deleted.',
      details: { folder, freeBytes: String(free) },
    },
  );
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
