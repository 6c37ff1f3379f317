import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDataFolder, resolveDataFolder, type DataFolderContext } from './data-folder';

const isRoot = process.getuid?.() === 0;

const context = (changes: Partial<DataFolderContext>): DataFolderContext => ({
  environment: {},
  platform: 'linux',
  homeFolder: '/home/ana',
  userId: 1000,
  ...changes,
});

describe('where the data folder is', () => {
  it.each([
    ['Linux', context({}), '/home/ana/.local/share/litemaas-console'],
    [
      'Linux with XDG_DATA_HOME',
      context({ environment: { XDG_DATA_HOME: '/data' } }),
      '/data/litemaas-console',
    ],
    [
      'Linux with a relative XDG_DATA_HOME',
      context({ environment: { XDG_DATA_HOME: 'data' } }),
      '/home/ana/.local/share/litemaas-console',
    ],
    [
      'macOS',
      context({ platform: 'darwin', homeFolder: '/Users/ana' }),
      '/Users/ana/Library/Application Support/LiteMaaS Console',
    ],
    [
      'Windows',
      context({
        platform: 'win32',
        homeFolder: 'C:\\Users\\ana',
        environment: { APPDATA: 'C:\\Users\\ana\\AppData\\Roaming' },
      }),
      'C:\\Users\\ana\\AppData\\Roaming\\LiteMaaS Console',
    ],
  ])('%s', (_, given, path) => {
    expect(resolveDataFolder(given).path).toBe(path);
  });

  it('is what LITEMAAS_DATA_DIR says, with the server’s folder inside, for root too', () => {
    const environment = { LITEMAAS_DATA_DIR: '/srv/console', XDG_DATA_HOME: '/data' };
    const expected = { path: '/srv/console', serverFolder: '/srv/console/postgres' };
    expect(resolveDataFolder(context({ environment }))).toEqual(expected);
    expect(resolveDataFolder(context({ environment, userId: 0 }))).toEqual(expected);
  });

  it('has the server’s folder inside, except for root, whose home no other account can enter', () => {
    expect(resolveDataFolder(context({})).serverFolder).toBe(
      '/home/ana/.local/share/litemaas-console/postgres',
    );
    expect(resolveDataFolder(context({ userId: 0, homeFolder: '/root' }))).toEqual({
      path: '/root/.local/share/litemaas-console',
      serverFolder: '/var/lib/litemaas-console',
    });
  });

  it('treats an empty LITEMAAS_DATA_DIR as none and refuses a relative one', () => {
    expect(resolveDataFolder(context({ environment: { LITEMAAS_DATA_DIR: '' } })).path).toContain(
      '/home/ana',
    );
    expect(() => resolveDataFolder(context({ environment: { LITEMAAS_DATA_DIR: 'data' } }))).toThrow(
      /not an absolute path/,
    );
  });
});

describe('making the data folder', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'litemaas-data-folder-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  it('makes it private, and leaves an existing one as it is', async () => {
    const path = join(root, 'a', 'b');
    const folder = { path, serverFolder: join(path, 'postgres') };
    expect(await createDataFolder(folder)).toEqual(folder);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await writeFile(join(path, 'kept'), '');
    expect(await createDataFolder(folder)).toEqual(folder);
  });

  it('answers one path for one folder, by whatever link it is reached', async () => {
    const real = join(root, 'real');
    await createDataFolder({ path: real, serverFolder: join(real, 'postgres') });
    const link = join(root, 'link');
    await symlink(real, link);
    expect(await createDataFolder({ path: link, serverFolder: join(link, 'postgres') })).toEqual({
      path: real,
      serverFolder: join(real, 'postgres'),
    });
    expect((await createDataFolder({ path: link, serverFolder: '/var/lib/other' })).serverFolder).toBe(
      '/var/lib/other',
    );
  });

  it('names the folder and what stands in the way', async () => {
    await writeFile(join(root, 'file'), '');
    const path = join(root, 'file', 'data');
    await expect(createDataFolder({ path, serverFolder: join(path, 'postgres') })).rejects.toMatchObject({
      message: `The data folder ${path} can’t be made or written: a part of the path is a file.`,
      hint: 'Set LITEMAAS_DATA_DIR to a folder that you can write.',
    });
  });

  it('says of a folder that is there when it can’t be written', async () => {
    const path = join(root, 'others');
    await mkdir(path);
    await chmod(path, 0o555);
    // The test’s own folder is private, and the other account has to reach the one inside.
    await chmod(root, 0o755);
    expect(await refusedToOrdinaryAccount(path)).toBe(
      `The data folder ${path} can’t be made or written: no permission.`,
    );
  });

  it.skipIf(!isRoot)('says so of a read-only file system (needs root, to mount one)', async () => {
    const path = join(root, 'disk');
    await mkdir(path);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', path]);
    try {
      await expect(createDataFolder({ path, serverFolder: join(path, 'postgres') })).rejects.toMatchObject({
        message: `The data folder ${path} can’t be made or written: the file system is read-only.`,
      });
    } finally {
      execFileSync('umount', [path]);
    }
  });
});

/** What an account is told that has no rights but those a folder gives it: root may write everywhere. */
async function refusedToOrdinaryAccount(path: string): Promise<string> {
  const program = `
    import { createDataFolder } from ${JSON.stringify(new URL('./data-folder.ts', import.meta.url).href)};
    const path = ${JSON.stringify(path)};
    await createDataFolder({ path, serverFolder: path + '/postgres' }).catch(({ message }) => console.log(message));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    isRoot ? { uid: 65_534, gid: 65_534 } : {},
  );
  return stdout.trim();
}
