import { describe, expect, it } from 'vitest';
import { createSecretStore } from './create-secret-store';
import { SecretBackendError, type SecretBackend, type UnavailableReason } from './secret-backend';
import type { SecretReference, SecretTarget } from './secret-store';

const database: SecretTarget = {
  kind: 'database',
  host: 'db',
  port: 5432,
  user: 'ana',
  database: 'litemaas',
};
const proxy: SecretTarget = { kind: 'proxy', origin: 'https://proxy.example.org' };
const reference = (target: SecretTarget, profileId = 'profile'): SecretReference => ({ profileId, target });

/** A backend over a map, whose trouble a test can switch on and off. */
function backend(name: string, state: 'protected' | 'weak' = 'protected') {
  const kept = new Map<string, string>();
  const trouble: { reason: UnavailableReason | null } = { reason: null };
  const work = <Result>(result: () => Result): Promise<Result> =>
    trouble.reason === null
      ? Promise.resolve(result())
      : Promise.reject(new SecretBackendError(trouble.reason, `${name} is ${trouble.reason}.`));
  const made: SecretBackend = {
    probe: () => work(() => ({ state, name })),
    read: (entry) => work(() => kept.get(entry) ?? null),
    write: (entry, sealed) => work(() => void kept.set(entry, sealed)),
    remove: (entry) => work(() => void kept.delete(entry)),
  };
  return { ...made, kept, trouble };
}

describe('the secret store', () => {
  it('without any backend keeps secrets until quit and says so', async () => {
    const store = createSecretStore([]);
    expect(await store.status()).toEqual({
      state: 'memory',
      backend: 'memory',
      message: 'Secrets are kept in memory until you quit and asked for again after that.',
    });
    await store.set(reference(database), 'secret');
    expect(await store.get(reference(database))).toEqual({ state: 'found', value: 'secret' });
    expect(await createSecretStore([]).get(reference(database))).toEqual({ state: 'absent' });
  });

  it('uses the first backend that serves, and nothing is in the second', async () => {
    const [first, second] = [backend('first'), backend('second')];
    const store = createSecretStore([first, second]);
    expect(await store.set(reference(database), 'secret')).toMatchObject({
      state: 'protected',
      backend: 'first',
    });
    expect(first.kept.size).toBe(1);
    expect(second.kept.size).toBe(0);
    expect(await createSecretStore([first, second]).get(reference(database))).toMatchObject({
      value: 'secret',
    });
  });

  it('passes to the next when one is absent, and says why in its own status', async () => {
    const [first, second] = [backend('first'), backend('second', 'weak')];
    first.trouble.reason = 'absent';
    const store = createSecretStore([first, second]);
    expect(await store.status()).toEqual({
      state: 'weak',
      backend: 'second',
      message: 'Secrets are kept in second, which does not protect them from whoever can read your files.',
    });
    second.trouble.reason = 'weak';
    expect((await createSecretStore([first, second]).status()).message).toMatch(
      /^first is absent\. second is weak\. /,
    );
  });

  it.each(['locked', 'refused', 'failed'] as const)(
    'does not pass to the next when one is %s',
    async (reason) => {
      const [first, second] = [backend('first'), backend('second')];
      first.trouble.reason = reason;
      const store = createSecretStore([first, second]);
      expect(await store.set(reference(database), 'secret')).toMatchObject({ state: 'memory' });
      expect((await store.status()).message).toMatch(new RegExp(`^first is ${reason}\\.`));
      expect(second.kept.size).toBe(0);
    },
  );

  it('moves what it had to keep in memory once the keychain is unlocked', async () => {
    const keychain = backend('keychain');
    keychain.trouble.reason = 'locked';
    const store = createSecretStore([keychain]);
    await store.set(reference(database), 'secret');
    keychain.trouble.reason = null;
    expect((await store.status()).state).toBe('protected');
    expect(await createSecretStore([keychain]).get(reference(database))).toMatchObject({ value: 'secret' });
    expect(await store.get(reference(database))).toMatchObject({ value: 'secret' });
  });

  it('keeps a secret in memory when the keychain locks between two writes', async () => {
    const keychain = backend('keychain');
    const store = createSecretStore([keychain]);
    await store.set(reference(database), 'one');
    keychain.trouble.reason = 'locked';
    expect(await store.set(reference(database), 'two')).toMatchObject({ state: 'memory' });
    expect(await store.get(reference(database))).toEqual({ state: 'found', value: 'two' });
    keychain.trouble.reason = null;
    await store.status();
    expect(await createSecretStore([keychain]).get(reference(database))).toEqual({
      state: 'found',
      value: 'two',
    });
  });

  it('finds what was written while another backend was the best there was', async () => {
    const [first, second] = [backend('first'), backend('second')];
    first.trouble.reason = 'absent';
    await createSecretStore([first, second]).set(reference(database), 'secret');
    first.trouble.reason = null;
    expect(await createSecretStore([first, second]).get(reference(database))).toMatchObject({
      value: 'secret',
    });
  });

  it('never fails on reading: it says in words why the secret is asked for', async () => {
    const keychain = backend('keychain');
    await createSecretStore([keychain]).set(reference(database), 'secret');
    const store = createSecretStore([keychain]);
    keychain.trouble.reason = 'locked';
    expect(await store.get(reference(database))).toEqual({
      state: 'unreadable',
      message: 'keychain is locked.',
    });
    keychain.trouble.reason = null;
    for (const [entry] of keychain.kept) keychain.kept.set(entry, 'not ours');
    expect(await store.get(reference(database))).toEqual({
      state: 'unreadable',
      message: 'The stored secret is damaged. Please enter it again.',
    });
  });

  it.each([
    [database, { ...database, host: 'other' }],
    [database, { ...database, port: 5433 }],
    [database, { ...database, user: 'bob' }],
    [database, { ...database, database: 'other' }],
    [proxy, { ...proxy, origin: 'http://proxy.example.org' }],
    [proxy, { ...proxy, origin: 'https://proxy.example.org:8443' }],
    [proxy, { ...proxy, origin: 'https://evil.example.org' }],
  ] as const)('asks again when %j became %j, on disk and in memory', async (before, after) => {
    const keychain = backend('keychain');
    for (const store of [createSecretStore([keychain]), createSecretStore([])]) {
      await store.set(reference(before), 'secret');
      const reading = await store.get(reference(after));
      expect(reading.state).toBe('other-target');
      expect(JSON.stringify(reading)).not.toContain('secret"');
      expect(await store.get(reference(before))).toMatchObject({ state: 'found' });
    }
  });

  it('takes the same target for the same, however it is written', async () => {
    const store = createSecretStore([]);
    await store.set(reference(database), 'one');
    await store.set(reference(proxy), 'two');
    expect(await store.get(reference({ ...database, host: 'DB' }))).toMatchObject({ value: 'one' });
    expect(
      await store.get(reference({ ...proxy, origin: 'https://PROXY.example.org:443/v1' })),
    ).toMatchObject({ value: 'two' });
  });

  it('keeps the secrets of two profiles and the two kinds of one apart', async () => {
    const store = createSecretStore([backend('keychain')]);
    await store.set(reference(database, 'a'), 'a-database');
    await store.set(reference(proxy, 'a'), 'a-proxy');
    await store.set(reference(database, 'b'), 'b-database');
    await store.delete(reference(database, 'a'));
    expect(await store.get(reference(database, 'a'))).toEqual({ state: 'absent' });
    expect(await store.get(reference(proxy, 'a'))).toMatchObject({ value: 'a-proxy' });
    expect(await store.get(reference(database, 'b'))).toMatchObject({ value: 'b-database' });
  });

  it('forgets everything of a profile, and nothing of another', async () => {
    const store = createSecretStore([backend('keychain')]);
    for (const profileId of ['a', 'b']) {
      for (const target of [database, proxy]) await store.set(reference(target, profileId), 'secret');
    }
    await store.deleteAll('a');
    for (const target of [database, proxy]) {
      expect(await store.get(reference(target, 'a'))).toEqual({ state: 'absent' });
      expect(await store.get(reference(target, 'b'))).toMatchObject({ state: 'found' });
    }
  });

  it('says when a deleted secret may still be stored, and not where nothing can be', async () => {
    const [first, second] = [backend('first'), backend('second')];
    first.trouble.reason = 'absent';
    second.trouble.reason = 'locked';
    await expect(createSecretStore([first, second]).delete(reference(database))).rejects.toMatchObject({
      code: 'secret_store',
      message: 'The secret may still be stored: second is locked.',
    });
    second.trouble.reason = null;
    await createSecretStore([first, second]).delete(reference(database));
  });
});
