import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import type { Profile, ProfileStore } from './profiles';

/** The profile with this id. Throws `not_found` when another console removed it meanwhile. */
export async function findProfile(profiles: ProfileStore, id: string): Promise<Profile> {
  const found = (await profiles.load()).profiles.find((profile) => profile.id === id);
  if (found) return found;
  throw new AppError('not_found', say('workspace.profile.gone'), { hint: say('workspace.profile.goneHint') });
}
