import { SecretBackendError, type SecretBackend } from './secret-backend';
import { say } from '../../kernel/say';

/** Under this name the entries stand in the keychain. Never renamed: that would orphan every stored secret. */
export const keychainService = 'LiteMaaS Console';
/** One per console: two that probe at once must not read each other's. */
const probeName = `probe ${String(process.pid)}`;
/** A locked keychain may wait for a prompt for ever; nobody is kept waiting longer than this. */
const defaultTimeoutMs = 8_000;

/** The part of keytar that is used. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/**
 * The operating system's keychain through keytar, loaded on first use: an optional package, unmaintained, and
 * impossible to build on some machines. Calls go one at a time, because each blocks a thread of Node's small
 * pool; while one waits for a prompt the others answer "locked" at once.
 */
export function createKeytarBackend(
  options: { load?: () => Promise<Keytar>; timeoutMs?: number; platform?: NodeJS.Platform } = {},
): SecretBackend {
  const { load = loadKeytar, timeoutMs = defaultTimeoutMs, platform = process.platform } = options;
  const name = keychainName(platform);
  let queue: Promise<void> = Promise.resolve();
  /** True while a call that nobody waits for any more still sits in the keychain. */
  let stuck = false;

  const ask = async <Result>(question: (keytar: Keytar) => Promise<Result>): Promise<Result> => {
    const keytar = await load().catch((cause: unknown) => {
      throw notBuilt(cause);
    });
    if (stuck) throw prompting(name, timeoutMs);
    let late = false;
    let begun = false;
    const answer = queue.then(() => {
      // A question whose asker was already told "locked" is not put after all, once the keychain opens.
      if (late || stuck) throw prompting(name, timeoutMs);
      begun = true;
      return question(keytar);
    });
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    queue = settled;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        late = true;
        if (begun) {
          stuck = true;
          const forget = letProcessEnd();
          void settled.then(() => {
            stuck = false;
            forget();
          });
        }
        reject(prompting(name, timeoutMs));
      }, timeoutMs);
    });
    try {
      return await Promise.race([answer, timeout]);
    } catch (error) {
      throw error instanceof SecretBackendError ? error : classify(error, name);
    } finally {
      clearTimeout(timer);
    }
  };

  const probeOnce = async (): Promise<{ state: 'protected'; name: string }> => {
    // Only writing shows a locked keychain: reading what is in it or not answers "nothing" either way.
    const value = `probe ${new Date().toISOString()}`;
    await ask((keytar) => keytar.setPassword(keychainService, probeName, value));
    const read = await ask((keytar) => keytar.getPassword(keychainService, probeName));
    await ask((keytar) => keytar.deletePassword(keychainService, probeName));
    if (read !== value) {
      throw new SecretBackendError('failed', say('secrets.notGivenBack', { keychain: sentence(name) }));
    }
    return { state: 'protected', name };
  };
  let probing: ReturnType<typeof probeOnce> | undefined;
  const probe = (): ReturnType<typeof probeOnce> => {
    probing ??= probeOnce().finally(() => {
      probing = undefined;
    });
    return probing;
  };

  return {
    probe,
    read: async (entry) => {
      const sealed = await ask((keytar) => keytar.getPassword(keychainService, entry));
      if (sealed === null) await probe();
      return sealed;
    },
    write: (entry, sealed) => ask((keytar) => keytar.setPassword(keychainService, entry, sealed)),
    remove: async (entry) => {
      const removed = await ask((keytar) => keytar.deletePassword(keychainService, entry));
      if (!removed) await probe();
    },
  };
}

/**
 * Before it exits Node waits for the threads of its pool, so a call that sits in the keychain would keep a console
 * that was quit alive until somebody answers the prompt. Everything is closed when `exit` comes: it ends at once.
 * Answers how to take that back.
 */
function letProcessEnd(): () => void {
  const end = (): void => {
    process.kill(process.pid, 'SIGKILL');
  };
  process.once('exit', end);
  return () => process.off('exit', end);
}

async function loadKeytar(): Promise<Keytar> {
  const loaded = await import('keytar');
  return loaded.default;
}

function keychainName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return say('secrets.keychains.macos');
  return platform === 'win32' ? say('secrets.keychains.windows') : say('secrets.keychains.desktop');
}

function notBuilt(cause: unknown): SecretBackendError {
  return new SecretBackendError('absent', say('secrets.notBuilt'), { cause });
}

function prompting(name: string, timeoutMs: number): SecretBackendError {
  return new SecretBackendError(
    'locked',
    say('secrets.prompting', { keychain: sentence(name), seconds: String(timeoutMs / 1000) }),
  );
}

/** keytar passes on the operating system's sentence and no code. */
function classify(error: unknown, name: string): SecretBackendError {
  const said = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  if (absentSigns.test(said)) {
    return new SecretBackendError('absent', say('secrets.absent', { keychain: name }), options);
  }
  if (lockedSigns.test(said)) {
    return new SecretBackendError('locked', say('secrets.locked', { keychain: sentence(name) }), options);
  }
  if (refusedSigns.test(said)) {
    return new SecretBackendError('refused', say('secrets.refused', { keychain: sentence(name) }), options);
  }
  return new SecretBackendError(
    'failed',
    say('secrets.failed', { keychain: sentence(name), said: said.slice(0, 200) }),
    options,
  );
}

const absentSigns =
  /autolaunch D-Bus|ServiceUnknown|not provided by any \.service|NoServer|Could not connect|Connection refused|No such file or directory|NameHasNoOwner|Failed to execute child process|exited with status/i;
const lockedSigns = /locked|interaction is not allowed|errSecInteractionNotAllowed|prompt was dismissed/i;
const refusedSigns =
  /AccessDenied|access denied|denied|not allowed|rejected|user canceled|cancelled|not permitted/i;

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
