import { AppError } from '../../shared/errors';
import type { ServerBinaries } from './binaries';
import { inspectCluster, otherVersionError } from './cluster-state';
import { clusterLayout, type ServerLayout } from './layout';
import { findRunningServer } from './postmaster';
import type { ServerAccount } from './server-account';
import { otherOwner, ownsServer, readServerRecord } from './server-record';
import { unfinishedFolders } from './set-aside';
import { say } from '../kernel/say';

export interface LocalServerStatus {
  /** `incompatible`: made by another major version. `unavailable`: this machine can't run it, `message` says why. */
  readonly state: 'absent' | 'stopped' | 'running' | 'incompatible' | 'unavailable';
  /** Why it can't be used, or what a start will do first; null when there is nothing to say. */
  readonly message: string | null;
  /** The server's folder: what is renamed or made lies in it. */
  readonly dataFolder: string;
  readonly port: number | null;
  readonly processId: number | null;
  /** True when this console stops the running server at its end. */
  readonly startedByUs: boolean;
  /** The open console that started the running server, when it is not this one. */
  readonly otherConsoleProcessId: number | null;
}

/** What is there now; see {@link LocalServerStatus}. Changes nothing. */
export async function readStatus(options: {
  layout: ServerLayout;
  account: () => Promise<ServerAccount | null>;
  binaries: () => Promise<ServerBinaries>;
}): Promise<LocalServerStatus> {
  const { layout } = options;
  const current = clusterLayout(layout.current);
  const nothing = {
    dataFolder: layout.folder,
    port: null,
    processId: null,
    startedByUs: false,
    otherConsoleProcessId: null,
  };
  const record = await readServerRecord(current.serverRecord);
  const running = await findRunningServer(current.cluster);
  if (running !== null) {
    return {
      state: 'running',
      message: null,
      dataFolder: layout.folder,
      port: running.port,
      processId: running.processId,
      startedByUs: await ownsServer(record),
      otherConsoleProcessId: (await otherOwner(record))?.pid ?? null,
    };
  }
  try {
    const [binaries] = await Promise.all([options.binaries(), options.account()]);
    const found = await inspectCluster(layout, binaries);
    if (found.state === 'other-version') {
      const { message } = otherVersionError(layout, found.version, binaries);
      return { ...nothing, state: 'incompatible', message };
    }
    if (found.state === 'whole')
      return { ...nothing, state: 'stopped', message: null, port: record?.port ?? null };
    const unfinished = found.state === 'half-made' ? [layout.current] : await unfinishedFolders(layout);
    const message =
      unfinished.length === 0 ? null : say('localServer.unfinished', { folders: unfinished.join(', ') });
    return { ...nothing, state: 'absent', message };
  } catch (error) {
    if (error instanceof AppError) return { ...nothing, state: 'unavailable', message: error.message };
    throw error;
  }
}
