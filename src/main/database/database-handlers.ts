import { finished } from 'node:stream/promises';
import { AppError } from '../../shared/errors';
import { ensurePartitions } from '../postgres/ensure-partitions';
import { toDatabaseError } from '../postgres/errors';
import type { LocalServer } from '../local-server';
import { recordPartitions } from '../usage-log/keep-partitions';
import { migrate, migrationStatus, preflight } from '../postgres/migrate';
import type { AreaHandlers } from '../router/handlers';
import type { ProfileStore } from '../workspace/profiles';
import type { Session } from '../workspace/session';
import { acceptsSuperuser, keptChoice } from '../workspace/superuser-choice';
import { listPartitions } from './partitions';
import { revealConnection } from './reveal-connection';
import { roleSql } from './roles/role-sql';
import { serverStatus } from './server-status';
import { say } from '../kernel/say';

interface DatabaseHandlersOptions {
  readonly session: Session;
  readonly profiles: ProfileStore;
  readonly localServer: LocalServer;
  readonly migrationsFolder: string;
}

/** The server, its schema and its partitions. */
export function createDatabaseHandlers(options: DatabaseHandlersOptions): AreaHandlers<'database'> {
  const { session, profiles, localServer, migrationsFolder } = options;

  async function closeLocalWorkspace(): Promise<void> {
    if (session.current()?.profile.kind === 'local') await session.close();
  }

  return {
    status: (_input, call) => serverStatus(call, localServer),

    migrations: (_input, { signal, workspace }) =>
      workspace.database.read(signal, async ({ client }) => ({
        migrations: [...(await migrationStatus(client, migrationsFolder))],
        preflight: [...(await preflight(client))],
      })),

    async migrate({ acceptOthersCreating = false, acceptSuperuser }, { signal, report, workspace }) {
      if (['foreign', 'ahead', 'changed'].includes(session.schema() ?? '')) {
        throw new AppError('conflict', say('database.notOurs'), { hint: say('database.notOursHint') });
      }
      const profile = {
        ...workspace.profile,
        superuserAccepted: keptChoice(workspace.profile, acceptSuperuser),
      };
      if (acceptSuperuser !== undefined) {
        await profiles.patch(profile.id, { superuserAccepted: profile.superuserAccepted });
        session.applyProfile(profile);
      }
      try {
        const { applied } = await migrate(workspace.database.config, {
          folder: migrationsFolder,
          signal,
          report,
          acceptSuperuser: acceptsSuperuser(profile),
          acceptOthersCreating,
        });
        return { applied: [...applied] };
      } catch (error) {
        throw toDatabaseError(error, signal);
      }
    },

    partitions: (_input, call) => listPartitions(call, new Date()),

    createPartitions: (_input, { signal, workspace }) =>
      workspace.database.write(signal, async (connection) => {
        const created = await ensurePartitions(connection.client, new Date());
        await recordPartitions(connection, workspace, created, 'by_hand');
        return { created };
      }),

    roleSql: (input, { signal, workspace }) =>
      workspace.database.read(signal, (connection) => roleSql(connection, input, session.schema())),

    async exportRoleSql(input, { signal, workspace }) {
      const { database, statements } = await workspace.database.read(signal, (connection) =>
        roleSql(connection, input, session.schema()),
      );
      return {
        suggestedName: `${database.replaceAll(/[^A-Za-z0-9_-]+/g, '_')}-${input.role}.sql`,
        contentType: 'application/sql',
        async write(target) {
          target.end(statements);
          await finished(target);
        },
      };
    },

    serverLog: ({ lines }) => localServer.log({ lines }),

    async startServer(_input, { signal, report }) {
      const server = await localServer.ensureRunning({ signal, report });
      const profile = (await profiles.load()).profiles.find(({ kind }) => kind === 'local');
      if (profile) await session.open(profile, undefined, signal, report);
      return { port: server.port };
    },

    async stopServer(_input, { report }) {
      report({ title: say('database.stopServer') });
      await closeLocalWorkspace();
      await localServer.stop();
      return {};
    },

    async setAside(_input, { report }) {
      report({ title: say('database.setAside') });
      await closeLocalWorkspace();
      return { movedTo: await localServer.setAside() };
    },

    revealConnection: (_input, call) => revealConnection(call),
  };
}
