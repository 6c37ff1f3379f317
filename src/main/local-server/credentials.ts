import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { errnoOf, writeFileAtomically } from '../files/atomic-file';

export const superuserName = 'postgres';
export const ownerName = 'litemaas';
export const databaseName = 'litemaas';

const credentialsSchema = z.strictObject({
  version: z.literal(1),
  superuserPassword: z.string().min(1),
  ownerPassword: z.string().min(1),
});

/**
 * The passwords of one cluster. They lie in a 0600 file beside its data and not in a keychain: whoever reads
 * that folder has the data anyway, and a keychain that forgets would lock the owner out.
 */
export interface Credentials {
  readonly superuserPassword: string;
  readonly ownerPassword: string;
}

export function newCredentials(): Credentials {
  const password = (): string => randomBytes(24).toString('base64url');
  return { superuserPassword: password(), ownerPassword: password() };
}

export async function writeCredentials(path: string, credentials: Credentials): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify({ version: 1, ...credentials }, null, 2)}\n`);
}

/** Null when the file is missing or damaged: the passwords are then set anew (see `reset-passwords`). */
export async function readCredentials(path: string): Promise<Credentials | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { superuserPassword, ownerPassword } = credentialsSchema.parse(JSON.parse(text));
    return { superuserPassword, ownerPassword };
  } catch {
    return null;
  }
}
