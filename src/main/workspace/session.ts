import type pg from 'pg';
import type { WorkspaceState } from '../../shared/contract/app';
import { AppError } from '../../shared/errors';
import type { ReportProgress } from '../../shared/progress';
import type { ConsoleState } from '../console-state';
import type { Log } from '../log';
import { type Database, openDatabase } from '../postgres/database';
import type { LocalServer } from '../postgres/local-server';
import { readSettings } from './console-settings';
import { inspectSchema } from './inspect-schema';
import type { OpenWorkspace } from './open-workspace';
import type { Profile, ProfileStore } from './profiles';
import { createReconnecting } from './reconnect';
import { describeLocation } from './describe-location';
import type { SecretStore } from './secrets';
import { tlsOptions } from './tls-options';

const refreshTimeoutMs = 15_000;

interface SessionOptions {
  readonly state: ConsoleState;
  readonly secrets: SecretStore;
  readonly log: Log;
  readonly migrationsFolder: string;
  readonly localServer: LocalServer;
  readonly profiles: ProfileStore;
  /** Cancels the jobs that work on the open database and waits until they have stopped. */
  readonly stopJobs: () => Promise<void>;
}

/** The one open workspace of this console, or none. */
export interface Session {
  current(): OpenWorkspace | null;
  /** What the open database's schema is; NULL when none is open. */
  schema(): WorkspaceState['schema'] | null;
  /**
   * Opens a profile's database in place of the one that is open. Connects and looks what is there; changes nothing.
   * @param prepare runs before the screens see the workspace; when it rejects, nothing is opened.
   * @param password for a server: the one to use; absent means the stored one.
   * @throws AppError `db_auth` with `details.password = 'needed'` when no password is known, `db_unreachable`, …
   */
  open(
    profile: Profile,
    password: string | undefined,
    signal: AbortSignal,
    report: ReportProgress,
    prepare?: (workspace: OpenWorkspace) => Promise<void>,
  ): Promise<OpenWorkspace>;
  /** Looks again what the schema is and what the settings say, and tells the screens to read again. Never rejects. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export function createSession(options: SessionOptions): Session {
  const { state, secrets, log, migrationsFolder, localServer, profiles, stopJobs } = options;
  let current: OpenWorkspace | null = null;
  let stopReconnecting = (): void => undefined;

  async function close(): Promise<void> {
    if (!current) return;
    const closing = current;
    current = null;
    stopReconnecting();
    state.setWorkspace(null);
    // A pool ends only when its last connection was given back.
    await stopJobs();
    await closing.database.close();
  }

  async function clientConfig(
    profile: Profile,
    password: string | undefined,
    signal: AbortSignal,
    report: ReportProgress,
  ): Promise<pg.ClientConfig> {
    if (profile.kind === 'local') {
      const {
        host,
        port,
        database,
        user,
        password: own,
      } = await localServer.ensureRunning({ signal, report });
      return { host, port, database, user, password: own };
    }
    const host = profile.socketFolder ?? profile.host ?? 'localhost';
    const port = profile.port ?? 5432;
    const { user, database } = profile;
    const ssl = profile.socketFolder === null ? await tlsOptions(profile) : false;
    const base = { host, port, user, database, ssl };
    if (password !== undefined) return { ...base, password };
    const stored = await secrets.get({
      profileId: profile.id,
      target: { kind: 'database', host, port, user, database },
    });
    if (stored.state === 'found') return { ...base, password: stored.value };
    if (stored.state === 'absent') return base;
    throw new AppError('db_auth', stored.message, {
      hint: 'Enter the password for this server.',
      details: { password: 'needed' },
    });
  }

  async function look(database: Database, profile: Profile, signal: AbortSignal) {
    return database.read(signal, async ({ client }) => {
      const schema = await inspectSchema(client, migrationsFolder);
      const settings =
        schema === 'current'
          ? await readSettings(client)
          : { litellmLinked: false, demo: false, reportingTimeZone: null };
      return {
        schema,
        ...settings,
        reportingTimeZone: settings.reportingTimeZone ?? profile.reportingTimeZone,
      };
    });
  }

  return {
    current: () => current,
    schema: () => state.workspace()?.schema ?? null,
    close,
    async open(profile, password, signal, report, prepare) {
      const config = await clientConfig(profile, password, signal, report);
      report({ title: 'Open the database', detail: profile.name });
      const database = openDatabase({
        config,
        readOnly: profile.access === 'read-only',
        onConnectionChange: (connection) => {
          if (current?.database !== database) return;
          state.patchWorkspace({ connection });
          if (connection === 'lost') reconnecting.lost();
          else reconnecting.found();
        },
        onSlowQuery: ({ milliseconds, sql }) =>
          log.write({
            event: 'slow_query',
            milliseconds: Math.round(milliseconds),
            sql: sql.replace(/\s+/g, ' ').slice(0, 300),
          }),
      });
      const reconnecting = createReconnecting(
        () => database.read(AbortSignal.timeout(refreshTimeoutMs), () => Promise.resolve()),
        () => state.dataChanged(),
      );
      const opening = { id: profile.id, profile, database, secrets, dataChanged: () => state.dataChanged() };
      let found: Found;
      try {
        found = await look(database, profile, signal);
        if (prepare) {
          await prepare({ ...opening, reportingTimeZone: found.reportingTimeZone });
          found = await look(database, profile, signal);
        }
      } catch (error) {
        await database.close();
        throw error;
      }
      await close();
      current = { ...opening, reportingTimeZone: found.reportingTimeZone };
      stopReconnecting = reconnecting.stop;
      state.setWorkspace(toState(profile, config, found));
      await profiles.save({ ...profile, lastOpenedAt: new Date().toISOString().replace('Z', '000Z') });
      return current;
    },
    async refresh() {
      const opened = current;
      if (!opened) return;
      try {
        const found = await look(opened.database, opened.profile, AbortSignal.timeout(refreshTimeoutMs));
        if (current?.database !== opened.database) return;
        current = { ...opened, reportingTimeZone: found.reportingTimeZone };
        state.patchWorkspace(found);
      } catch (error) {
        // The call that wrote has its own outcome; a lost server shows through the connection state.
        log.error('session.refresh', error);
      }
      state.dataChanged();
    },
  };
}

type Found = Pick<WorkspaceState, 'schema' | 'litellmLinked' | 'demo' | 'reportingTimeZone'>;

function toState(profile: Profile, config: pg.ClientConfig, found: Found): WorkspaceState {
  const { id, name, environmentLabel, colour, kind, access } = profile;
  return {
    id,
    name,
    environmentLabel,
    colour,
    kind,
    access,
    location: describeLocation(config),
    connection: 'open',
    ...found,
  };
}
