import { randomUUID } from 'node:crypto';
import { demoStatus } from '../../demo/demo-status';
import { loadDemo } from '../../demo/load-demo';
import type { LocalServer } from '../../local-server';
import { migrate } from '../../postgres/migrate';
import type { ConnectionFields } from '../../../shared/contract/workspace';
import type { AreaHandlers } from '../../router/handlers';
import { checkConnection } from '../connect/check-connection';
import { reportConnection } from '../connect/connection-report';
import { findPassword, typedPassword } from '../connect/find-password';
import { parseConnectionUri } from '../connection-uri';
import { connectionOf, databaseTarget } from '../database-target';
import { describeLocation } from '../describe-location';
import { discoverServers } from '../discover/discover-servers';
import { createEditHandlers } from './edit-handlers';
import { findProfile } from '../find-profile';
import { keepPassword } from '../keep-password';
import type { Surroundings } from '../libpq/surroundings';
import { localProfile, serverProfile } from '../new-profile';
import type { OpenWorkspace } from '../open-workspace';
import type { ProfileStore } from '../profiles';
import type { SecretStore } from '../secrets';
import type { Session } from '../session';
import { acceptsSuperuser, keptChoice } from '../superuser-choice';

interface WorkspaceHandlersOptions {
  readonly session: Session;
  readonly profiles: ProfileStore;
  readonly secrets: SecretStore;
  readonly localServer: LocalServer;
  readonly surroundings: Surroundings;
  /** Deletes what was run in a workspace with SQL. Never rejects. */
  readonly forgetHistory: (workspaceId: string) => Promise<void>;
  readonly migrationsFolder: string;
  readonly demoFolder: string;
}

/** Finding, testing, setting up, opening, editing and leaving a database. */
export function createWorkspaceHandlers(options: WorkspaceHandlersOptions): AreaHandlers<'workspace'> {
  const { session, profiles, secrets, localServer, surroundings, migrationsFolder, demoFolder } = options;

  /** Whether a known workspace holds the choice to be a superuser in exactly this database. */
  async function isAccepted(connection: ConnectionFields, workspaceId: string | undefined): Promise<boolean> {
    const known = (await profiles.load()).profiles.find(({ id }) => id === workspaceId);
    return known !== undefined && acceptsSuperuser({ ...known, ...connection });
  }

  return {
    ...createEditHandlers(options),

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
          location: describeLocation(databaseTarget(connectionOf(profile))),
          lastOpenedAt: profile.lastOpenedAt,
        })),
        local: await localServer.presence(),
        profilesSetAside: setAside,
      };
    },

    parseUri({ uri }) {
      const { target, password, ignored } = parseConnectionUri(uri);
      return Promise.resolve({ connection: target, hasPassword: password !== null, ignored: [...ignored] });
    },

    discover: () => discoverServers(surroundings),

    async test({ connection, password, uri, workspaceId, acceptSuperuser }, { signal }) {
      checkConnection(connection);
      const given = { password, uri, profileId: workspaceId };
      const access = await findPassword(connection, given, { secrets, surroundings });
      return reportConnection(access, {
        signal,
        migrationsFolder,
        acceptSuperuser: acceptSuperuser ?? (await isAccepted(connection, workspaceId)),
      });
    },

    async setUpLocal({ demo }, { signal, report }) {
      const startedAt = performance.now();
      const server = await localServer.ensureRunning({ signal, report });
      const known = (await profiles.load()).profiles.find((profile) => profile.kind === 'local');
      const profile = known ?? localProfile(server);
      const { host, port, database, user, password } = server;
      await migrate({ host, port, database, user, password }, { folder: migrationsFolder, signal, report });
      let demoWasThere = false;
      const addDemo = async (workspace: OpenWorkspace): Promise<void> => {
        const status = await workspace.database.read(signal, demoStatus);
        demoWasThere = status.loaded;
        if (!demoWasThere) await loadDemo(workspace, { demoFolder, signal, report, now: new Date() });
      };
      const opened = await session.open(profile, undefined, signal, report, demo ? addDemo : undefined);
      if (known === undefined) await profiles.save(opened.profile);
      return {
        workspaceId: profile.id,
        elapsedMs: Math.round(performance.now() - startedAt),
        demoWasThere,
      };
    },

    async connect({ connection, settings, rememberPassword, acceptSuperuser, ...given }, { signal, report }) {
      checkConnection(connection);
      const made = serverProfile(randomUUID(), connection, settings);
      const profile = { ...made, superuserAccepted: keptChoice(made, acceptSuperuser) };
      const password = typedPassword(connection, given);
      // A wrong password must not leave a profile behind: it is kept once the database opened.
      const opened = await session.open(profile, password, signal, report);
      await profiles.save(opened.profile);
      await keepPassword(secrets, profile, password, rememberPassword);
      return { workspaceId: profile.id };
    },

    async open({ workspaceId, password, rememberPassword, acceptSuperuser }, { signal, report }) {
      const known = await findProfile(profiles, workspaceId);
      const profile = { ...known, superuserAccepted: keptChoice(known, acceptSuperuser) };
      await session.open(profile, password, signal, report);
      if (acceptSuperuser !== undefined) {
        await profiles.patch(workspaceId, { superuserAccepted: profile.superuserAccepted });
      }
      await keepPassword(secrets, profile, password, rememberPassword);
      return { workspaceId };
    },

    async close() {
      await session.close();
      return {};
    },
  };
}
