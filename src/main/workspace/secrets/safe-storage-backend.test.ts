import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSafeStorageFile, type SafeStorageBackend } from './safe-storage-backend';

let dataFolder: string;
let file: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'litemaas-safe-storage-'));
  file = join(dataFolder, 'secrets.json');
});
afterEach(async () => {
  await rm(dataFolder, { recursive: true });
});

const scramble = (text: string): string => Array.from(text).reverse().join('');

/** Electron's asynchronous safeStorage as its documentation describes it; `key` can be rotated by a test. */
function safeStorage(name = 'gnome_libsecret', available = true) {
  const state = { key: 1, name, available };
  const backend: SafeStorageBackend = {
    isAvailable: () => Promise.resolve(state.available),
    backendName: () => Promise.resolve(state.name),
    encrypt: (plainText) => Promise.resolve(Buffer.from(`${String(state.key)}:${scramble(plainText)}`)),
    decrypt: (cipherText) => {
      const [key = '', ...text] = Buffer.from(cipherText).toString().split(':');
      if (Number(key) > state.key) return Promise.reject(new Error('Error while decrypting the ciphertext'));
      const plainText = scramble(text.join(':'));
      return Promise.resolve({ plainText, shouldReEncrypt: Number(key) < state.key });
    },
  };
  return { ...backend, state };
}
const open = (storage: SafeStorageBackend, consent = false) =>
  createSafeStorageFile({ dataFolder, safeStorage: storage, allowWeak: () => consent });

describe('secrets encrypted by Electron', () => {
  it('lie in a private file as ciphertext and are found again', async () => {
    const storage = safeStorage();
    expect(await open(storage).probe()).toEqual({
      state: 'protected',
      name: 'Electron safeStorage (gnome_libsecret)',
    });
    await open(storage).write('profile/database', 'top secret');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain('top secret');
    expect(await open(storage).read('profile/database')).toBe('top secret');
    expect(await open(storage).read('other')).toBeNull();
    expect(await readdir(dataFolder)).toEqual(['secrets.json']);
  });

  it('survive changes at the same time, and go alone when removed', async () => {
    const backend = open(safeStorage());
    await Promise.all(['a', 'b', 'c'].map((name) => backend.write(name, `value ${name}`)));
    await backend.remove('b');
    await backend.remove('never there');
    expect(await Promise.all(['a', 'b', 'c'].map((name) => backend.read(name)))).toEqual([
      'value a',
      null,
      'value c',
    ]);
  });

  it.each(['basic_text', 'unknown'])('are not kept by %s without consent', async (name) => {
    const storage = safeStorage(name);
    await expect(open(storage).probe()).rejects.toMatchObject({ reason: 'weak' });
    await expect(open(storage).write('entry', 'top secret')).rejects.toMatchObject({ reason: 'weak' });
    expect(await readdir(dataFolder)).toEqual([]);
  });

  it('are kept by basic_text with consent, and called weak', async () => {
    const storage = safeStorage('basic_text');
    expect(await open(storage, true).probe()).toMatchObject({ state: 'weak' });
    await open(storage, true).write('entry', 'top secret');
    expect(await open(storage, true).read('entry')).toBe('top secret');
    await expect(open(storage).read('entry')).rejects.toMatchObject({ reason: 'weak' });
  });

  it('are not kept where encryption is not available', async () => {
    await expect(open(safeStorage('gnome_libsecret', false)).probe()).rejects.toMatchObject({
      reason: 'absent',
    });
  });

  it('are written anew when the key was rotated', async () => {
    const storage = safeStorage();
    await open(storage).write('entry', 'top secret');
    storage.state.key = 2;
    const before = await readFile(file, 'utf8');
    expect(await open(storage).read('entry')).toBe('top secret');
    expect(await readFile(file, 'utf8')).not.toBe(before);
    expect(await open(storage).read('entry')).toBe('top secret');
  });

  it('that can’t be decrypted say what encrypted them, and stay in the file', async () => {
    const storage = safeStorage();
    storage.state.key = 5;
    await open(storage).write('entry', 'top secret');
    storage.state.key = 4;
    await expect(open(storage).read('entry')).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringContaining('encrypted with gnome_libsecret') as unknown,
    });
    storage.state.key = 5;
    expect(await open(storage).read('entry')).toBe('top secret');
  });

  it.each(['', '{', '{"version":9}'])(
    'are asked for again when the file is damaged (%j)',
    async (content) => {
      await writeFile(file, content);
      const backend = open(safeStorage());
      expect(await backend.read('entry')).toBeNull();
      await backend.write('entry', 'again');
      expect(await backend.read('entry')).toBe('again');
    },
  );
});
