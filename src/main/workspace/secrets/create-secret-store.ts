import { AppError } from '../../../shared/errors';
import { SecretBackendError, type SecretBackend } from './secret-backend';
import { openRecord, sealRecord, secretName, secretNames } from './secret-record';
import type { Consent } from './unprotected-consent';
import type { SecretReading, SecretStore, SecretStoreStatus } from './secret-store';
import { say } from '../../kernel/say';

interface Choice {
  /** Null is memory. */
  readonly backend: SecretBackend | null;
  readonly status: SecretStoreStatus;
}

/**
 * The secret store over the backends in order of preference, and memory until quit when none of them serves.
 * A missing backend passes to the next; a locked or refusing one does not, because the secret has its place
 * there and a second copy elsewhere would grow stale. A success is kept; a failure is tried again next time,
 * since the person may have unlocked the keychain meanwhile.
 */
export function createSecretStore(
  backends: readonly SecretBackend[],
  consent: Consent = { isGiven: () => false, give: () => Promise.resolve() },
): SecretStore {
  const memory = new Map<string, string>();
  let chosen: Choice | undefined;

  const choose = async (): Promise<Choice> => {
    if (chosen !== undefined) return chosen;
    const choice = await firstUsable(backends);
    if (choice.backend === null) return choice;
    chosen = choice;
    // What had to stay in memory while the keychain was locked moves there now.
    for (const [name, sealed] of memory) {
      await choice.backend.write(name, sealed).then(
        () => memory.delete(name),
        () => undefined,
      );
    }
    return choice;
  };

  const remove = async (names: readonly string[]): Promise<void> => {
    const problems = new Set<string>();
    for (const name of names) {
      memory.delete(name);
      for (const backend of backends) {
        await backend.remove(name).catch((error: unknown) => {
          if (!isMissing(error)) problems.add(messageOf(error));
        });
      }
    }
    if (problems.size > 0) {
      throw new AppError('secret_store', say('secrets.maybeStored', { problems: [...problems].join(' ') }), {
        hint: say('secrets.maybeStoredHint'),
      });
    }
  };

  return {
    status: async () => (await choose()).status,

    get: async (reference) => {
      const name = secretName(reference);
      const remembered = memory.get(name);
      if (remembered !== undefined) return openRecord(reference.target, remembered);
      return readFrom(backends, name, (sealed) => openRecord(reference.target, sealed));
    },

    set: async (reference, value) => {
      const name = secretName(reference);
      const sealed = sealRecord(reference.target, value);
      const { backend, status } = await choose();
      memory.set(name, sealed);
      if (backend === null) return status;
      try {
        await backend.write(name, sealed);
        memory.delete(name);
        return status;
      } catch (error) {
        chosen = undefined;
        return memoryStatus(messageOf(error));
      }
    },

    delete: (reference) => remove([secretName(reference)]),
    deleteAll: (profileId) => remove(secretNames(profileId)),

    async allowUnprotected(allow) {
      await consent.give(allow);
      // Another place may be the best there is now.
      chosen = undefined;
    },
  };
}

async function firstUsable(backends: readonly SecretBackend[]): Promise<Choice> {
  const reasons: string[] = [];
  for (const backend of backends) {
    try {
      const { state, name } = await backend.probe();
      const message =
        state === 'protected'
          ? say('secrets.kept', { store: name })
          : say('secrets.keptUnprotected', { store: name });
      return { backend, status: { state, backend: name, message } };
    } catch (error) {
      reasons.push(messageOf(error));
      if (!isMissing(error)) break;
    }
  }
  return { backend: null, status: memoryStatus(reasons.join(' ')) };
}

function memoryStatus(reason: string): SecretStoreStatus {
  return { state: 'memory', backend: 'memory', message: say('secrets.memory', { reason }).trim() };
}

/** The first backend that has the secret answers; one that can't be asked is only mentioned if none has it. */
async function readFrom(
  backends: readonly SecretBackend[],
  name: string,
  open: (sealed: string) => SecretReading,
): Promise<SecretReading> {
  let problem: string | undefined;
  for (const backend of backends) {
    try {
      const sealed = await backend.read(name);
      if (sealed !== null) return open(sealed);
    } catch (error) {
      if (!isMissing(error)) problem ??= messageOf(error);
    }
  }
  return problem === undefined ? { state: 'absent' } : { state: 'unreadable', message: problem };
}

/** Nothing can have been stored where there is no backend. */
function isMissing(error: unknown): boolean {
  return error instanceof SecretBackendError && (error.reason === 'absent' || error.reason === 'weak');
}

function messageOf(error: unknown): string {
  if (error instanceof SecretBackendError) return error.message;
  return say('secrets.keychainFailed', { said: error instanceof Error ? error.message : String(error) });
}
