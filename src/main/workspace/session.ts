import type pg from 'pg';
import type { WorkspaceState } from '../../shared/contract/app';
import type { ReportProgress } from '../../shared/progress';
import type { ConsoleState } from '../kernel/console-state';
import type { Log } from '../kernel/log';
import { type Database, openDatabase } from '../postgres/database';
import type { LocalServer } from '../local-server';
import { localSignIn } from '../local-server';
import { type WireConfig } from '../postgres/wire';
import { identifyDatabase } from '../postgres/passport';
import { refuseSuperuser } from '../postgres/superuser';
import { say } from '../kernel/say';
import { connectOnce, serverConfig } from './connect/connect-once';
import { findPassword } from './connect/find-password';
import { readSettings } from './console-settings';
import { connectionOf } from './database-target';
import { inspectSchema } from './inspect-schema';
import type { Surroundings } from './libpq/surroundings';
import type { OpenWorkspace } from './open-workspace';
import type { Profile, ProfileStore } from './profiles';
import { createReconnecting } from './reconnect';
import { describeLocation } from './describe-location';
import type { SecretStore } from './secrets';
import { acceptsSuperuser } from './superuser-choice';
import { throwIfCancelled } from '../kernel/cancelled';

const refreshTimeoutMs = 15_000;

interface SessionOptions {
  readonly state: ConsoleState;
  readonly secrets: SecretStore;
  readonly log: Log;
  readonly migrationsFolder: string;
  readonly localServer: LocalServer;
  readonly profiles: ProfileStore;
  readonly surroundings: Surroundings;
  /** Whether rows are checked against what their statements say of them: in tests and development. */
  readonly checkRows: boolean;
  /** What opening a workspace whose schema is current does besides; it must not reject. */
  readonly afterOpening: (workspace: OpenWorkspace, signal: AbortSignal) => Promise<void>;
  /** Cancels the jobs that work on the open database and waits until they have stopped. */
  readonly stopJobs: () => Promise<void>;
}

/** The one open workspace of this console, or none. */
export interface Session {
  current(): OpenWorkspace | null;
  /** What the open database's schema is; NULL when none is open. */
  schema(): WorkspaceState['schema'] | null;
  /**
   * Opens a profile's database in place of the one that is open. Connects and looks what is there; what it does besides
   * is {@link SessionOptions.afterOpening}, once the screens see the workspace.
   * Of a known profile it keeps what it learned: when it was opened, and where the local server listens. Everything
   * else is for whoever calls to keep: connecting takes seconds, in which another console may change the profile.
   * @param prepare runs before the screens see the workspace; when it rejects, nothing is opened.
   * @param password for a server: the one to use; absent means the stored one, else what libpq would use.
   * @throws AppError `db_superuser` for a superuser where others have a hand in, unless the profile holds the choice
   *   for it, `db_auth` with `details.password = 'needed'` when the server asks for another password than is
   *   known, and what `connectOnce` throws.
   */
  open(
    profile: Profile,
    password: string | undefined,
    signal: AbortSignal,
    report: ReportProgress,
    prepare?: (workspace: OpenWorkspace) => Promise<void>,
  ): Promise<OpenWorkspace>;
  /** Takes over what changed in the open workspace's profile and needs no new connection. */
  applyProfile(profile: Profile): void;
  /** Looks again what the schema is and what the settings say, and tells the screens to read again. Never rejects. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export function createSession(options: SessionOptions): Session {
  const { state, secrets, log, migrationsFolder, localServer, profiles, surroundings, checkRows } = options;
  const { afterOpening, stopJobs } = options;
  let current: OpenWorkspace | null = null;
  let stopReconnecting = (): void => undefined;
  let lastTurn: Promise<unknown> = Promise.resolve();

  /** Two windows may open and leave at once: each takes the other's workspace over whole. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = lastTurn.then(work);
    lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async function leave(): Promise<void> {
    if (!current) return;
    const left = current;
    current = null;
    stopReconnecting();
    state.setWorkspace(null);
    // Before the database ends everything: jobs still write there how they ended.
    await stopJobs();
    await left.database.close();
  }

  async function clientConfig(
    profile: Profile,
    password: string | undefined,
    signal: AbortSignal,
    report: ReportProgress,
  ): Promise<WireConfig> {
    if (profile.kind === 'local') {
      const {
        host,
        port,
        database,
        user,
        password: own,
      } = await localServer.ensureRunning({ signal, report });
      return { host, port, database, user, password: own, ssl: false, signIn: localSignIn };
    }
    report({ title: say('workspace.progress.connect'), detail: profile.name });
    const given = { password, profileId: profile.id };
    const access = await findPassword(connectionOf(profile), given, { secrets, surroundings });
    // What is in the way is explained by one connection of its own; the pool then has none of that to meet.
    const readOnly = profile.access === 'read-only';
    const acceptSuperuser = acceptsSuperuser(profile);
    await connectOnce(access, { signal, readOnly, acceptSuperuser }, () => Promise.resolve());
    return serverConfig(access);
  }

  /** @param acceptSuperuser where it is false, a superuser reads nothing of a database that others have a hand in. */
  async function look(database: Database, profile: Profile, signal: AbortSignal, acceptSuperuser: boolean) {
    return database.read(signal, async (connection) => {
      const { client } = connection;
      const asSuperuser = (await refuseSuperuser(client, acceptSuperuser)) !== null;
      const passport = await identifyDatabase(client);
      const schema = await inspectSchema(client, passport, migrationsFolder);
      const settings =
        schema === 'current'
          ? await readSettings(connection)
          : { litellmLinked: false, demo: false, reportingTimeZone: null };
      return {
        schema,
        passport,
        asSuperuser,
        ...settings,
        reportingTimeZone: settings.reportingTimeZone ?? profile.reportingTimeZone,
      };
    });
  }

  function applyProfile(profile: Profile): void {
    if (current?.id !== profile.id) return;
    current = { ...current, profile };
    const { name, environmentLabel, colour } = profile;
    state.patchWorkspace({ name, environmentLabel, colour });
    state.dataChanged();
  }

  return {
    current: () => current,
    schema: () => state.workspace()?.schema ?? null,
    close: () => inTurn(leave),
    async open(profile, password, signal, report, prepare) {
      const config = await clientConfig(profile, password, signal, report);
      report({ title: say('workspace.progress.open'), detail: profile.name });
      const database = openDatabase({
        config,
        readOnly: profile.access === 'read-only',
        checkRows,
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
      const opening = {
        id: profile.id,
        profile,
        database,
        secrets,
        dataChanged: () => state.dataChanged(),
        async keepLitellm(litellm: Profile['litellm']) {
          await profiles.patch(profile.id, { litellm });
          if (current?.database === database) applyProfile({ ...current.profile, litellm });
        },
      };
      let opened: OpenWorkspace;
      let learned: Partial<Profile>;
      let isCurrent: boolean;
      try {
        let found = await look(database, profile, signal, acceptsSuperuser(profile));
        if (prepare) {
          await prepare({ ...opening, reportingTimeZone: found.reportingTimeZone });
          found = await look(database, profile, signal, acceptsSuperuser(profile));
        }
        isCurrent = found.schema === 'current';
        learned = {
          lastOpenedAt: new Date().toISOString().replace('Z', '000Z'),
          ...(profile.kind === 'local' ? { host: config.host ?? null, port: config.port ?? null } : {}),
        };
        opened = {
          ...opening,
          profile: { ...profile, ...learned },
          reportingTimeZone: found.reportingTimeZone,
        };
        await inTurn(async () => {
          throwIfCancelled(signal);
          await leave();
          current = opened;
          stopReconnecting = reconnecting.stop;
          state.setWorkspace(toState(profile, config, found));
        });
      } catch (error) {
        await database.close();
        throw error;
      }
      await profiles.patch(profile.id, learned);
      if (isCurrent) await afterOpening(opened, signal);
      return opened;
    },
    applyProfile,
    async refresh() {
      const opened = current;
      if (!opened) return;
      try {
        // Who got a hand in meanwhile shows as a mark; opening asks.
        const found = await look(
          opened.database,
          opened.profile,
          AbortSignal.timeout(refreshTimeoutMs),
          true,
        );
        if (current?.database !== opened.database) return;
        current = { ...current, reportingTimeZone: found.reportingTimeZone };
        state.patchWorkspace(found);
      } catch (error) {
        // The call that wrote has its own outcome; a lost server shows through the connection state.
        log.error('session.refresh', error);
      }
      state.dataChanged();
    },
  };
}

type Found = Pick<
  WorkspaceState,
  'schema' | 'passport' | 'asSuperuser' | 'litellmLinked' | 'demo' | 'reportingTimeZone'
>;

function toState(profile: Profile, config: pg.ClientConfig, found: Found): WorkspaceState {
  const { id, name, environmentLabel, colour, kind, access, weakSignInAllowed } = profile;
  return {
    id,
    name,
    environmentLabel,
    colour,
    kind,
    access,
    location: describeLocation(config),
    connection: 'open',
    weakSignInAllowed,
    ...found,
  };
}
