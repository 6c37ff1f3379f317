import { spawn, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../shared/errors';
import { redact } from '../../shared/redact';
import type { ServerBinaries } from './binaries';
import { diskFullError, saysDiskFull } from './disk';
import type { ClusterLayout } from './layout';
import { choosePort, loopback } from './port';
import { isServerOf, type PostmasterFile, readPostmasterFile } from './postmaster';
import { cancelled } from '../kernel/cancelled';
import { accountOptions, programEnvironment, runProgram } from './run-program';
import type { ServerAccount } from './server-account';
import { logSettings } from './log-settings';
import { logSize, readLogFrom, rotateLog } from './server-log';
import { stopServer } from './stop-server';
import { waitForOtherStart } from './wait-for-server';
import { say } from '../kernel/say';

const pollMs = 20;
/** After a crash PostgreSQL replays its write-ahead log first, which can take minutes; cancelling is possible. */
const startTimeoutMs = 600_000;
const portAttempts = 5;
/** A usual start is over long before. */
const repairAfterMs = 200;
/** Fast, immediate, and as the last resort hard: nobody is connected yet, and the next start repairs. */
const endStepMs = 10_000;
/** Processes of a killed server may need a moment to notice; PostgreSQL refuses to start beside them. */
const orphanRetries = 40;
const orphanPauseMs = 250;

interface StartOptions {
  readonly layout: ClusterLayout;
  readonly binaries: ServerBinaries;
  readonly account: ServerAccount | null;
  readonly recordedPort: number | null;
  readonly signal: AbortSignal | undefined;
  /** Told once when a start takes longer because of an earlier crash. */
  readonly onRepair: () => void;
}

/**
 * Starts the server of a cluster and waits until it answers; answers its port: the recorded one, or another
 * if that is taken. The server goes on when this process is killed. Throws `disk_full`, `cancelled` or
 * `local_server` with what PostgreSQL said.
 */
export async function startServer(options: StartOptions): Promise<number> {
  let recordedPort = options.recordedPort;
  let orphanAttempts = 0;
  for (let attempt = 1; ;) {
    const port = await choosePort(recordedPort);
    const complaint = await startOnce(options, port);
    if (complaint === null) return port;
    if (
      /Address already in use|could not create any TCP\/IP sockets/i.test(complaint) &&
      attempt < portAttempts
    ) {
      recordedPort = null;
      attempt += 1;
    } else if (/pre-existing shared memory block/i.test(complaint) && orphanAttempts < orphanRetries) {
      orphanAttempts += 1;
      await delay(orphanPauseMs);
    } else {
      // A console that was killed a moment ago may have begun to start it: then that server is the one.
      const other = await waitForOtherStart(options.layout.cluster, options.signal);
      if (other !== null) return other.port;
      throw await startError(options, complaint);
    }
  }
}

/** Null when the server answers, else what it wrote before it ended. */
async function startOnce(options: StartOptions, port: number): Promise<string | null> {
  const { layout } = options;
  await rotateLog(layout.log);
  const logOffset = await logSize(layout.log);
  const log = await open(layout.log, 'a', 0o600);
  let child: ChildProcess | null;
  try {
    child = await launch(options, port, log.fd);
  } finally {
    await log.close();
  }
  let ended = false;
  child?.once('exit', () => {
    ended = true;
  });
  child?.once('error', () => {
    ended = true;
  });
  const startedAt = Date.now();
  let repairTold = false;
  for (;;) {
    const file = await readPostmasterFile(layout.cluster);
    const isReady = file?.status === 'ready' && (await isStarted(layout.cluster, file, child));
    // A start that was cancelled is taken back although the server was quicker.
    if (isReady && options.signal?.aborted !== true) return null;
    if (ended) return readLogFrom(layout.log, logOffset);
    if (options.signal?.aborted === true || Date.now() > startedAt + startTimeoutMs) {
      if (child === null) await stopServer({ ...options, cluster: layout.cluster });
      else await endStartingServer(child, () => ended);
      if (options.signal?.aborted === true) throw cancelled();
      throw new AppError('local_server', say('localServer.notReady'), {
        hint: say('localServer.notReadyHint'),
      });
    }
    if (!repairTold && Date.now() > startedAt + repairAfterMs) {
      repairTold = /redo starts|automatic recovery/i.test(await readLogFrom(layout.log, logOffset));
      if (repairTold) options.onRepair();
    }
    await delay(pollMs);
  }
}

/** A left-over lock file says "ready" too. */
async function isStarted(
  cluster: string,
  file: PostmasterFile,
  child: ChildProcess | null,
): Promise<boolean> {
  return child === null ? isServerOf(cluster, file) : file.processId === child.pid;
}

/** A server that has not written its lock file yet is only known by its process. */
async function endStartingServer(child: ChildProcess, hasEnded: () => boolean): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    child.kill(signal);
    const deadline = Date.now() + endStepMs;
    while (!hasEnded() && Date.now() < deadline) await delay(pollMs);
    if (hasEnded()) return;
  }
}

/**
 * Everything about who may reach the server and what it logs stands on the command line, so that no edited file opens
 * it: loopback only, and no socket, because a socket lies in a folder that others might share.
 */
async function launch(
  options: StartOptions,
  port: number,
  logDescriptor: number,
): Promise<ChildProcess | null> {
  const { layout, binaries, account } = options;
  const settings = [
    `listen_addresses=${loopback}`,
    `port=${String(port)}`,
    'unix_socket_directories=',
    ...logSettings,
  ];
  if (process.platform === 'win32') return launchOnWindows(options, settings);
  const parameters = ['-D', layout.cluster, ...settings.flatMap((setting) => ['-c', setting])];
  const stale = await readPostmasterFile(layout.cluster);
  const child = spawn(binaries.postgres, parameters, {
    cwd: layout.cluster,
    detached: true,
    stdio: ['ignore', logDescriptor, logDescriptor],
    // PostgreSQL refuses to start while the pid in a left-over lock file is alive, whatever program it is. The
    // caller has made sure that it is not this cluster's server; naming it as grandparent is how pg_ctl tells
    // PostgreSQL so, and keeps its own check for left-over server processes, which deleting the file would not.
    env: programEnvironment(stale === null ? {} : { PG_GRANDPARENT_PID: String(stale.processId) }),
    ...accountOptions(account),
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => {
      reject(
        new AppError('local_server', say('localServer.cannotStart', { reason: cause.message }), { cause }),
      );
    });
  });
  child.unref();
  return child;
}

/** pg_ctl gives up an administrator's rights before it starts the server, and does so outside our console. */
async function launchOnWindows(
  { layout, binaries }: StartOptions,
  settings: readonly string[],
): Promise<null> {
  const serverOptions = settings.map((setting) => `-c ${setting}`).join(' ');
  const { exitCode, output } = await runProgram(
    binaries.pgCtl,
    ['start', '-D', layout.cluster, '-l', layout.log, '-W', '-s', '-o', serverOptions],
    { account: null, timeoutMs: startTimeoutMs },
  );
  if (exitCode !== 0)
    throw new AppError(
      'local_server',
      say('localServer.cannotStart', { reason: output.trim().replace(/\.$/, '') }),
    );
  return null;
}

async function startError({ layout }: StartOptions, complaint: string): Promise<AppError> {
  if (saysDiskFull(complaint)) return diskFullError(layout.cluster);
  const lines = redact(complaint)
    .split(/\r?\n/)
    .filter((line) => /FATAL|PANIC|ERROR|HINT|DETAIL/.test(line));
  const reason = lines.at(0)?.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '') ?? complaint.trim().slice(-300);
  return new AppError('local_server', say('localServer.couldNotStart', { reason }), {
    hint: say('localServer.couldNotStartHint', { log: layout.log }),
    details: { log: lines.slice(0, 5).join('\n') },
  });
}
