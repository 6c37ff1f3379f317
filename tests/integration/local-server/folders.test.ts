import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { missingPostgres } from '../../support/postgres-cluster';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMark, isRoot, leaveMark, matching, Place } from './consoles';

const postgres15 = '/usr/lib/postgresql/15/bin';
const missing15 = missingPostgres(15);
const required15 = (process.env.LITEMAAS_REQUIRE ?? '').split(',').includes('pg15');

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  await place.clear();
});

/** Names, modes, owners, times and contents of everything below a folder. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    const { mode, uid, gid, mtimeMs } = statSync(path);
    hash.update(JSON.stringify([path, mode, uid, gid, mtimeMs]));
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else hash.update(readFileSync(path));
  };
  visit(folder);
  return hash.digest('hex');
}

describe('the folder of the local database', () => {
  it.each([
    [
      'without its version file',
      (cluster: string) => {
        rmSync(join(cluster, 'PG_VERSION'));
      },
    ],
    [
      'without its control file',
      (cluster: string) => {
        rmSync(join(cluster, 'global', 'pg_control'));
      },
    ],
    [
      'without any data',
      (cluster: string) => {
        rmSync(cluster, { recursive: true });
      },
    ],
  ])('that is half-made (%s) is set aside under a name that is told, and made anew', async (_, damage) => {
    const server = await place.open();
    await server.ensureRunning();
    await server.close();
    const { serverFolder } = place.folder();
    damage(join(serverFolder, 'current', 'cluster'));
    writeFileSync(join(serverFolder, 'current', 'left-behind'), 'still mine');
    expect(await server.status()).toMatchObject({ state: 'absent' });
    expect((await server.status()).message).toContain(join(serverFolder, 'current'));

    const details: string[] = [];
    const running = await server.ensureRunning({ report: ({ detail }) => details.push(detail ?? '') });
    expect(running.created).toBe(true);
    expect(running.setAside).toHaveLength(1);
    const [aside = ''] = running.setAside;
    expect(dirname(aside)).toBe(serverFolder);
    expect(basename(aside)).toMatch(/^set-aside-\d{4}-\d{2}-\d{2}T.*-half-made$/);
    expect(readFileSync(join(aside, 'left-behind'), 'utf8')).toBe('still mine');
    expect(details.some((detail) => detail.includes(aside))).toBe(true);
  });

  it('that an interrupted initdb left behind is set aside, and made anew', async () => {
    const { serverFolder } = place.folder();
    mkdirSync(join(serverFolder, 'making-0badcafe', 'cluster', 'base'), { recursive: true });
    const server = await place.open();
    expect((await server.status()).message).toContain('making-0badcafe');
    const running = await server.ensureRunning();
    expect(running.setAside).toHaveLength(1);
    expect(existsSync(join(running.setAside[0] ?? '', 'cluster', 'base'))).toBe(true);
    expect(existsSync(join(serverFolder, 'making-0badcafe'))).toBe(false);
  });

  it.skipIf(missing15 !== null && !required15)(
    `of another major version is refused in plain words and not touched (${missing15 ?? 'made by PostgreSQL 15'})`,
    async () => {
      const { path, serverFolder } = place.folder();
      const current = join(serverFolder, 'current');
      mkdirSync(current, { recursive: true, mode: 0o755 });
      const asAccount = isRoot ? ['runuser', '-u', 'postgres', '--'] : [];
      if (isRoot) execFileSync('chown', ['-R', 'postgres', path]);
      const [program, ...parameters] = [
        ...asAccount,
        join(postgres15, 'initdb'),
        '-D',
        join(current, 'cluster'),
        '--no-sync',
      ];
      execFileSync(program, parameters, { stdio: 'ignore' });
      if (isRoot) for (const folder of [path, serverFolder, current]) execFileSync('chown', ['root', folder]);
      const before = fingerprint(current);

      const server = await place.open();
      expect(await server.status()).toMatchObject({ state: 'incompatible' });
      await expect(server.ensureRunning()).rejects.toMatchObject({
        code: 'db_version',
        message: matching(
          /made by PostgreSQL 15; this console comes with PostgreSQL 18\. Nothing was changed/,
        ),
        details: { found: '15', expected: '18' },
      });
      expect(fingerprint(current)).toBe(before);

      const aside = await server.setAside();
      expect(readFileSync(join(aside, 'cluster', 'PG_VERSION'), 'utf8').trim()).toBe('15');
      expect((await server.ensureRunning()).created).toBe(true);
    },
  );

  it('of a newer major version is refused and not touched', async () => {
    const server = await place.open();
    await server.ensureRunning();
    await server.close();
    const current = join(place.folder().serverFolder, 'current');
    writeFileSync(join(current, 'cluster', 'PG_VERSION'), '19\n');
    const before = fingerprint(current);
    await expect(server.ensureRunning()).rejects.toMatchObject({ code: 'db_version' });
    expect(fingerprint(current)).toBe(before);
  });

  it.each([
    ['spaces, quotes and non-Latin letters', `Ünïcödé 数据 données d'essai "q" $HOME`],
    ['emoji', '📦 data 🚀 👩‍💻'],
    // Twice as long as the path of a socket may be.
    ['more than 200 characters', 'long '.repeat(42).trimEnd()],
  ])('may have %s in its path', async (_, name) => {
    const folder = place.folder(name);
    const server = await place.open({ folder });
    await leaveMark(await server.ensureRunning());
    await server.close();
    expect(await findMark(await server.ensureRunning())).toBe('here');
  });

  it('may be moved while the server is stopped', async () => {
    const server = await place.open();
    await leaveMark(await server.ensureRunning());
    await server.close();
    renameSync(place.folder().path, place.folder('moved').path);
    const moved = await place.open({ folder: place.folder('moved') });
    expect(await findMark(await moved.ensureRunning())).toBe('here');
  });

  it('is renamed on request, with the running server stopped before, and the next start is afresh', async () => {
    const server = await place.open();
    await expect(server.setAside()).rejects.toMatchObject({ code: 'not_found' });
    const running = await server.ensureRunning();
    await leaveMark(running);
    const aside = await server.setAside();
    expect(basename(aside)).toMatch(/^set-aside-.*-by-request$/);
    expect(existsSync(join(aside, 'cluster', 'PG_VERSION'))).toBe(true);
    expect(await server.status()).toMatchObject({ state: 'absent', message: null });
    const fresh = await server.ensureRunning();
    expect(fresh.created).toBe(true);
    await expect(findMark(fresh)).rejects.toMatchObject({ code: '42P01' });

    // Put back by hand, it is the database it was.
    await server.setAside();
    renameSync(aside, join(place.folder().serverFolder, 'current'));
    expect(await findMark(await server.ensureRunning())).toBe('here');
  });
});
