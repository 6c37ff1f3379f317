import { AppError } from '../../shared/errors';
import type { ReportProgress } from '../../shared/progress';
import { currentProcess } from '../files/process-identity';
import type { ServerBinaries } from './binaries';
import { inspectCluster, otherVersionError } from './cluster-state';
import { readCredentials, type Credentials } from './credentials';
import { clusterLayout, type ServerLayout } from './layout';
import { makeCluster } from './make-cluster';
import { ensureOwnerDatabase, type LocalConnection } from './owner-database';
import type { PostmasterFile } from './postmaster';
import { resetPasswords } from './reset-passwords';
import { throwIfCancelled } from '../kernel/cancelled';
import type { ServerAccount } from './server-account';
import { titles } from './server-lock';
import { otherOwner, readServerRecord, writeServerRecord } from './server-record';
import { setAsideFolder, unfinishedFolders } from './set-aside';
import { startServer } from './start-server';
import { waitForOtherStart } from './wait-for-server';
import { say } from '../kernel/say';

const title = titles.start;

export interface EnsureRunningOptions {
  readonly layout: ServerLayout;
  readonly binaries: ServerBinaries;
  readonly account: ServerAccount | null;
  readonly now: () => Date;
  readonly signal: AbortSignal | undefined;
  readonly report: ReportProgress;
}

/** What the local database is opened with, and how it came to run. */
export interface RunningLocalServer extends LocalConnection {
  /** True when this call made a new, empty database. */
  readonly created: boolean;
  /** True when it is this console that stops the server at the end. */
  readonly startedByUs: boolean;
  /** Folders that were found half-made and renamed, by their new paths. */
  readonly setAside: readonly string[];
}

/**
 * Brings the local server to where it answers: attaches to a running one, else makes what is missing and
 * starts. The caller holds the server's lock.
 */
export async function ensureRunning(options: EnsureRunningOptions): Promise<RunningLocalServer> {
  const { layout, binaries, report } = options;
  const current = clusterLayout(layout.current);
  report({ title, detail: say('localServer.progress.look') });
  const running = await waitForOtherStart(current.cluster, options.signal);
  const setAside = await setAsideUnfinished(options);
  if (running !== null) {
    const credentials = await readCredentials(current.credentials);
    if (credentials === null) throw lostWhileRunning(current.credentials, running);
    return { ...(await attach(options, running, credentials)), created: false, setAside };
  }

  const found = await inspectCluster(layout, binaries);
  if (found.state === 'other-version') throw otherVersionError(layout, found.version, binaries);
  const created = found.state !== 'whole';
  if (created) {
    report({ title, detail: say('localServer.progress.make', { version: binaries.version }) });
    await makeCluster(options);
  }
  throwIfCancelled(options.signal);
  const credentials =
    (await readCredentials(current.credentials)) ?? (await resetPasswords({ ...options, layout: current }));

  report({ title, detail: say('localServer.progress.start', { version: binaries.version }) });
  const recordedPort = (await readServerRecord(current.serverRecord))?.port ?? null;
  const port = await startServer({
    ...options,
    layout: current,
    recordedPort,
    onRepair: () => {
      report({ title, detail: say('localServer.progress.repair') });
    },
  });
  await writeServerRecord(current.serverRecord, { port, owner: await currentProcess() });
  report({ title, detail: say(created ? 'localServer.progress.created' : 'localServer.progress.open') });
  return {
    ...(await ensureOwnerDatabase(current.cluster, port, credentials)),
    created,
    startedByUs: true,
    setAside,
  };
}

/**
 * Uses a server that runs already. It belongs to the console that started it; when that one is gone (killed),
 * this one takes it over and stops it at its own end.
 */
async function attach(
  { layout, report }: EnsureRunningOptions,
  running: PostmasterFile,
  credentials: Credentials,
): Promise<LocalConnection & { startedByUs: boolean }> {
  const current = clusterLayout(layout.current);
  report({ title, detail: say('localServer.progress.attach') });
  const owner = await otherOwner(await readServerRecord(current.serverRecord));
  await writeServerRecord(current.serverRecord, {
    port: running.port,
    owner: owner ?? (await currentProcess()),
  });
  return {
    ...(await ensureOwnerDatabase(current.cluster, running.port, credentials)),
    startedByUs: owner === null,
  };
}

/** What an interrupted set-up left behind is renamed and named, never deleted. */
async function setAsideUnfinished(options: EnsureRunningOptions): Promise<string[]> {
  const { layout, now } = options;
  const leftovers = await unfinishedFolders(layout);
  const found = await inspectCluster(layout, options.binaries);
  if (found.state === 'half-made') leftovers.push(layout.current);
  const renamed: string[] = [];
  for (const folder of leftovers) {
    const target = await setAsideFolder(layout, folder, 'half-made', now());
    renamed.push(target);
    options.report({ title, detail: say('localServer.progress.setAside', { target }) });
  }
  return renamed;
}

function lostWhileRunning(credentialsFile: string, running: PostmasterFile): AppError {
  return new AppError('db_auth', say('localServer.passwordsMissing', { file: credentialsFile }), {
    hint: say('localServer.passwordsMissingHint', { process: String(running.processId) }),
  });
}
