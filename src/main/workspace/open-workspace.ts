import type { Database } from '../postgres/database';
import type { Profile } from './profiles';
import type { SecretStore } from './secrets';

/** One open database with what is known about it: what area functions work on. */
export interface OpenWorkspace {
  readonly id: string;
  readonly profile: Profile;
  readonly database: Database;
  readonly secrets: SecretStore;
  /** IANA zone in which days and months of usage are cut. */
  readonly reportingTimeZone: string;
  /** Tells every screen that data changed; call after each write. */
  dataChanged(): void;
  /** Keeps in the profile, on this machine alone, how its LiteLLM is reached. */
  keepLitellm(litellm: Profile['litellm']): Promise<void>;
}
