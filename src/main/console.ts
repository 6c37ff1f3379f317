import { homedir } from 'node:os';
import type { Answer } from '../shared/bridge';
import type { Procedure } from '../shared/contract/define';
import { type AreaName, contract } from '../shared/contract/index';
import { createAppHandlers } from './app/app-handlers';
import { createConsoleState } from './kernel/console-state';
import type { DatabaseSide } from './database-side';
import { createJobs } from './kernel/jobs';
import { createFileLog, type Log } from './kernel/log';
import { toErrorEnvelope } from './router/error-envelope';
import { type CallHost, createRouter, type Request } from './router/router';
import { createDataFolder, resolveDataFolder } from './files/data-folder';
import { openConsoleLock } from './files/lock';
import { openSecretStore, type SafeStorageBackend } from './workspace/secrets';

export { readRendererFile } from './renderer-files';
export type { FileContent } from './router/handlers';
export type { CallHost, Request } from './router/router';
export type { Log } from './kernel/log';
export type { SafeStorageBackend } from './workspace/secrets';

export interface ConsoleOptions {
  readonly host: 'desktop' | 'browser';
  readonly version: string;
  /** Where the SQL migrations are. */
  readonly migrationsFolder: string;
  /** Where the demo's trace and price list are. */
  readonly demoFolder: string;
  /** Environment variables: `LITEMAAS_DATA_DIR` moves the data folder. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Electron's safeStorage, on the desktop. */
  readonly safeStorage?: SafeStorageBackend;
  /** Checks every result against the contract too: on in tests and development. */
  readonly checkOutputs: boolean;
  /** False for a command: it does what it is told, and nothing beside it. Absent: true. */
  readonly runsDueByItself?: boolean;
}

/** One program for both hosts: what they bind to their transport. */
export interface Console {
  /** Answers one untrusted call; never rejects. */
  call(request: Request, host: CallHost): Promise<Answer<unknown>>;
  readonly log: Log;
  /** Where profiles, logs and the local database are. */
  readonly dataFolder: string;
  /** Cancels what runs, closes the workspace, stops the local server if this console started it. */
  close(): Promise<void>;
}

/**
 * Wires everything. Touches neither database nor keychain nor network: those come with the first call that needs
 * them, so that a window can show before.
 * @throws AppError when the data folder cannot be made.
 */
export async function createConsole(options: ConsoleOptions): Promise<Console> {
  const { environment, migrationsFolder, demoFolder } = options;
  const folder = await createDataFolder(
    resolveDataFolder({
      environment,
      platform: process.platform,
      homeFolder: homedir(),
      userId: process.getuid?.(),
    }),
  );
  const log = createFileLog(folder.path);
  const lock = await openConsoleLock(folder.path);
  const secrets = openSecretStore({ dataFolder: folder.path, safeStorage: options.safeStorage });
  const jobs = createJobs({ onChange: () => state.touch(), toEnvelope: toErrorEnvelope });
  const state = createConsoleState(() => jobs);
  const app = createAppHandlers({
    state,
    jobs,
    secrets,
    dataFolder: folder.path,
    host: options.host,
    version: options.version,
  });

  let loading: Promise<DatabaseSide> | undefined;
  let database: DatabaseSide | undefined;
  // Database code costs a quarter of a second to load: it comes with the first call that is not about the app.
  const loadDatabaseSide = (): Promise<DatabaseSide> =>
    (loading ??= import('./database-side').then(({ createDatabaseSide }) => {
      database = createDatabaseSide({
        folder,
        state,
        secrets,
        log,
        migrationsFolder,
        demoFolder,
        environment,
        host: options.host,
        version: options.version,
        checkRows: options.checkOutputs,
        runsDueByItself: options.runsDueByItself ?? true,
        stopJobs: () => jobs.stop(worksOnDatabase),
      });
      return database;
    }));

  const router = createRouter({
    handlersOf: async (area) => (area === 'app' ? app : (await loadDatabaseSide()).handlers[area]),
    jobs,
    log,
    openWorkspace: () => database?.session.current() ?? null,
    workspaceState: () => state.workspace(),
    afterWrite: async () => database?.session.refresh(),
    checkOutputs: options.checkOutputs,
  });

  return {
    log,
    dataFolder: folder.path,
    call: router.call,
    async close() {
      await jobs.stop();
      if (loading) await (await loading).close();
      await lock.release();
    },
  };
}

/** Jobs of scope `app` open and close databases; all others work on the one that is open. */
function worksOnDatabase(name: string): boolean {
  const [area = '', procedure = ''] = name.split('.');
  const procedures: Record<string, Procedure> = contract[area as AreaName];
  return procedures[procedure]?.scope !== 'app';
}
