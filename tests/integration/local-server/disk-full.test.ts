import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMark, isRoot, leaveMark, matching, Place } from './consoles';

let place: Place;
let mounted: string[] = [];
beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  // Servers first: a busy file system can't be unmounted.
  for (const path of mounted) rmSync(join(path, 'filler'), { force: true });
  await place.endAll();
  for (const path of mounted) execFileSync('umount', [path]);
  mounted = [];
  await place.clear();
});

/** A small disk of its own as data folder. */
function smallDisk(options: string): string {
  const { path } = place.folder();
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `${options},mode=0755`, 'tmpfs', path]);
  mounted.push(path);
  return path;
}

function fill(path: string): void {
  const { bavail, bsize } = statfsSync(path);
  writeFileSync(join(path, 'filler'), Buffer.alloc(bavail * bsize));
}

describe.skipIf(!isRoot)('a full disk (needs root, to mount a small one)', () => {
  it('is told before anything is made', async () => {
    const path = smallDisk('size=64m');
    const server = await place.open();
    await expect(server.ensureRunning()).rejects.toMatchObject({
      code: 'disk_full',
      message: matching(/The disk that holds .* is full: 6\d MB are free\. .* needs 120 MB/),
      hint: matching(/Free at least 120 MB/),
    });
    expect(readdirSync(join(path, 'postgres'))).toEqual([]);
  });

  it('that shows only while the database is being made leaves nothing half-made in use', async () => {
    // Bytes enough, but room for 200 files only: initdb itself runs into it.
    const path = smallDisk('size=300m,nr_inodes=200');
    const server = await place.open();
    await expect(server.ensureRunning()).rejects.toMatchObject({
      code: 'disk_full',
      message: matching(/room for \d+ more files/),
    });
    expect(readdirSync(join(path, 'postgres')).filter((name) => name === 'current')).toEqual([]);
    execFileSync('mount', ['-o', 'remount,nr_inodes=10000', path]);
    const running = await server.ensureRunning();
    expect(running.created).toBe(true);
  });

  it('keeps an existing database from starting, in plain words, and loses nothing', async () => {
    const path = smallDisk('size=300m');
    const server = await place.open();
    await leaveMark(await server.ensureRunning());
    await server.close();
    fill(path);
    await expect(server.ensureRunning()).rejects.toMatchObject({ code: 'disk_full' });
    rmSync(join(path, 'filler'));
    expect(await findMark(await server.ensureRunning())).toBe('here');
  });

  it('that filled up meanwhile does not keep the server from being stopped', async () => {
    const path = smallDisk('size=300m');
    const server = await place.open();
    await leaveMark(await server.ensureRunning());
    fill(path);
    expect(['fast', 'immediate']).toContain(await server.close());
    expect((await server.status()).state).toBe('stopped');
    rmSync(join(path, 'filler'));
    expect(await findMark(await server.ensureRunning())).toBe('here');
  });
});
