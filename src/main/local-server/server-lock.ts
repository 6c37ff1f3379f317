import type { ReportProgress } from '../../shared/progress';
import { errnoOf } from '../files/atomic-file';
import { say } from '../kernel/say';
import { type FileLock, waitForLock } from '../files/lock';
import { diskFullError, saysDiskFull } from './disk';
import type { ServerLayout } from './layout';

/** Making and starting are bounded by their own limits; a second console waits for the first one that long. */
const lockTimeoutMs = 900_000;

/** The stable titles under which the local database reports its work. */
export const titles = {
  start: say('localServer.titles.start'),
  stop: say('localServer.titles.stop'),
  setAside: say('localServer.titles.setAside'),
  deleteData: say('localServer.titles.deleteData'),
} as const;

export interface Work {
  readonly signal?: AbortSignal | undefined;
  readonly report?: ReportProgress | undefined;
}

/**
 * Holds the server's lock while something is made, started, stopped or renamed: of two consoles only one does.
 * On a full disk the lock file can't be written; then starting is refused (`disk_full`), and stopping goes on
 * without it, since stopping is the way out. Throws `busy`, `cancelled` and what `work` throws.
 */
export async function withServerLock<Result>(
  layout: ServerLayout,
  options: Work & { readonly title: string; readonly onFullDisk: 'refuse' | 'go-on' },
  work: () => Promise<Result>,
): Promise<Result> {
  let lock: FileLock | undefined;
  try {
    lock = await waitForLock(layout.lock, {
      timeoutMs: lockTimeoutMs,
      signal: options.signal,
      onWait: ({ pid }) =>
        options.report?.({
          title: options.title,
          detail: say('localServer.waiting', { process: String(pid) }),
        }),
    });
  } catch (error) {
    if (!saysDiskFull(errnoOf(error) ?? '')) throw error;
    if (options.onFullDisk === 'refuse') throw await diskFullError(layout.folder);
  }
  try {
    return await work();
  } catch (error) {
    throw saysDiskFull(errnoOf(error) ?? '') ? await diskFullError(layout.folder) : error;
  } finally {
    await lock?.release();
  }
}
