import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretTarget } from '../../../src/main/workspace/secrets';
import { KeyringHome, missingForKeyring } from './keyring-session';

const missing = missingForKeyring();
const required = (process.env.LITEMAAS_REQUIRE ?? '').split(',').includes('keyring');

const target: SecretTarget = {
  kind: 'database',
  host: 'db.example.org',
  port: 5432,
  user: 'ana',
  database: 'litemaas',
};
const status = { do: 'status' } as const;
const get = { do: 'get', target } as const;
const set = { do: 'set', target, value: 'pässwörd "quoted"' } as const;
const found = { state: 'found', value: set.value };

let home: KeyringHome;
beforeEach(async () => {
  home = await KeyringHome.make();
});
afterEach(async () => {
  await home.remove();
});

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describe.runIf(required)('the keyring that LITEMAAS_REQUIRE demands', () => {
  it('can be tested on this machine', () => {
    expect(missing).toBeNull();
  });
});

describe.skipIf(missing !== null)(`secrets in a real Secret Service (${missing ?? 'gnome-keyring'})`, () => {
  it('are protected, and found again by the next console in the next session', async () => {
    const [before, stored, sameSession] = await home.run('unlocked', [status, set, get]);
    expect(before?.result).toEqual({
      state: 'protected',
      backend: 'the desktop keyring (Secret Service)',
      message: 'Secrets are kept in the desktop keyring (Secret Service).',
    });
    expect(stored?.result).toEqual(before?.result);
    expect(sameSession?.result).toEqual(found);
    const [nextSession] = await home.run('unlocked', [get]);
    expect(nextSession?.result).toEqual(found);
  });

  it('are asked for again when the target changed, and replaced by the new one', async () => {
    await home.run('unlocked', [set]);
    for (const change of [
      { host: 'evil.example.org' },
      { port: 5433 },
      { user: 'bob' },
      { database: 'other' },
    ]) {
      const other = { ...target, ...change };
      const [reading] = await home.run('unlocked', [{ do: 'get', target: other }]);
      expect(reading?.result).toEqual({
        state: 'other-target',
        message: matching(/belongs to another host/),
      });
    }
    const moved = { ...target, host: 'new.example.org' };
    const [, atNew, atOld] = await home.run('unlocked', [
      { do: 'set', target: moved, value: 'new' },
      { do: 'get', target: moved },
      get,
    ]);
    expect(atNew?.result).toEqual({ state: 'found', value: 'new' });
    expect(atOld?.result).toMatchObject({ state: 'other-target' });
  });

  it('are gone after they were deleted', async () => {
    const [, deleted, reading] = await home.run('unlocked', [set, { do: 'delete', target }, get]);
    expect(deleted?.result).toBe('deleted');
    expect(reading?.result).toEqual({ state: 'absent' });
    const [later] = await home.run('unlocked', [get]);
    expect(later?.result).toEqual({ state: 'absent' });
  });

  it('say that the keyring is locked, stay in memory, and are still there once it is unlocked', async () => {
    await home.run('unlocked', [set]);
    const [locked, reading, stored, fromMemory, deleted] = await home.run('locked', [
      status,
      get,
      { ...set, value: 'typed again' },
      get,
      { do: 'delete', target },
    ]);
    expect(locked?.result).toEqual({
      state: 'memory',
      backend: 'memory',
      message: matching(/keyring \(Secret Service\) is locked\. .* in memory until you quit/),
    });
    expect(reading?.result).toEqual({ state: 'unreadable', message: matching(/is locked/) });
    expect(stored?.result).toMatchObject({ state: 'memory', message: matching(/is locked/) });
    expect(fromMemory?.result).toEqual({ state: 'found', value: 'typed again' });
    expect(deleted?.result).toMatch(/may still be stored: .* is locked/);
    const [unlocked] = await home.run('unlocked', [get]);
    expect(unlocked?.result).toEqual(found);
  });

  it('do not wait for ever for a keyring that waits for its prompt, and wait only once', async () => {
    const results = await home.run('silent', [status, get, set, get, status], 1_000);
    const [first, reading, stored, fromMemory] = results;
    expect(first?.result).toMatchObject({
      state: 'memory',
      message: matching(/is locked: it did not answer within 1 s/),
    });
    expect(first?.elapsedMs).toBeLessThan(2_500);
    expect(reading?.result).toMatchObject({ state: 'unreadable', message: matching(/is locked/) });
    expect(stored?.result).toMatchObject({ state: 'memory' });
    expect(fromMemory?.result).toEqual(found);
    for (const { elapsedMs } of results.slice(1)) expect(elapsedMs).toBeLessThan(500);
  });

  it('say that the keyring refuses, and stay in memory', async () => {
    const [refused, reading, stored, fromMemory] = await home.run('refusing', [status, get, set, get]);
    expect(refused?.result).toMatchObject({
      state: 'memory',
      message: matching(/refused access to LiteMaaS Console/),
    });
    expect(reading?.result).toMatchObject({ state: 'unreadable', message: matching(/refused access/) });
    expect(stored?.result).toMatchObject({ state: 'memory' });
    expect(fromMemory?.result).toEqual(found);
  });

  it.each(['no-session', 'no-service'] as const)(
    'say that there is no keyring (%s), and stay in memory',
    async (keyring) => {
      const [absent, reading, stored, fromMemory, deleted] = await home.run(keyring, [
        status,
        get,
        set,
        get,
        { do: 'delete', target },
      ]);
      expect(absent?.result).toEqual({
        state: 'memory',
        backend: 'memory',
        message: matching(/^There is no keychain here: .* in memory until you quit/),
      });
      expect(reading?.result).toEqual({ state: 'absent' });
      expect(stored?.result).toMatchObject({ state: 'memory' });
      expect(fromMemory?.result).toEqual(found);
      expect(deleted?.result).toBe('deleted');
    },
  );
});
