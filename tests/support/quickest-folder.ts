import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';

const memoryFolder = '/dev/shm';
/** Of a whole run's servers at once: a few hundred MB; the memory is the tests' and the browsers' too. */
const neededBytes = 6 * 1024 ** 3;

/**
 * Where servers are that a test throws away: in memory where Linux has room for them there, else on the disk. A database
 * of ours is 900 files, which a disk's file system takes ten times as long to copy.
 */
export function quickestFolder(): string {
  return isUsable() ? memoryFolder : tmpdir();
}

function isUsable(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    accessSync(memoryFolder, constants.W_OK);
    const { bavail, bsize } = statfsSync(memoryFolder);
    // Containers have 64 MB there, and forbid programs, of which a server's folder may hold copies.
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const isProgramless = mounts.some((mount) => {
      const [, path, , options] = mount.split(' ');
      return path === memoryFolder && options?.split(',').includes('noexec') === true;
    });
    return !isProgramless && bavail * bsize >= neededBytes && freemem() >= neededBytes;
  } catch {
    return false;
  }
}
