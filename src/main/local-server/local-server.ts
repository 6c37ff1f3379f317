import { userInfo } from 'node:os';
import { AppError } from '../../shared/errors';
import type { DataFolder } from '../files/data-folder';
import { findBinaries, type ServerBinaries } from './binaries';
import { reachableBinaries } from './binaries-for-account';
import { databaseName, ownerName } from './credentials';
import { deleteFolder, requireOwnFolders } from './delete-folder';
import { folderBytes, freeBytes } from './disk';
import { ensureRunning, type RunningLocalServer } from './ensure-running';
import { clusterLayout, serverLayout } from './layout';
import { loopback } from './port';
import { findRunningServer } from './postmaster';
import { findClusterAccount, findServerAccount, type ServerAccount } from './server-account';
import { makeServerFolder } from './server-folder';
import { titles, type Work, withServerLock } from './server-lock';
import { readLogTail } from './server-log';
import { otherOwner, ownsServer, readServerRecord } from './server-record';
import { type LocalServerStatus, readStatus } from './server-status';
import { isThere, setAsideFolder } from './set-aside';
import { stopServer, type StopOutcome } from './stop-server';
import { say } from '../kernel/say';

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
  /** OS account that the server runs as. */
  readonly osUser: string;
}

/** What the database screen shows beside what the server says about itself. */
export interface LocalServerFacts {
  readonly dataFolder: string;
  readonly sizeOnDiskBytes: string;
  readonly processId: number | null;
  readonly startedByUs: boolean;
  readonly osUser: string;
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
  /** The part of the status that the list of workspaces shows. */
  presence(): Promise<Pick<LocalServerStatus, 'state' | 'message' | 'dataFolder'>>;
  facts(): Promise<LocalServerFacts>;
  describe(): Promise<LocalServerDescription>;
  /** Bytes of the cluster's files and bytes free on its disk. */
  size(): Promise<{ clusterBytes: number; freeBytes: number }>;
  /** The last lines of the server's log, oldest first, without secrets. */
  log(options: { lines: number }): Promise<{ lines: string[]; path: string }>;
  /**
   * One call from nothing to a database that can be opened. Throws AppError: `local_server`, `disk_full`,
   * `db_version`, `db_auth`, `busy`, `cancelled`.
   */
  ensureRunning(work?: Work): Promise<RunningLocalServer>;
  /** Stops the server; throws `busy` when another open console started it. */
  stop(work?: Work): Promise<StopOutcome>;
  /** For the end of the console: stops the server if this console owns it, else leaves it alone. */
  close(): Promise<StopOutcome>;
  /** Stops the server and renames its folder; answers the new path. Throws `not_found` when there is none. */
  setAside(work?: Work): Promise<string>;
  /**
   * Stops the server and deletes its data, and nothing else: what was set aside stays. Answers the bytes deleted.
   * Throws `not_found` when there is none, `busy` when another console runs it, `local_server` when a symbolic link
   * stands where a folder should.
   */
  deleteData(work?: Work): Promise<number>;
}

export function createLocalServer(options: LocalServerOptions): LocalServer {
  const { folder, now = () => new Date() } = options;
  const userId = 'userId' in options ? options.userId : process.getuid?.();
  const layout = serverLayout(folder.serverFolder);
  const current = clusterLayout(layout.current);

  const binaries = (): Promise<ServerBinaries> => findBinaries(options.resolveFrom ?? import.meta.url);
  const account = async (): Promise<ServerAccount | null> =>
    (await findClusterAccount(current.cluster, userId)) ??
    findServerAccount({ userId, chosenName: options.environment.LITEMAAS_PG_USER });
  const osUser = async (): Promise<string> => (await account())?.name ?? userInfo().username;
  const status = (): Promise<LocalServerStatus> => readStatus({ layout, account, binaries });

  const start = async (work: Work): Promise<RunningLocalServer> => {
    const [serverAccount, found] = await Promise.all([account(), binaries()]);
    await makeServerFolder(layout.folder, folder.path, serverAccount);
    return withServerLock(layout, { ...work, title: titles.start, onFullDisk: 'refuse' }, async () =>
      ensureRunning({
        layout,
        binaries: await reachableBinaries(found, layout.folder, serverAccount),
        account: serverAccount,
        now,
        signal: work.signal,
        report: work.report ?? (() => undefined),
      }),
    );
  };

  /** Under the lock. */
  const stop = async (): Promise<StopOutcome> => {
    if ((await findRunningServer(current.cluster)) === null) return 'not-running';
    const other = await otherOwner(await readServerRecord(current.serverRecord));
    if (other !== null) {
      throw new AppError('busy', say('localServer.ofOtherConsole', { process: String(other.pid) }), {
        hint: say('localServer.ofOtherConsoleHint'),
        details: { processId: String(other.pid) },
      });
    }
    return stopServer({ cluster: current.cluster, binaries: await binaries() });
  };

  return {
    status,

    presence: async () => {
      const { state, message, dataFolder } = await status();
      return { state, message, dataFolder };
    },

    facts: async () => {
      const [found, name, bytes] = await Promise.all([status(), osUser(), folderBytes(current.cluster)]);
      const { dataFolder, processId, startedByUs } = found;
      return { dataFolder, processId, startedByUs, sizeOnDiskBytes: String(bytes), osUser: name };
    },

    describe: async () => {
      const [name, { version }, running, record] = await Promise.all([
        osUser(),
        binaries(),
        findRunningServer(current.cluster),
        readServerRecord(current.serverRecord),
      ]);
      const port = running?.port ?? record?.port ?? null;
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
        osUser: name,
      };
    },

    size: async () => ({
      clusterBytes: await folderBytes(current.cluster),
      freeBytes: await freeBytes((await isThere(layout.folder)) ? layout.folder : folder.path),
    }),

    log: async ({ lines }) => ({ lines: await readLogTail(current.log, lines), path: current.log }),

    ensureRunning: (work = {}) => start(work),

    stop: async (work = {}) => {
      work.report?.({ title: titles.stop });
      if (!(await isThere(layout.folder))) return 'not-running';
      return withServerLock(layout, { ...work, title: titles.stop, onFullDisk: 'go-on' }, stop);
    },

    close: async () => {
      const owns = async (): Promise<boolean> => ownsServer(await readServerRecord(current.serverRecord));
      if (!(await owns())) return 'not-running';
      // Asked again under the lock: meanwhile another console may have started the server anew.
      return withServerLock(layout, { title: titles.stop, onFullDisk: 'go-on' }, async () =>
        (await owns()) ? stop() : 'not-running',
      );
    },

    setAside: async (work = {}) => {
      work.report?.({ title: titles.setAside });
      if (!(await isThere(layout.current))) {
        throw new AppError('not_found', say('localServer.none', { folder: layout.folder }));
      }
      return withServerLock(layout, { ...work, title: titles.setAside, onFullDisk: 'go-on' }, async () => {
        await stop();
        return setAsideFolder(layout, layout.current, 'by-request', now());
      });
    },

    deleteData: async (work = {}) => {
      work.report?.({ title: titles.deleteData });
      return withServerLock(layout, { ...work, title: titles.deleteData, onFullDisk: 'go-on' }, async () => {
        await requireOwnFolders([layout.folder, layout.current, current.cluster]);
        await stop();
        return deleteFolder(layout.current);
      });
    },
  };
}
