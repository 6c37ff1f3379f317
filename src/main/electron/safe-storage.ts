import type { SafeStorage } from 'electron';
import type { SafeStorageBackend } from '../console';

type AsyncSafeStorage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

/** Electron's asynchronous safeStorage as the secret store asks for it. Use it after the app is ready. */
export function safeStorageBackend(
  safeStorage: AsyncSafeStorage,
  platform: NodeJS.Platform,
): SafeStorageBackend {
  return {
    isAvailable: () => safeStorage.isAsyncEncryptionAvailable(),
    backendName: async () => {
      if (platform === 'darwin') return 'keychain';
      if (platform === 'win32') return 'dpapi';
      return linuxBackend(safeStorage);
    },
    encrypt: (plainText) => safeStorage.encryptStringAsync(plainText),
    decrypt: async (cipherText) => {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(cipherText));
      return { plainText: result, shouldReEncrypt };
    },
  };
}

/**
 * On Linux the asynchronous API is "available" even when it falls back to Chromium's built-in password, and the
 * selected backend speaks of the synchronous one. What really encrypts is in the ciphertext's first three bytes:
 * v10 is the built-in password, v11 the Secret Service or KWallet, v12 the desktop portal.
 */
async function linuxBackend(safeStorage: AsyncSafeStorage): Promise<string> {
  const probe = await safeStorage.encryptStringAsync('probe');
  const version = Buffer.from(probe.subarray(0, 3)).toString('latin1');
  if (version === 'v10') return 'basic_text';
  if (version === 'v12') return 'secret_portal';
  if (version !== 'v11') return 'unknown';
  const selected = safeStorage.getSelectedStorageBackend();
  return /^(?:gnome_libsecret|kwallet\d?)$/.test(selected) ? selected : 'secret_service';
}
