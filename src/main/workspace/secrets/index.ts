export { openSecretStore } from './open-secret-store';
export type { SafeStorageBackend } from './safe-storage-backend';
export type {
  SecretReading,
  SecretReference,
  SecretStore,
  SecretStoreStatus,
  SecretTarget,
} from './secret-store';
