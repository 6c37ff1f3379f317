import { createSecretStore } from './create-secret-store';
import { createKeytarBackend } from './keytar-backend';
import { createSafeStorageFile, type SafeStorageBackend } from './safe-storage-backend';
import type { SecretStore } from './secret-store';

/**
 * The console's secret store: the OS keychain through keytar, else Electron's safeStorage where the desktop
 * injects it, else memory until quit. Nothing is loaded or asked before the first secret is.
 * `allowWeak` is the person's ticked consent to storage that protects nothing; false unless given.
 */
export function openSecretStore(options: {
  readonly dataFolder: string;
  readonly safeStorage?: SafeStorageBackend | undefined;
  readonly allowWeak?: (() => boolean) | undefined;
}): SecretStore {
  const { dataFolder, safeStorage, allowWeak = () => false } = options;
  const backends = [createKeytarBackend()];
  if (safeStorage !== undefined) {
    backends.push(createSafeStorageFile({ dataFolder, safeStorage, allowWeak }));
  }
  return createSecretStore(backends);
}
