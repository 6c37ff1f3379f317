import { isDeepStrictEqual } from 'node:util';
import type { ConnectionFields } from '../../shared/contract/workspace';
import { connectionOf, databaseTarget } from './database-target';
import type { Profile } from './profiles';

type AcceptedTarget = Profile['superuserAccepted'];

/** What the choice to be a superuser in a database is bound to: the same as its password. */
export function superuserTarget(connection: ConnectionFields): NonNullable<AcceptedTarget> {
  const { host, port, user, database } = databaseTarget(connection);
  return { host, port, user, database };
}

/** Whether a person chose to be a superuser in exactly the database that this profile names. */
export function acceptsSuperuser(profile: Profile): boolean {
  return isDeepStrictEqual(profile.superuserAccepted, superuserTarget(connectionOf(profile)));
}

/**
 * The choice to keep for a profile: made or taken back just now, else what it was. A choice for another target is
 * forgotten: who comes back to that one is asked again.
 */
export function keptChoice(profile: Profile, chosenNow: boolean | undefined): AcceptedTarget {
  if (chosenNow === true) return superuserTarget(connectionOf(profile));
  return chosenNow === undefined && acceptsSuperuser(profile) ? profile.superuserAccepted : null;
}
