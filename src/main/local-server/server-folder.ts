import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../shared/errors';
import { accountOptions } from './run-program';
import type { ServerAccount } from './server-account';
import { say } from '../kernel/say';

const execFileAsync = promisify(execFile);
const probeTimeoutMs = 10_000;
const groupMayPass = 0o710;

/**
 * Makes a private folder. For root the server's account gets the right to pass through it, by its group and
 * without reading: PostgreSQL must reach its data below, and nothing else.
 */
export async function makeFolder(path: string, account: ServerAccount | null): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account !== null) await letPass(path, account);
}

/**
 * Makes the server's folder and proves that the server's account can reach it. A data folder that root made for
 * the console alone (0700) is opened for that account's group to pass through; anything else that stands in the
 * way is only named: other people's folders are not ours to open. Throws `local_server`.
 */
export async function makeServerFolder(
  path: string,
  dataFolder: string,
  account: ServerAccount | null,
): Promise<void> {
  if (account !== null && dirname(path) === dataFolder && !(await canPass(dataFolder, account))) {
    await letPass(dataFolder, account);
  }
  await makeFolder(path, account);
  if (account === null || (await canPass(path, account))) return;
  const obstacle = await firstObstacle(path, account);
  throw new AppError('local_server', say('localServer.noPassage', { account: account.name, obstacle }), {
    hint: say('localServer.noPassageHint', { obstacle: quote(obstacle) }),
    details: { folder: obstacle, account: account.name },
  });
}

/** Whether the account can enter a folder, asked of the operating system itself: groups and ACLs count. */
export async function canPass(folder: string, account: ServerAccount): Promise<boolean> {
  try {
    await execFileAsync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
      ...accountOptions(account),
      cwd: '/',
      timeout: probeTimeoutMs,
    });
    return true;
  } catch {
    return false;
  }
}

async function letPass(path: string, account: ServerAccount): Promise<void> {
  const { uid, mode } = await stat(path);
  const isPrivate = (mode & 0o077) === 0;
  if (uid !== 0 || !isPrivate) return;
  await chown(path, 0, account.groupId);
  await chmod(path, groupMayPass);
}

async function firstObstacle(path: string, account: ServerAccount): Promise<string> {
  const parents = [path];
  while (dirname(parents[0] ?? '/') !== parents[0]) parents.unshift(dirname(parents[0] ?? '/'));
  for (const folder of parents) if (!(await canPass(folder, account))) return folder;
  return path;
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
