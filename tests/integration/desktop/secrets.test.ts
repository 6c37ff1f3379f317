import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../support/built-program';
import { type DesktopProgram, startDesktop } from '../../support/electron-stand-in/desktop-program';

let desktop: DesktopProgram;
beforeAll(ensureBuilt);
afterEach(() => desktop.stop());

/** No D-Bus: keytar finds no Secret Service, whatever runs on this machine. */
const noKeychain = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };

async function secretStore(encryption: string): Promise<unknown> {
  desktop = await startDesktop({ environment: { ...noKeychain, ELECTRON_STAND_IN_ENCRYPTION: encryption } });
  const answer = (await desktop.call('app', 'info', {})) as { value: { secretStore: unknown } };
  return answer.value.secretStore;
}

// Keytar speaks to another service on other systems.
describe.runIf(process.platform === 'linux')('secrets without a keychain', () => {
  it('go to safeStorage where it protects', async () => {
    expect(await secretStore('v11')).toMatchObject({
      state: 'protected',
      backend: expect.stringContaining('secret_service') as string,
    });
  });

  it('stay in memory where safeStorage only has Chromium’s built-in password', async () => {
    expect(await secretStore('v10')).toMatchObject({ state: 'memory' });
  });
});
