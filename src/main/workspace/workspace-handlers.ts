import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors';
import { loadDemo } from '../demo/load-demo';
import type { LocalServer } from '../postgres/local-server';
import { migrate } from '../postgres/migrate';
import type { AreaHandlers } from '../router/handlers';
import { parseConnectionUri } from './connection-uri';
import { describeLocation } from './describe-location';
import type { OpenWorkspace } from './open-workspace';
import type { Profile, ProfileStore } from './profiles';
import type { SecretStore } from './secrets';
import type { Session } from './session';

interface WorkspaceHandlersOptions {
  readonly session: Session;
  readonly profiles: ProfileStore;
  readonly secrets: SecretStore;
  readonly localServer: LocalServer;
  readonly migrationsFolder: string;
  readonly demoFolder: string;
}

/** Setting up, opening and leaving a database. */
export function createWorkspaceHandlers(options: WorkspaceHandlersOptions): AreaHandlers<'workspace'> {
  const { session, profiles, secrets, localServer, migrationsFolder, demoFolder } = options;

  async function findProfile(id: string): Promise<Profile> {
    const found = (await profiles.load()).profiles.find((profile) => profile.id === id);
    if (found) return found;
    throw new AppError('not_found', 'This workspace is no longer in the list.', {
      hint: 'Another console may have removed it. Connect again.',
    });
  }

  return {
    async list() {
      const { profiles: known, setAside } = await profiles.load();
      const newestFirst = [...known].sort((a, b) =>
        (b.lastOpenedAt ?? '').localeCompare(a.lastOpenedAt ?? ''),
      );
      return {
        profiles: newestFirst.map((profile) => ({
          id: profile.id,
          name: profile.name,
          kind: profile.kind,
          environmentLabel: profile.environmentLabel,
          colour: profile.colour,
          access: profile.access,
          location: profileLocation(profile),
          lastOpenedAt: profile.lastOpenedAt,
        })),
        local: await localServer.presence(),
        profilesSetAside: setAside,
      };
    },

    async setUpLocal({ demo }, { signal, report }) {
      const startedAt = performance.now();
      const server = await localServer.ensureRunning({ signal, report });
      const known = (await profiles.load()).profiles.find((profile) => profile.kind === 'local');
      const profile = known ?? localProfile(server);
      const { host, port, database, user, password } = server;
      await migrate({ host, port, database, user, password }, { folder: migrationsFolder, signal, report });
      const addDemo = async (workspace: OpenWorkspace): Promise<void> => {
        await loadDemo(workspace, { demoFolder, signal, report, now: new Date() });
      };
      await session.open({ ...profile, host, port }, undefined, signal, report, demo ? addDemo : undefined);
      return { workspaceId: profile.id, elapsedMs: Math.round(performance.now() - startedAt) };
    },

    async connect(input, { signal, report }) {
      const { target, password: fromUri } = parseConnectionUri(input.uri);
      const profile: Profile = {
        id: randomUUID(),
        name: input.name,
        kind: 'server',
        environmentLabel: '',
        colour: '',
        ...target,
        access: input.access,
        litellm: null,
        operatorUserId: null,
        reportingTimeZone: 'UTC',
        lastOpenedAt: null,
      };
      const password = input.password ?? fromUri ?? undefined;
      // A wrong password must not leave a profile behind: it is kept once the database opened.
      await session.open(profile, password ?? '', signal, report);
      if (password !== undefined) await rememberPassword(secrets, profile, password);
      return { workspaceId: profile.id };
    },

    async open({ workspaceId, password }, { signal, report }) {
      const profile = await findProfile(workspaceId);
      await session.open(profile, password, signal, report);
      if (password !== undefined) await rememberPassword(secrets, profile, password);
      return { workspaceId };
    },

    async close() {
      await session.close();
      return {};
    },

    async forget({ workspaceId }) {
      const profile = await findProfile(workspaceId);
      if (session.current()?.id === workspaceId) await session.close();
      // The profile first: a locked keychain must not keep anybody from forgetting it.
      await profiles.remove(workspaceId);
      await secrets.deleteAll(profile.id);
      return {};
    },
  };
}

function localProfile({
  host,
  port,
  database,
  user,
}: {
  host: string;
  port: number;
  database: string;
  user: string;
}): Profile {
  return {
    id: randomUUID(),
    name: 'Local database',
    kind: 'local',
    environmentLabel: 'local',
    colour: '',
    host,
    port,
    socketFolder: null,
    database,
    user,
    tlsMode: 'disable',
    caFile: null,
    access: 'administer',
    litellm: null,
    operatorUserId: null,
    reportingTimeZone: 'UTC',
    lastOpenedAt: null,
  };
}

function databaseTarget(profile: Profile) {
  return {
    kind: 'database',
    host: profile.socketFolder ?? profile.host ?? 'localhost',
    port: profile.port ?? 5432,
    user: profile.user,
    database: profile.database,
  } as const;
}

async function rememberPassword(secrets: SecretStore, profile: Profile, password: string): Promise<void> {
  await secrets.set({ profileId: profile.id, target: databaseTarget(profile) }, password);
}

function profileLocation(profile: Profile): string {
  const { host, port, user, database } = databaseTarget(profile);
  return describeLocation({ host, port, user, database });
}
