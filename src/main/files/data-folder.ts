import { access, constants, mkdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, posix, win32 } from 'node:path';
import { AppError } from '../../shared/errors';
import { errnoOf } from './atomic-file';
import { say } from '../kernel/say';

/** Root's own data folder is private to root; the server runs as another account and needs a place it can reach. */
const serverFolderForRoot = '/var/lib/litemaas-console';

/** Where the console keeps what is its own; the same for the desktop and for browser mode. */
export interface DataFolder {
  /** Profiles, secrets' ciphertext, console lock. */
  readonly path: string;
  /** The local PostgreSQL server's folder: inside `path`, for root in /var/lib unless LITEMAAS_DATA_DIR is set. */
  readonly serverFolder: string;
}

export interface DataFolderContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeFolder: string;
  /** 0 is root; undefined on Windows. */
  readonly userId: number | undefined;
}

/**
 * Finds the data folder without touching the disk: `LITEMAAS_DATA_DIR`, else the platform's place for a
 * program's data. Throws `validation` when `LITEMAAS_DATA_DIR` is not an absolute path (a relative one would
 * mean another folder for every way of starting).
 */
export function resolveDataFolder(context: DataFolderContext): DataFolder {
  const chosen = context.environment.LITEMAAS_DATA_DIR;
  if (chosen !== undefined && chosen !== '') {
    if (!(context.platform === 'win32' ? win32.isAbsolute(chosen) : isAbsolute(chosen))) {
      throw new AppError('validation', say('workspace.dataFolder.relative', { path: chosen }), {
        hint: say('workspace.dataFolder.relativeHint'),
      });
    }
    return { path: chosen, serverFolder: join(chosen, 'postgres') };
  }
  const path = platformFolder(context);
  return { path, serverFolder: context.userId === 0 ? serverFolderForRoot : join(path, 'postgres') };
}

function platformFolder({ environment, platform, homeFolder }: DataFolderContext): string {
  if (platform === 'win32') {
    return win32.join(
      environment.APPDATA ?? win32.join(homeFolder, 'AppData', 'Roaming'),
      'LiteMaaS Console',
    );
  }
  if (platform === 'darwin') {
    return posix.join(homeFolder, 'Library', 'Application Support', 'LiteMaaS Console');
  }
  const dataHome = environment.XDG_DATA_HOME;
  // The XDG specification says that a relative path is invalid and to be ignored.
  const base =
    dataHome !== undefined && isAbsolute(dataHome) ? dataHome : posix.join(homeFolder, '.local', 'share');
  return posix.join(base, 'litemaas-console');
}

/**
 * Makes the data folder if it is not there, readable by nobody else (0700), and answers its real path.
 * Throws `internal` naming the folder and what stands in the way of making it or of writing there.
 */
export async function createDataFolder(folder: DataFolder): Promise<DataFolder> {
  try {
    await mkdir(folder.path, { recursive: true, mode: 0o700 });
    // Symbolic links are resolved once, so that two consoles that came by different ways meet at one lock file.
    const path = await realpath(folder.path);
    await access(path, constants.W_OK | constants.X_OK);
    const inside = folder.serverFolder === join(folder.path, 'postgres');
    return { path, serverFolder: inside ? join(path, 'postgres') : folder.serverFolder };
  } catch (error) {
    throw new AppError(
      'internal',
      say('workspace.dataFolder.cannotMake', { path: folder.path, reason: describeErrno(error) }),
      {
        hint: say('workspace.dataFolder.cannotMakeHint'),
        cause: error,
      },
    );
  }
}

function describeErrno(error: unknown): string {
  const reasons: Record<string, string> = {
    EACCES: say('workspace.dataFolder.noPermission'),
    EPERM: say('workspace.dataFolder.noPermission'),
    EROFS: say('workspace.dataFolder.readOnly'),
    ENOSPC: say('workspace.dataFolder.full'),
    ENOTDIR: say('workspace.dataFolder.partIsFile'),
    EEXIST: say('workspace.dataFolder.inTheWay'),
  };
  const code = errnoOf(error);
  return (
    (code === undefined ? undefined : reasons[code]) ??
    (error instanceof Error ? error.message : say('workspace.dataFolder.unknown'))
  );
}
