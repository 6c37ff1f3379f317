import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errnoOf, writeFileAtomically } from '../../files/atomic-file';
import { SecretBackendError, type SecretBackend } from './secret-backend';
import { say } from '../../kernel/say';

/** Electron's asynchronous safeStorage as the desktop host injects it; nothing here knows Electron. */
export interface SafeStorageBackend {
  isAvailable(): Promise<boolean>;
  /** What encrypts: on Linux `gnome_libsecret`, `kwallet5`, `basic_text`, `unknown`; `keychain`, `dpapi` elsewhere. */
  backendName(): Promise<string>;
  encrypt(plainText: string): Promise<Uint8Array>;
  /** `shouldReEncrypt`: the key was rotated, the ciphertext is to be written anew. */
  decrypt(cipherText: Uint8Array): Promise<{ readonly plainText: string; readonly shouldReEncrypt: boolean }>;
}

const entrySchema = z.object({ backend: z.string(), cipherText: z.base64() });
const fileSchema = z.object({ version: z.literal(1), entries: z.record(z.string(), entrySchema) });
type Entries = z.infer<typeof fileSchema>['entries'];

/** These encrypt with a password that everybody knows: whoever can read the file can read the secret. */
const weakBackends = ['basic_text', 'unknown', ''];
const timeoutMs = 8_000;

/**
 * Secrets as ciphertext in `secrets.json` (0600, written atomically) of the data folder. A backend that does not
 * protect is used only while `allowWeak()` says that the person consented. Each entry names what encrypted it.
 */
export function createSafeStorageFile(options: {
  readonly dataFolder: string;
  readonly safeStorage: SafeStorageBackend;
  readonly allowWeak: () => boolean;
}): SecretBackend {
  const { safeStorage } = options;
  const path = join(options.dataFolder, 'secrets.json');
  let pending: Promise<unknown> = Promise.resolve();

  /** Changes run one after the other: each reads what the one before has written. */
  const change = (edit: (entries: Entries) => void): Promise<void> => {
    const result = pending.then(async () => {
      const entries = await readEntries(path);
      edit(entries);
      await writeFileAtomically(path, `${JSON.stringify({ version: 1, entries }, null, 2)}\n`);
    });
    pending = result.catch(() => undefined);
    return result.catch((cause: unknown) => {
      throw failure(say('secrets.fileNotWritten', { path }), cause);
    });
  };

  const usable = async (): Promise<{ state: 'protected' | 'weak'; backend: string }> => {
    const [available, backend] = await bounded(
      Promise.all([safeStorage.isAvailable(), safeStorage.backendName()]),
    );
    if (!available) {
      throw new SecretBackendError('absent', say('secrets.nothingEncrypts'));
    }
    if (!weakBackends.includes(backend)) return { state: 'protected', backend };
    if (options.allowWeak()) return { state: 'weak', backend };
    throw new SecretBackendError('weak', say('secrets.needsConsent'));
  };

  const write = async (name: string, sealed: string): Promise<void> => {
    const { backend } = await usable();
    const cipherText = Buffer.from(await bounded(safeStorage.encrypt(sealed))).toString('base64');
    await change((entries) => {
      entries[name] = { backend, cipherText };
    });
  };

  return {
    probe: async () => {
      const { state, backend } = await usable();
      const value = `probe ${new Date().toISOString()}`;
      const { plainText } = await bounded(
        safeStorage.encrypt(value).then((cipher) => safeStorage.decrypt(cipher)),
      );
      if (plainText !== value) throw new SecretBackendError('failed', say('secrets.encryptionBroken'));
      return { state, name: `Electron safeStorage (${backend})` };
    },
    read: async (name) => {
      const entry = (await readEntries(path))[name];
      if (entry === undefined) return null;
      await usable();
      const { plainText, shouldReEncrypt } = await bounded(
        safeStorage.decrypt(Buffer.from(entry.cipherText, 'base64')),
      ).catch((cause: unknown) => {
        throw failure(say('secrets.notDecrypted', { backend: entry.backend }), cause);
      });
      if (shouldReEncrypt) await write(name, plainText);
      return plainText;
    },
    write,
    remove: async (name) => {
      if ((await readEntries(path))[name] === undefined) return;
      await change((entries) => {
        // Built from the file's own entries: the name is one of them.
        Reflect.deleteProperty(entries, name);
      });
    },
  };
}

/** A damaged file holds nothing that could be decrypted: it counts as empty, and each secret is asked for again. */
async function readEntries(path: string): Promise<Entries> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).entries;
  } catch (error) {
    const code = errnoOf(error);
    if (code !== undefined && code !== 'ENOENT') throw failure(say('secrets.fileNotRead', { path }), error);
    return {};
  }
}

async function bounded<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new SecretBackendError(
          'locked',
          say('secrets.electronLocked', { seconds: String(timeoutMs / 1000) }),
        ),
      );
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function failure(what: string, cause: unknown): SecretBackendError {
  if (cause instanceof SecretBackendError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SecretBackendError('failed', `${what}: ${reason}.`, { cause });
}
