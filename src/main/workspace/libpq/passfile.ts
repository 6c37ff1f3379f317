import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from './surroundings';

/** One line of libpq's password file; `*` stands for anything. */
export interface PassfileEntry {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** What a password is searched for; a field that is not known yet (undefined) may be anything. */
export interface PassfileQuestion {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
}

/** Where libpq looks for it: PGPASSFILE, else `~/.pgpass` (on Windows `postgresql\pgpass.conf`). */
export function passfilePath({ environment, homeFolder, platform }: Surroundings): string {
  const chosen = environment['PGPASSFILE'];
  if (chosen !== undefined && chosen !== '') return chosen;
  if (platform !== 'win32') return join(homeFolder, '.pgpass');
  return join(environment['APPDATA'] ?? join(homeFolder, 'AppData', 'Roaming'), 'postgresql', 'pgpass.conf');
}

/**
 * The entries of the password file. As with libpq a file that others may read is ignored, and so is one that cannot be
 * read: `problem` then says which.
 */
export async function readPassfile(surroundings: Surroundings): Promise<{
  readonly entries: readonly PassfileEntry[];
  readonly problem: 'permissions' | 'unreadable' | null;
}> {
  const path = passfilePath(surroundings);
  try {
    const found = await stat(path);
    if (!found.isFile()) return { entries: [], problem: 'unreadable' };
    if (surroundings.platform !== 'win32' && (found.mode & 0o077) !== 0) {
      return { entries: [], problem: 'permissions' };
    }
    return { entries: parsePassfile(await readFile(path, 'utf8')), problem: null };
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { entries: [], problem: isAbsent ? null : 'unreadable' };
  }
}

/** Reads `host:port:database:user:password` lines; `\:` and `\\` are escapes. Lines of another form are left out. */
export function parsePassfile(text: string): PassfileEntry[] {
  const entries: PassfileEntry[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    const fields = splitLine(line);
    const [host, port, database, user, password] = fields;
    if (password === undefined || password === '') continue;
    if (host === undefined || port === undefined || database === undefined || user === undefined) continue;
    entries.push({ host, port, database, user, password });
  }
  return entries;
}

/** The entry that libpq would take: the first whose four fields match. */
export function findEntry(
  entries: readonly PassfileEntry[],
  question: PassfileQuestion,
): PassfileEntry | undefined {
  return entries.find(
    ({ host, port, database, user }) =>
      matches(host, hostName(question.host)) &&
      matches(port, question.port === undefined ? undefined : String(question.port)) &&
      matches(database, question.database) &&
      matches(user, question.user),
  );
}

/** Folders that the usual builds of libpq call "localhost" in this file. */
const defaultSocketFolders = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

function hostName(host: string | undefined): string | undefined {
  return host !== undefined && defaultSocketFolders.includes(host) ? 'localhost' : host;
}

function matches(field: string, wanted: string | undefined): boolean {
  return field === '*' || wanted === undefined || field === wanted;
}

/** Five fields; the password is the rest of the line. A backslash stands before a colon or a backslash that is meant. */
function splitLine(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === ':' && fields.length < 4) {
      fields.push(field);
      field = '';
    } else if (character === '\\' && index + 1 < line.length) {
      index += 1;
      field += line.charAt(index);
    } else {
      field += character;
    }
  }
  return [...fields, field];
}
