import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretStore } from './create-secret-store';
import { createSafeStorageFile } from './safe-storage-backend';
import { openConsent } from './unprotected-consent';
import type { SecretReference, SecretStore } from './secret-store';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'litemaas-consent-'));
});
afterEach(() => rm(folder, { recursive: true }));

const reference: SecretReference = {
  profileId: 'profile',
  target: { kind: 'proxy', origin: 'https://proxy.example.org' },
};

/** A desktop whose safeStorage only has the password that everybody knows. */
function open(): SecretStore {
  const consent = openConsent(folder);
  const safeStorage = {
    isAvailable: () => Promise.resolve(true),
    backendName: () => Promise.resolve('basic_text'),
    encrypt: (text: string) => Promise.resolve(new TextEncoder().encode(text)),
    decrypt: (bytes: Uint8Array) =>
      Promise.resolve({ plainText: new TextDecoder().decode(bytes), shouldReEncrypt: false }),
  };
  const file = createSafeStorageFile({ dataFolder: folder, safeStorage, allowWeak: () => consent.isGiven() });
  return createSecretStore([file], consent);
}

describe('a store that protects nothing', () => {
  it('is used only after the person agreed, over restarts, and no more once they took it back', async () => {
    expect(await open().status()).toMatchObject({ state: 'memory' });
    const store = open();
    await store.set(reference, 'secret');
    await store.allowUnprotected(true);
    // What was in memory moves there.
    expect(await store.status()).toMatchObject({ state: 'weak' });
    expect(await open().get(reference)).toEqual({ state: 'found', value: 'secret' });

    await store.allowUnprotected(false);
    expect(await open().status()).toMatchObject({ state: 'memory' });
    expect(await open().get(reference)).toEqual({ state: 'absent' });
  });
});
