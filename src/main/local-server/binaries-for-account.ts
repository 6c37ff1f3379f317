import { randomBytes } from 'node:crypto';
import { cp, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeBinaries, type ServerBinaries } from './binaries';
import type { ServerAccount } from './server-account';
import { canPass } from './server-folder';
import { isThere } from './set-aside';

/**
 * PostgreSQL's programs where the account that runs them can reach them. Root often has the project in /root,
 * which is closed to every other account; then they are copied (60 MB, once per version) into the server's
 * folder. Everybody else runs them where they are.
 */
export async function reachableBinaries(
  binaries: ServerBinaries,
  serverFolder: string,
  account: ServerAccount | null,
): Promise<ServerBinaries> {
  if (account === null || (await canPass(dirname(binaries.postgres), account))) return binaries;
  const copy = join(serverFolder, `binaries-${binaries.packageVersion}`);
  if (!(await isThere(copy))) {
    const draft = `${copy}-${randomBytes(4).toString('hex')}`;
    await cp(binaries.folder, draft, { recursive: true, verbatimSymlinks: true });
    await rename(draft, copy);
  }
  return describeBinaries(copy, binaries.packageVersion);
}
