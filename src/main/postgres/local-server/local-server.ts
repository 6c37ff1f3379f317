import { userInfo } from 'node:os';
import { AppError } from '../../../shared/errors';
import type { ReportProgress } from '../../../shared/progress';
import type { DataFolder } from '../../workspace/data-folder';
import { waitForLock } from '../../workspace/lock';
import { findBinaries, type ServerBinaries } from './binaries';
import { reachableBinaries } from './binaries-for-account';
import { databaseName, ownerName } from './credentials';
import { folderBytes, freeBytes } from './disk';
import { ensureRunning, type RunningLocalServer } from './ensure-running';
import { clusterLayout, serverLayout } from './layout';
import { loopback } from './port';
import { findRunningServer } from './postmaster';
import { findServerAccount, findClusterAccount, type ServerAccount } from './server-account';
import { makeServerFolder } from './server-folder';
import { readLogTail } from './server-log';
import { otherOwner, ownsServer, readServerRecord } from './server-record';
import { readStatus, type LocalServerStatus } from './server-status';
import { isThere, setAsideFolder } from './set-aside';
import { stopServer, type StopOutcome } from './stop-server';

/** Making and starting are bounded by their own limits; a second console waits for the first one that long. */
const lockTimeoutMs = 900_000;

export interface LocalServerOptions {
  readonly folder: DataFolder;
  /** LITEMAAS_PG_USER names the account that root lends the server. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The console's own user; 0 is root. */
  readonly userId?: number | undefined;
  /** A file or URL beside which the package with PostgreSQL is searched; this file by default. */
  readonly resolveFrom?: string;
  readonly now?: () => Date;
}

export interface LocalServerDescription {
  readonly dataFolder: string;
  readonly clusterFolder: string;
  readonly logFile: string;
  readonly host: string;
  /** Null until the server was started once. */
  readonly port: number | null;
  readonly database: string;
  readonly user: string;
  /** Without password; null until there is a port. */
  readonly connectionString: string | null;
  /** `18.4` */
  readonly serverVersion: string;
  /** OS account that the server runs as; null when it is the person's own. */
  readonly account: string | null;
}

export interface LocalServerFacts {
  readonly dataFolder: string;
  readonly sizeOnDiskBytes: string;
  readonly processId: number | null;
  readonly startedByUs: boolean;
  readonly osUser: string;
}

interface Work {
  readonly signal?: AbortSignal | undefined;
  readonly report?: ReportProgress | undefined;
}

/**
 * The PostgreSQL that comes with the app, in the data folder.
 *
 * Who started it stops it. A second console attaches and leaves it running. When a console is killed its server
 * goes on, and the next console that attaches finds no living owner, becomes the owner and stops it at its end.
 */
export interface LocalServer {
  /** Looks without changing anything and without waiting for anybody. */
  status(): Promise<LocalServerStatus>;
  /**
   * One call from nothing to a database that can be opened. Throws AppError: `local_server`, `disk_full`,
   * `db_version`, `db_auth`, `busy`, `cancelled`.
   */
  ensureRunning(work?: Work): Promise<RunningLocalServer>;
  /** Stops the server; throws `busy` when another open console started it. */
  stop(work?: Work): Promise<StopOutcome>;
  /** For the end of the console: stops the server if this console owns it, else leaves it alone. */
  close(): Promise<StopOutcome>;
  log(options: { lines: number }): Promise<{ lines: string[]; path: string }>;
  /** The part of the status that the list of workspaces shows. */
  presence(): Promise<Pick<LocalServerStatus, 'state' | 'message' | 'dataFolder'>>;
  /** What the database screen shows beside what the server says about itself. */
  facts(): Promise<LocalServerFacts>;
  /** Bytes of the cluster's files and bytes free on its disk. */
  size(): Promise<{ clusterBytes: number; freeBytes: number }>;
  /** Stops the server and renames its folder; answers the new path. Throws `not_found` when there is none. */
  setAside(work?: Work): Promise<string>;
  describe(): Promise<LocalServerDescription>;
}

export function createLocalServer(options: LocalServerOptions): LocalServer {
  const { folder } = options;
  const userId = 'userId' in options ? options.userId : process.getuid?.();
  const layout = serverLayout(folder.serverFolder);
  const current = clusterLayout(layout.current);
  const now = options.now ?? (() => new Date());

  const account = async (): Promise<ServerAccount | null> =>
    (await findClusterAccount(current.cluster, userId)) ??
    findServerAccount({ userId, chosenName: options.environment.LITEMAAS_PG_USER });
  const binaries = (): Promise<ServerBinaries> => findBinaries(options.resolveFrom ?? import.meta.url);

  /** Makes the server's folder and holds its lock while something is made, started, stopped or renamed. */
  const exclusively = async <Result>(
    { signal, report }: Work,
    work: (serverAccount: ServerAccount | null, serverBinaries: ServerBinaries) => Promise<Result>,
  ): Promise<Result> => {
    const [serverAccount, found] = await Promise.all([account(), binaries()]);
    await makeServerFolder(layout.folder, folder.path, serverAccount);
    const lock = await waitForLock(layout.lock, {
      timeoutMs: lockTimeoutMs,
      signal,
      onWait: ({ pid }) =>
        report?.({ title: 'Local database', detail: `Waiting for another console (process ${String(pid)})` }),
    });
    try {
      return await work(serverAccount, await reachableBinaries(found, layout.folder, serverAccount));
    } finally {
      await lock.release();
    }
  };

  const stopOwned = async (serverBinaries: ServerBinaries): Promise<StopOutcome> => {
    if ((await findRunningServer(current.cluster)) === null) return 'not-running';
    const other = await otherOwner(await readServerRecord(current.serverRecord));
    if (other !== null) {
      throw new AppError(
        'busy',
        `Another console (process ${String(other.pid)}) started the local database.`,
        {
          hint: 'Stop it there, or close that console.',
          details: { processId: String(other.pid) },
        },
      );
    }
    return stopServer({ cluster: current.cluster, binaries: serverBinaries });
  };

  const status = (): Promise<LocalServerStatus> => readStatus({ layout, account, binaries });

  return {
    status,

    presence: async () => {
      const { state, message, dataFolder } = await status();
      return { state, message, dataFolder };
    },

    facts: async () => {
      const [found, serverAccount, bytes] = await Promise.all([
        status(),
        account(),
        folderBytes(current.cluster),
      ]);
      return {
        dataFolder: found.dataFolder,
        sizeOnDiskBytes: String(bytes),
        processId: found.processId,
        startedByUs: found.startedByUs,
        osUser: serverAccount?.name ?? userInfo().username,
      };
    },

    ensureRunning: (work = {}) =>
      exclusively(work, (serverAccount, serverBinaries) =>
        ensureRunning({
          layout,
          binaries: serverBinaries,
          account: serverAccount,
          now,
          signal: work.signal,
          report: work.report ?? (() => undefined),
        }),
      ),

    stop: async (work = {}) => {
      work.report?.({ title: 'Stop the local database' });
      if (!(await isThere(current.cluster))) return 'not-running';
      return exclusively(work, (_, serverBinaries) => stopOwned(serverBinaries));
    },

    close: async () => {
      if (!(await ownsServer(await readServerRecord(current.serverRecord)))) return 'not-running';
      return exclusively({}, async (_, serverBinaries) => {
        // Looked at again under the lock: meanwhile another console may have started it anew.
        if (!(await ownsServer(await readServerRecord(current.serverRecord)))) return 'not-running';
        return stopServer({ cluster: current.cluster, binaries: serverBinaries });
      });
    },

    log: async ({ lines }) => ({ lines: await readLogTail(current.log, lines), path: current.log }),

    size: async () => ({
      clusterBytes: await folderBytes(current.cluster),
      freeBytes: await freeBytes((await isThere(layout.folder)) ? layout.folder : folder.path),
    }),

    setAside: async (work = {}) => {
      work.report?.({ title: 'Set the local database aside' });
      if (!(await isThere(layout.current))) {
        throw new AppError('not_found', `There is no local database in ${layout.folder}.`);
      }
      return exclusively(work, async (_, serverBinaries) => {
        await stopOwned(serverBinaries);
        return setAsideFolder(layout, layout.current, 'by-request', now());
      });
    },

    describe: async () => {
      const [serverAccount, { version }] = await Promise.all([account(), binaries()]);
      const running = await findRunningServer(current.cluster);
      const port = running?.port ?? (await readServerRecord(current.serverRecord))?.port ?? null;
      return {
        dataFolder: layout.folder,
        clusterFolder: current.cluster,
        logFile: current.log,
        host: loopback,
        port,
        database: databaseName,
        user: ownerName,
        connectionString:
          port === null ? null : `postgresql://${ownerName}@${loopback}:${String(port)}/${databaseName}`,
        serverVersion: version,
        account: serverAccount?.name ?? null,
      };
    },
  };
}
