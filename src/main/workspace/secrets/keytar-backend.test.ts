import { describe, expect, it, vi } from 'vitest';
import { createKeytarBackend, type Keytar } from './keytar-backend';

const never = <Result>(): Promise<Result> => new Promise<Result>(() => undefined);
const failing = (message: string): Keytar => ({
  getPassword: () => Promise.reject(new Error(message)),
  setPassword: () => Promise.reject(new Error(message)),
  deletePassword: () => Promise.reject(new Error(message)),
});
function working(): Keytar & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getPassword: (_, account) => Promise.resolve(kept.get(account) ?? null),
    setPassword: (_, account, password) => Promise.resolve(void kept.set(account, password)),
    deletePassword: (_, account) => Promise.resolve(kept.delete(account)),
  };
}
const backend = (keytar: Keytar, platform: NodeJS.Platform = 'linux', timeoutMs = 1_000) =>
  createKeytarBackend({ load: () => Promise.resolve(keytar), timeoutMs, platform });

describe('the keychain through keytar', () => {
  it('is not loaded before the first secret is asked for', async () => {
    const keytar = working();
    const load = vi.fn(() => Promise.resolve(keytar));
    const lazy = createKeytarBackend({ load });
    expect(load).not.toHaveBeenCalled();
    await lazy.read('entry');
    expect(load).toHaveBeenCalled();
  });

  it('says that the module is missing when it was not built', async () => {
    const missing = createKeytarBackend({ load: () => Promise.reject(new Error('Cannot find module')) });
    await expect(missing.probe()).rejects.toMatchObject({
      reason: 'absent',
      message: 'The keychain module (keytar) is not installed or was not built on this machine.',
    });
  });

  it('leaves nothing of its probe behind', async () => {
    const keytar = working();
    expect(await backend(keytar).probe()).toEqual({
      state: 'protected',
      name: 'the desktop keyring (Secret Service)',
    });
    expect(keytar.kept.size).toBe(0);
  });

  it('may be probed by many at once', async () => {
    const asked = backend(working());
    const served = { state: 'protected', name: 'the desktop keyring (Secret Service)' };
    const results = await Promise.all([asked.probe(), asked.probe(), asked.read('entry'), asked.probe()]);
    expect(results).toEqual([served, served, null, served]);
  });

  it('does not trust a keychain that forgets', async () => {
    await expect(
      backend({ ...working(), getPassword: () => Promise.resolve(null) }).probe(),
    ).rejects.toMatchObject({
      reason: 'failed',
    });
  });

  // The sentences of the operating systems: libsecret, D-Bus, macOS, Windows.
  it.each([
    ['linux', 'Cannot autolaunch D-Bus without X11 $DISPLAY', 'absent'],
    ['linux', 'The name org.freedesktop.secrets was not provided by any .service files', 'absent'],
    ['linux', 'Could not connect: No such file or directory', 'absent'],
    ['linux', 'Could not connect: Connection refused', 'absent'],
    ['linux', 'Cannot create an item in a locked collection', 'locked'],
    ['linux', 'Rejected send message, 2 matched rules; type="method_call"', 'refused'],
    ['darwin', 'User interaction is not allowed.', 'locked'],
    ['darwin', 'User canceled the operation.', 'refused'],
    ['win32', 'Access is denied.', 'refused'],
    ['linux', 'Something else', 'failed'],
  ] as const)('on %s takes "%s" for %s', async (platform, said, reason) => {
    await expect(backend(failing(said), platform).write('entry', 'value')).rejects.toMatchObject({ reason });
  });

  it('has another message for each of absent, locked and refused', async () => {
    const messages = await Promise.all(
      ['Cannot autolaunch D-Bus', 'locked collection', 'Access is denied.'].map((said) =>
        backend(failing(said))
          .probe()
          .then(
            () => '',
            (error: unknown) => (error instanceof Error ? error.message : ''),
          ),
      ),
    );
    expect(new Set(messages).size).toBe(3);
    expect(messages).not.toContain('');
  });

  it('asks one thing at a time', async () => {
    let running = 0;
    let most = 0;
    const slow: Keytar = {
      ...working(),
      getPassword: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
        return 'value';
      },
    };
    const asked = backend(slow);
    await Promise.all(['a', 'b', 'c'].map((entry) => asked.read(entry)));
    expect(most).toBe(1);
  });

  it('waits only so long, answers the next at once, and works again when the prompt was answered', async () => {
    let answer: (value: string) => void = () => undefined;
    const calls: string[] = [];
    const prompting: Keytar = {
      ...working(),
      getPassword: (_, account) => {
        calls.push(account);
        return calls.length === 1 ? new Promise((resolve) => (answer = resolve)) : Promise.resolve('value');
      },
    };
    const asked = backend(prompting, 'linux', 1_000);
    await expect(asked.read('first')).rejects.toMatchObject({ reason: 'locked' });
    const startedAt = performance.now();
    await expect(asked.read('second')).rejects.toMatchObject({ reason: 'locked' });
    expect(performance.now() - startedAt).toBeLessThan(900);
    answer('late');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await asked.read('third')).toBe('value');
    // Who was told "locked" did not get through behind their back.
    expect(calls).toEqual(['first', 'third']);
  });

  it('does not carry out what was waiting behind a call that timed out', async () => {
    const setPassword = vi.fn(() => Promise.resolve());
    const asked = backend({ ...working(), getPassword: never, setPassword }, 'linux', 50);
    const results = await Promise.allSettled([asked.read('first'), asked.write('second', 'value')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(setPassword).not.toHaveBeenCalled();
  });
});
