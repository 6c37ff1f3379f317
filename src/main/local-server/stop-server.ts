import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../shared/errors';
import { errnoOf } from '../files/atomic-file';
import type { ServerBinaries } from './binaries';
import { findRunningServer, isServerOf, type PostmasterFile } from './postmaster';
import { runProgram } from './run-program';
import { say } from '../kernel/say';

const pollMs = 20;
/** Fast: clients are sent away and everything is written down, which on a slow disk takes a while. */
const fastTimeoutMs = 30_000;
/** Immediate: the server ends at once and repairs itself at the next start; it kills its own after 5 s. */
const immediateTimeoutMs = 15_000;

export type StopOutcome = 'not-running' | 'fast' | 'immediate';

/**
 * Stops the server of a cluster: fast, then immediate; never by a kill that would take its own clean-up away.
 * Throws `local_server` when it is still there after both.
 */
export async function stopServer(options: {
  readonly cluster: string;
  readonly binaries: ServerBinaries;
  readonly fastTimeoutMs?: number;
}): Promise<StopOutcome> {
  const { cluster, binaries } = options;
  const server = await findRunningServer(cluster);
  if (server === null) return 'not-running';
  const patienceMs = options.fastTimeoutMs ?? fastTimeoutMs;
  await signalServer(cluster, binaries, server, 'fast');
  if (await waitUntilGone(cluster, server, patienceMs)) return 'fast';
  await signalServer(cluster, binaries, server, 'immediate');
  if (await waitUntilGone(cluster, server, immediateTimeoutMs)) return 'immediate';
  throw new AppError('local_server', say('localServer.doesNotStop', { process: String(server.processId) }), {
    hint: say('localServer.doesNotStopHint'),
    details: { processId: String(server.processId) },
  });
}

/** Waits until a server that is already stopping has gone; answers false when it has not in time. */
export async function waitUntilGone(
  cluster: string,
  server: PostmasterFile,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (await isServerOf(cluster, server)) {
    if (Date.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}

async function signalServer(
  cluster: string,
  binaries: ServerBinaries,
  server: PostmasterFile,
  mode: 'fast' | 'immediate',
): Promise<void> {
  if (process.platform === 'win32') {
    // Node's kill ends a process hard on Windows; pg_ctl speaks to the server through its signal pipe.
    await runProgram(binaries.pgCtl, ['stop', '-D', cluster, '-m', mode, '-W', '-s'], {
      account: null,
      timeoutMs: immediateTimeoutMs,
    });
    return;
  }
  try {
    process.kill(server.processId, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}
