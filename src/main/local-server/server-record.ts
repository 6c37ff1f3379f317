import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { errnoOf, writeFileAtomically } from '../files/atomic-file';
import { currentProcess, isAlive, type ProcessIdentity } from '../files/process-identity';

const identity = z.object({ pid: z.int().positive(), startedAt: z.string() });
const recordSchema = z.object({
  version: z.literal(1),
  /** Kept from start to start while it is free. */
  port: z.int().min(1).max(65_535),
  /** The console that stops the server when it quits; see {@link ownsServer}. */
  owner: identity.nullable(),
});

export interface ServerRecord {
  readonly port: number;
  readonly owner: ProcessIdentity | null;
}

/** Null when there is none or it is damaged: nothing in it can't be found again. */
export async function readServerRecord(path: string): Promise<ServerRecord | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { port, owner } = recordSchema.parse(JSON.parse(text));
    return { port, owner };
  } catch {
    return null;
  }
}

export async function writeServerRecord(path: string, record: ServerRecord): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify({ version: 1, ...record }, null, 2)}\n`);
}

/** The console other than this one that started the running server and is still open; else null. */
export async function otherOwner(record: ServerRecord | null): Promise<ProcessIdentity | null> {
  const owner = record?.owner ?? null;
  if (owner === null || !(await isAlive(owner))) return null;
  const own = await currentProcess();
  return owner.pid === own.pid && owner.startedAt === own.startedAt ? null : owner;
}

/** True when this console started the server (or found it without a living owner and took it over). */
export async function ownsServer(record: ServerRecord | null): Promise<boolean> {
  const own = await currentProcess();
  return record?.owner?.pid === own.pid && record.owner.startedAt === own.startedAt;
}
