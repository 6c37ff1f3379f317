import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../shared/errors';
import { findRunningServer, type PostmasterFile } from './postmaster';
import { throwIfCancelled } from '../kernel/cancelled';
import { say } from '../kernel/say';

const pollMs = 20;
const timeoutMs = 600_000;

/**
 * The server of a cluster if one runs, once it is ready; null when none does. One that is starting (its console
 * was killed meanwhile) is waited for, and one that is stopping until it is gone. Throws `cancelled`, or
 * `local_server` after ten minutes.
 */
export async function waitForOtherStart(
  cluster: string,
  signal: AbortSignal | undefined,
): Promise<PostmasterFile | null> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const running = await findRunningServer(cluster);
    if (running === null || running.status === 'ready') return running;
    throwIfCancelled(signal);
    if (Date.now() > deadline) {
      throw new AppError('local_server', say('localServer.inBetween'), {
        hint: say('localServer.inBetweenHint', { process: String(running.processId) }),
      });
    }
    await delay(pollMs);
  }
}
