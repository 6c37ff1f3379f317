import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { channelBindings, tlsModes } from '../../shared/contract/workspace';
import { errnoOf, writeFileAtomically } from '../files/atomic-file';
import { waitForLock } from '../files/lock';

const fileVersion = 2;
const lockTimeoutMs = 10_000;

const litellmLink = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** The header that carries the key where a gateway in front of LiteLLM wants another than Authorization. */
  headerName: z.string().min(1),
  caFile: z.string().nullable(),
  /** URL of an HTTP proxy on the way, without credentials. */
  proxy: z.string().nullable(),
});

/** Everything about a workspace that is no secret. */
export const profileSchema = z.strictObject({
  id: z.guid(),
  name: z.string().trim().min(1).max(80),
  kind: z.enum(['local', 'server']),
  environmentLabel: z.string().max(40),
  colour: z.string().max(40),
  host: z.string().nullable(),
  port: z.int().min(1).max(65_535).nullable(),
  socketFolder: z.string().nullable(),
  database: z.string().min(1),
  user: z.string().min(1),
  tlsMode: z.enum(tlsModes),
  caFile: z.string().nullable(),
  clientCertificateFile: z.string().nullable(),
  clientKeyFile: z.string().nullable(),
  /** Profiles of earlier consoles have neither of the two. */
  channelBinding: z.enum(channelBindings).default('prefer'),
  weakSignInAllowed: z.boolean().default(false),
  access: z.enum(['read-only', 'administer']),
  litellm: litellmLink.nullable(),
  /** The users row that the operator is; null means the OS user. */
  operatorUserId: z.string().nullable(),
  reportingTimeZone: z.string().min(1),
  /** Profiles of earlier consoles don't have it. */
  runsDue: z.boolean().default(false),
  /** For which target the person chose to be a superuser where others have a hand in; another one asks again. */
  superuserAccepted: z
    .strictObject({ host: z.string(), port: z.int(), user: z.string(), database: z.string() })
    .nullable()
    .default(null),
  /** ISO 8601 in UTC with microseconds. */
  lastOpenedAt: z.string().nullable(),
});
export type Profile = z.infer<typeof profileSchema>;

/** Version 1 knew no client certificates. */
const firstProfileSchema = profileSchema
  .omit({ clientCertificateFile: true, clientKeyFile: true })
  .transform((profile): Profile => ({ ...profile, clientCertificateFile: null, clientKeyFile: null }));

const profilesFile = z.discriminatedUnion('version', [
  z.strictObject({ version: z.literal(fileVersion), profiles: z.array(profileSchema) }),
  z.strictObject({ version: z.literal(1), profiles: z.array(firstProfileSchema) }),
]);

export interface LoadedProfiles {
  readonly profiles: readonly Profile[];
  /** Name of the copy that was kept when the file was damaged or written by a newer console; else null. */
  readonly setAside: string | null;
}

/** The list of workspaces in the data folder. Holds no secrets; `LoadedProfiles.setAside` tells of a damaged file. */
export interface ProfileStore {
  load(): Promise<LoadedProfiles>;
  /** Adds the profile or replaces the one with its id. Throws a ZodError when it is not a valid profile. */
  save(profile: Profile): Promise<void>;
  /**
   * Changes these fields of a known profile and no others, whatever another console made of them meanwhile. A removed
   * profile stays removed. Throws as `save` does.
   */
  patch(profileId: string, changes: Partial<Omit<Profile, 'id'>>): Promise<void>;
  /** Answers whether there was one. */
  remove(profileId: string): Promise<boolean>;
}

/**
 * Opens the profile list `profiles.json` of a data folder. The app starts whatever is in the file: a damaged or
 * newer one counts as empty, and a copy of it stays beside it before anything is written in its place.
 * Two consoles may change the list at once: each change reads and writes under a lock file.
 */
export function openProfiles(dataFolder: string): ProfileStore {
  const path = join(dataFolder, 'profiles.json');
  let setAside: string | null = null;

  const read = async (): Promise<readonly Profile[]> => {
    const found = await readProfiles(path);
    setAside = found.setAside ?? setAside;
    return found.profiles;
  };
  const change = async (edit: (profiles: readonly Profile[]) => readonly Profile[]): Promise<boolean> => {
    const lock = await waitForLock(`${path}.lock`, { timeoutMs: lockTimeoutMs });
    try {
      const before = await read();
      const after = edit(before);
      if (after === before) return false;
      await writeFileAtomically(
        path,
        `${JSON.stringify({ version: fileVersion, profiles: after }, null, 2)}\n`,
      );
      return true;
    } finally {
      await lock.release();
    }
  };

  return {
    load: async () => ({ profiles: await read(), setAside }),
    save: async (profile) => {
      const checked = profileSchema.parse(profile);
      await change((profiles) => [...profiles.filter((existing) => existing.id !== checked.id), checked]);
    },
    patch: async (profileId, changes) => {
      await change((profiles) => {
        const known = profiles.find(({ id }) => id === profileId);
        if (known === undefined) return profiles;
        const patched = profileSchema.parse({ ...known, ...changes });
        return profiles.map((profile) => (profile === known ? patched : profile));
      });
    },
    remove: (profileId) =>
      change((profiles) => {
        const others = profiles.filter((existing) => existing.id !== profileId);
        return others.length === profiles.length ? profiles : others;
      }),
  };
}

/** The copy is named by its content: reading the same damaged file twice keeps one copy. */
async function readProfiles(path: string): Promise<LoadedProfiles> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { profiles: [], setAside: null };
    throw error;
  }
  const parsed = profilesFile.safeParse(parseJson(text));
  if (parsed.success) return { profiles: parsed.data.profiles, setAside: null };
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const copy = `${path.slice(0, -'.json'.length)}-unreadable-${fingerprint}.json`;
  await writeFileAtomically(copy, text);
  return { profiles: [], setAside: basename(copy) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
