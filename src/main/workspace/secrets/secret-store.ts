/** What a secret opens. A secret is bound to it: for another target it is asked for again. */
export type SecretTarget =
  | {
      readonly kind: 'database';
      /** Host name, or the folder of the socket. */
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly database: string;
    }
  | { readonly kind: 'proxy'; /** `https://host:port` */ readonly origin: string };

export interface SecretReference {
  readonly profileId: string;
  readonly target: SecretTarget;
}

/**
 * What reading a secret found. Never an error: a secret that can't be read is asked for again, and its profile
 * stays. `message` says in plain words why it has to be asked for.
 */
export type SecretReading =
  | { readonly state: 'found'; readonly value: string }
  | { readonly state: 'absent' }
  | { readonly state: 'other-target'; readonly message: string }
  | { readonly state: 'unreadable'; readonly message: string };

export interface SecretStoreStatus {
  /** `protected`: by the operating system; `weak`: on disk, readable by who reads the file; `memory`: until quit. */
  readonly state: 'protected' | 'memory' | 'weak';
  /** Names the backend: "Secret Service (keytar)", "memory". */
  readonly backend: string;
  /** What that means for the person, and why nothing better is used. */
  readonly message: string;
}

export interface SecretStore {
  status(): Promise<SecretStoreStatus>;
  get(reference: SecretReference): Promise<SecretReading>;
  /**
   * Keeps the secret in the best place there is and answers which; never fails, at worst it is kept in memory
   * until quit, and moves to the keychain as soon as that can be used.
   */
  set(reference: SecretReference, value: string): Promise<SecretStoreStatus>;
  /** Forgets the profile's secret of this kind. Throws `secret_store` when a place that may hold it can't be reached. */
  delete(reference: SecretReference): Promise<void>;
  /** Forgets all secrets of a profile, whatever their targets. Throws as `delete` does. */
  deleteAll(profileId: string): Promise<void>;
  /**
   * The person's consent to a store that protects nothing, given or taken back; kept over restarts. Taken back, what
   * such a store holds is no longer read.
   */
  allowUnprotected(allow: boolean): Promise<void>;
}
