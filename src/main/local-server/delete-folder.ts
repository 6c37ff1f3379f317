import { lstat, rm } from 'node:fs/promises';
import { AppError } from '../../shared/errors';
import { errnoOf } from '../files/atomic-file';
import { say } from '../kernel/say';
import { folderBytes } from './disk';

/**
 * Makes sure that each path is a folder itself and no link to one: what is deleted must be where it seems to be.
 * Throws `not_found` where nothing is, `local_server` for anything else than a folder.
 */
export async function requireOwnFolders(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const found = await lstat(path).catch((error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error;
      throw new AppError('not_found', say('localServer.nothingToDelete', { path }));
    });
    if (found.isDirectory()) continue;
    throw new AppError('local_server', say('localServer.notAFolder', { path }), {
      hint: say('localServer.notAFolderHint'),
      details: { folder: path },
    });
  }
}

/** Deletes a folder with everything in it; links in it are removed, never followed. Answers the bytes of its files. */
export async function deleteFolder(path: string): Promise<number> {
  const bytes = await folderBytes(path);
  await rm(path, { recursive: true, force: true });
  return bytes;
}
