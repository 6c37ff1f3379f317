import { describe, expect, it } from 'vitest';
import { safeStorageBackend } from './safe-storage';

type Selected = 'basic_text' | 'gnome_libsecret' | 'kwallet6' | 'unknown';

function fake(version: string, selected: Selected = 'unknown') {
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(version + text)),
    decryptStringAsync: (cipher: Buffer) =>
      Promise.resolve({ result: cipher.toString().slice(3), shouldReEncrypt: true }),
    getSelectedStorageBackend: () => selected,
  };
}

describe('what encrypts', () => {
  it.each([
    ['v10', 'gnome_libsecret', 'basic_text'],
    ['v11', 'gnome_libsecret', 'gnome_libsecret'],
    ['v11', 'kwallet6', 'kwallet6'],
    ['v11', 'basic_text', 'secret_service'],
    ['v12', 'unknown', 'secret_portal'],
    ['???', 'gnome_libsecret', 'unknown'],
  ] as const)(
    'is told on Linux by the ciphertext: %s with %s selected is %s',
    async (version, selected, name) => {
      expect(await safeStorageBackend(fake(version, selected), 'linux').backendName()).toBe(name);
    },
  );

  it('is the system’s own elsewhere', async () => {
    expect(await safeStorageBackend(fake('v10'), 'darwin').backendName()).toBe('keychain');
    expect(await safeStorageBackend(fake('v10'), 'win32').backendName()).toBe('dpapi');
  });
});

it('gives back what was encrypted, and whether the key has changed since', async () => {
  const backend = safeStorageBackend(fake('v11'), 'linux');
  const cipher = await backend.encrypt('pässwörd');
  expect(await backend.decrypt(new Uint8Array(cipher))).toEqual({
    plainText: 'pässwörd',
    shouldReEncrypt: true,
  });
});
