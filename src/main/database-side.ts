import { homedir, userInfo } from 'node:os';
import { apiKeysHandlers } from './api-keys';
import { auditHandlers } from './audit';
import { browseHandlers } from './browse';
import type { ConsoleState } from './kernel/console-state';
import { createDatabaseHandlers } from './database/database-handlers';
import { createDemoHandlers } from './demo/demo-handlers';
import { createHealthHandlers } from './health';
import { createSendNews, sendOnOpening } from './litellm/outbox/send-waiting';
import { syncHandlers } from './sync';
import type { Log } from './kernel/log';
import { modelsHandlers } from './models';
import { overviewHandlers } from './overview';
import { createLocalServer } from './local-server';
import type { AreaHandlers } from './router/handlers';
import { searchHandlers } from './search';
import { createSettingsHandlers } from './settings';
import { createSqlHandlers, openHistory } from './sql';
import { createSubscriptionsHandlers } from './subscriptions';
import { type DueKeeper, keepDueRun } from './subscriptions/periods/keep-due-run';
import { runDue } from './subscriptions/periods/run-due';
import { teamsHandlers } from './teams';
import { usageHandlers } from './usage';
import { createChangesHandlers } from './changes';
import { changesOfAreas, ownUndos } from './changes-of-areas';
import { keepPartitionsAhead } from './usage-log/keep-partitions';
import { usersHandlers } from './users';
import type { DataFolder } from './files/data-folder';
import { openProfiles } from './workspace/profiles';
import type { SecretStore } from './workspace/secrets';
import { createSession, type Session } from './workspace/session';
import { createWorkspaceHandlers } from './workspace/calls/workspace-handlers';
import type { AreaName } from '../shared/contract/index';

interface DatabaseSideOptions {
  readonly folder: DataFolder;
  readonly state: ConsoleState;
  readonly secrets: SecretStore;
  readonly log: Log;
  readonly migrationsFolder: string;
  readonly demoFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly host: 'desktop' | 'browser';
  readonly version: string;
  readonly checkRows: boolean;
  /** Whether what is due is run in the background, where a workspace's settings say so. */
  readonly runsDueByItself: boolean;
  readonly stopJobs: () => Promise<void>;
}

/** Everything of main that needs a database driver, in one lazily loaded piece. */
export interface DatabaseSide {
  readonly session: Session;
  readonly handlers: { readonly [Area in Exclude<AreaName, 'app'>]: AreaHandlers<Area> };
  close(): Promise<void>;
}

export function createDatabaseSide(options: DatabaseSideOptions): DatabaseSide {
  const { folder, state, secrets, log, migrationsFolder, demoFolder, environment, checkRows, stopJobs } =
    options;
  const { runsDueByItself } = options;
  const localServer = createLocalServer({ folder, environment });
  const history = openHistory(folder.path);
  const sendNews = createSendNews({});
  const profiles = openProfiles(folder.path);
  const surroundings = {
    environment,
    homeFolder: homedir(),
    platform: process.platform,
    userName: userInfo().username,
  };
  const session = createSession({
    state,
    secrets,
    log,
    migrationsFolder,
    localServer,
    profiles,
    surroundings,
    checkRows,
    async afterOpening(workspace, signal) {
      await keepPartitionsAhead(workspace, 'opening', { now: new Date(), signal });
      // LiteLLM may take its time, and whoever opens a workspace does not wait for it.
      if (runsDueByItself) void due.look();
      void sendOnOpening(workspace, {}).catch((error: unknown) => log.error('litellm.sendOnOpening', error));
    },
    stopJobs,
  });
  const due: DueKeeper = keepDueRun({
    current: () => (session.schema() === 'current' ? session.current() : null),
    run: (workspace) =>
      runDue({ workspace, signal: workspace.database.closing, report: () => undefined }, sendNews),
    log,
  });

  return {
    session,
    handlers: {
      workspace: createWorkspaceHandlers({
        forgetHistory: (workspaceId) =>
          history.clear(workspaceId).catch((error: unknown) => log.error('sql.forgetHistory', error)),
        session,
        profiles,
        secrets,
        localServer,
        surroundings,
        migrationsFolder,
        demoFolder,
      }),
      database: createDatabaseHandlers({ session, profiles, localServer, migrationsFolder }),
      sync: syncHandlers,
      demo: createDemoHandlers({ demoFolder }),
      overview: overviewHandlers,
      users: usersHandlers,
      teams: teamsHandlers,
      models: modelsHandlers,
      subscriptions: createSubscriptionsHandlers(sendNews),
      apiKeys: apiKeysHandlers,
      usage: usageHandlers,
      health: createHealthHandlers(migrationsFolder),
      search: searchHandlers,
      audit: auditHandlers,
      changes: createChangesHandlers(changesOfAreas, ownUndos, sendNews),
      browse: browseHandlers,
      sql: createSqlHandlers({ history }),
      settings: createSettingsHandlers({
        host: options.host,
        version: options.version,
        folder,
        migrationsFolder,
        session,
        profiles,
        secrets,
      }),
    },
    async close() {
      due.stop();
      await session.close();
      await localServer.close();
    },
  };
}
