import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { AppError } from '../../shared/errors';
import { errnoOf } from './atomic-file';
import { currentProcess, isAlive } from './process-identity';
import { say } from '../kernel/say';

const pollMs = 50;
const lockContent = z.object({
  pid: z.int().positive(),
  startedAt: z.string(),
  host: z.string(),
  lockedAt: z.string(),
  nonce: z.string(),
});

/** Who holds a lock file. */
export type LockHolder = z.infer<typeof lockContent>;

export interface FileLock {
  /** Removes the lock file if it is still ours. */
  release(): Promise<void>;
}

export type LockAttempt =
  { readonly held: true; readonly lock: FileLock } | { readonly held: false; readonly holder: LockHolder };

/**
 * Takes a lock file if nobody alive holds it. A lock whose process is gone, or whose pid meanwhile belongs to
 * another program (different start time), is taken over. Throws the file system's error when the folder can't
 * be written.
 */
export async function tryLock(path: string): Promise<LockAttempt> {
  const own: LockHolder = {
    ...(await currentProcess()),
    host: hostname(),
    lockedAt: new Date().toISOString(),
    nonce: randomUUID(),
  };
  for (;;) {
    if (await createLockFile(path, own)) {
      return { held: true, lock: { release: () => releaseLock(path, own) } };
    }
    const holder = await readHolder(path);
    if (holder === 'gone') continue;
    if (holder !== 'damaged' && (await isAlive(holder))) return { held: false, holder };
    await removeStale(path, own);
  }
}

/**
 * Waits for a lock file, at most `timeoutMs`; `onWait` hears once who is being waited for.
 * Throws `cancelled` when the signal aborts and `busy` when the time is over.
 */
export async function waitForLock(
  path: string,
  options: { timeoutMs: number; signal?: AbortSignal | undefined; onWait?: (holder: LockHolder) => void },
): Promise<FileLock> {
  const deadline = Date.now() + options.timeoutMs;
  let announced = false;
  for (;;) {
    if (options.signal?.aborted === true) throw new AppError('cancelled', say('workspace.lock.cancelled'));
    const attempt = await tryLock(path);
    if (attempt.held) return attempt.lock;
    if (!announced) options.onWait?.(attempt.holder);
    announced = true;
    if (Date.now() > deadline) {
      throw new AppError('busy', say('workspace.lock.held', { process: String(attempt.holder.pid), path }), {
        hint: say('workspace.lock.heldHint'),
        details: { processId: String(attempt.holder.pid) },
      });
    }
    await delay(pollMs);
  }
}

/** The first console over a data folder, or a later one that attaches to what the first one runs. */
export interface ConsoleLock {
  /** The console that is already open over this data folder; null when this one is the first. */
  readonly otherConsole: LockHolder | null;
  release(): Promise<void>;
}

/**
 * Notes in the data folder that a console is open over it (`console.lock`). A second console is not refused:
 * it is told, attaches to the running local server and leaves it running.
 */
export async function openConsoleLock(dataFolder: string): Promise<ConsoleLock> {
  const attempt = await tryLock(join(dataFolder, 'console.lock'));
  return attempt.held
    ? { otherConsole: null, release: () => attempt.lock.release() }
    : { otherConsole: attempt.holder, release: () => Promise.resolve() };
}

/** A hard link appears at once and whole, and fails if the name exists: nobody ever reads half a lock. */
async function createLockFile(path: string, content: LockHolder): Promise<boolean> {
  const draft = `${path}.${content.nonce}`;
  try {
    await writeFile(draft, JSON.stringify(content), { mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(path: string): Promise<LockHolder | 'gone' | 'damaged'> {
  try {
    return lockContent.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'gone' : 'damaged';
  }
}

/**
 * Removing must not hit a lock that somebody else has just taken over, so only the holder of a second, fleeting
 * lock may remove, and it looks again first. That one is stale only if a console died within these few lines.
 */
async function removeStale(path: string, own: LockHolder): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await createLockFile(guard, own))) {
    const remover = await readHolder(guard);
    if (remover === 'damaged' || (remover !== 'gone' && !(await isAlive(remover))))
      await rm(guard, { force: true });
    await delay(pollMs);
    return;
  }
  try {
    const holder = await readHolder(path);
    if (holder === 'damaged' || (holder !== 'gone' && !(await isAlive(holder))))
      await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function releaseLock(path: string, own: LockHolder): Promise<void> {
  const holder = await readHolder(path);
  if (holder !== 'gone' && holder !== 'damaged' && holder.nonce === own.nonce)
    await rm(path, { force: true });
}
