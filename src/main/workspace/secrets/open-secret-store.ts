import { createSecretStore } from './create-secret-store';
import { createKeytarBackend } from './keytar-backend';
import { createSafeStorageFile, type SafeStorageBackend } from './safe-storage-backend';
import type { SecretStore } from './secret-store';
import { openConsent } from './unprotected-consent';

/**
 * The console's secret store: the OS keychain through keytar, else Electron's safeStorage where the desktop
 * injects it, else memory until quit. Nothing is loaded or asked before the first secret is.
 * Storage that protects nothing is used only with the person's consent, which stands in the data folder.
 */
export function openSecretStore(options: {
  readonly dataFolder: string;
  readonly safeStorage?: SafeStorageBackend | undefined;
}): SecretStore {
  const { dataFolder, safeStorage } = options;
  const consent = openConsent(dataFolder);
  const backends = [createKeytarBackend()];
  if (safeStorage !== undefined) {
    backends.push(createSafeStorageFile({ dataFolder, safeStorage, allowWeak: () => consent.isGiven() }));
  }
  return createSecretStore(backends, consent);
}
