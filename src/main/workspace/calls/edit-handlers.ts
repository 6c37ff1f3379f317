import { isDeepStrictEqual } from 'node:util';
import { workspaceColours } from '../../../shared/contract/workspace';
import { AppError } from '../../../shared/errors';
import type { LocalServer } from '../../local-server';
import type { AreaHandlers } from '../../router/handlers';
import { say } from '../../kernel/say';
import { checkConnection } from '../connect/check-connection';
import { typedPassword } from '../connect/find-password';
import { connectionOf, databaseTarget } from '../database-target';
import { findProfile } from '../find-profile';
import { keepPassword } from '../keep-password';
import { checkTimeZone } from '../new-profile';
import type { Profile, ProfileStore } from '../profiles';
import type { SecretStore } from '../secrets';
import type { Session } from '../session';
import { acceptsSuperuser, keptChoice } from '../superuser-choice';

type EditHandlers = Pick<AreaHandlers<'workspace'>, 'get' | 'update' | 'forget' | 'allowUnprotectedSecrets'>;

interface EditHandlersOptions {
  readonly session: Session;
  readonly profiles: ProfileStore;
  readonly secrets: SecretStore;
  readonly localServer: LocalServer;
  /** Deletes what was run in a workspace with SQL. Never rejects. */
  readonly forgetHistory: (workspaceId: string) => Promise<void>;
}

/** Looking at one workspace's profile, changing it, and removing it. */
export function createEditHandlers({
  session,
  profiles,
  secrets,
  localServer,
  forgetHistory,
}: EditHandlersOptions): EditHandlers {
  return {
    async get({ workspaceId }) {
      const profile = await findProfile(profiles, workspaceId);
      const connection = connectionOf(profile);
      const { name, environmentLabel, access, operatorUserId, reportingTimeZone, runsDue } = profile;
      // A file edited by hand may name another colour.
      const colour = workspaceColours.find((known) => known === profile.colour) ?? '';
      const isLocal = profile.kind === 'local';
      const [stored, { backend }, size] = await Promise.all([
        secrets.get({ profileId: profile.id, target: databaseTarget(connection) }),
        secrets.status(),
        isLocal ? localServer.size() : null,
      ]);
      const password = {
        found: 'stored',
        absent: 'absent',
        'other-target': 'absent',
        unreadable: 'unreadable',
      } as const;
      return {
        id: profile.id,
        kind: profile.kind,
        settings: { name, environmentLabel, colour, access, operatorUserId, reportingTimeZone, runsDue },
        connection,
        password: password[stored.state],
        secretStore: backend,
        superuserAccepted: acceptsSuperuser(profile),
        localDataBytes: size === null ? null : String(size.clusterBytes),
      };
    },

    async update(
      { workspaceId, settings, connection, rememberPassword, acceptSuperuser, ...given },
      { signal, report },
    ) {
      const before = await findProfile(profiles, workspaceId);
      checkTimeZone(settings.reportingTimeZone);
      const changed = connection !== undefined && !isDeepStrictEqual(connection, connectionOf(before));
      if (changed && before.kind === 'local') throw localIsFixed();
      if (changed) checkConnection(connection);
      // What the form holds, and nothing else: another console may change the rest meanwhile.
      const entered: Partial<Profile> = { ...settings, ...(changed ? connection : {}) };
      const superuserAccepted = keptChoice({ ...before, ...entered }, acceptSuperuser);
      const isChosen = changed || acceptSuperuser !== undefined;
      const changes: Partial<Profile> = { ...entered, ...(isChosen ? { superuserAccepted } : {}) };
      const after: Profile = { ...before, ...changes };
      const password = typedPassword(connectionOf(after), given);
      const isOpen = session.current()?.id === workspaceId;
      if (isOpen && (changed || password !== undefined || before.access !== after.access)) {
        // Opened before it is kept: what cannot be opened leaves the workspace as it was.
        await session.open(after, password, signal, report);
        await profiles.patch(workspaceId, changes);
      } else {
        await profiles.patch(workspaceId, changes);
        session.applyProfile(after);
      }
      // Without a new one the stored password stays, bound to its own target: another target asks again.
      await keepPassword(secrets, after, password, rememberPassword);
      return {};
    },

    async forget({ workspaceId, withData }, { signal, report }) {
      const profile = await findProfile(profiles, workspaceId);
      if (withData && profile.kind !== 'local') {
        throw new AppError('validation', say('workspace.profile.dataIsTheServers'), {
          hint: say('workspace.profile.dataIsTheServersHint'),
        });
      }
      report({ title: say('workspace.progress.remove'), detail: profile.name });
      if (session.current()?.id === workspaceId) await session.close();
      const deletedBytes = withData ? String(await localServer.deleteData({ signal, report })) : null;
      // The profile first: a locked keychain must not keep anybody from forgetting it.
      await profiles.remove(workspaceId);
      try {
        await secrets.deleteAll(profile.id);
      } finally {
        await forgetHistory(workspaceId);
      }
      return { deletedBytes };
    },

    async allowUnprotectedSecrets({ allow }) {
      await secrets.allowUnprotected(allow);
      return {};
    },
  };
}

function localIsFixed(): AppError {
  return new AppError('validation', say('workspace.profile.localConnectionFixed'), {
    hint: say('workspace.profile.localConnectionFixedHint'),
  });
}
