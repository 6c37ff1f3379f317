import { connectionOf, databaseTarget } from './database-target';
import type { Profile } from './profiles';
import type { SecretStore } from './secrets';

/**
 * Does with a workspace's password what the person chose: stores the one that was typed, if any, or forgets the stored
 * one. Without a choice the store stays as it is.
 * @throws AppError `secret_store` when a place that may hold the password to forget can't be reached.
 */
export async function keepPassword(
  secrets: SecretStore,
  profile: Profile,
  password: string | undefined,
  remember: boolean | undefined,
): Promise<void> {
  const reference = { profileId: profile.id, target: databaseTarget(connectionOf(profile)) };
  if (remember === true && password !== undefined) await secrets.set(reference, password);
  // A keychain that was never asked to keep anything is not asked to forget it either.
  if (remember === false && (await secrets.get(reference)).state !== 'absent')
    await secrets.delete(reference);
}
