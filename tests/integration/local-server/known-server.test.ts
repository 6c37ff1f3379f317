import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCredentials } from '../../../src/main/local-server/credentials';
import { ensureOwnerDatabase } from '../../../src/main/local-server/owner-database';
import { requireServerOf } from '../../../src/main/local-server/same-server';
import { openBrowserClient } from '../contract/browser-client';
import { findMark, leaveMark, Place } from './consoles';

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  await place.clear();
});

const otherServer = { code: 'local_server', details: { reason: 'not_the_local_server' } };
const filesOf = (name?: string): { cluster: string; pid: string; credentials: string; log: string } => {
  const current = join(place.folder(name).serverFolder, 'current');
  return {
    ...{ cluster: join(current, 'cluster'), pid: join(current, 'cluster', 'postmaster.pid') },
    ...{ credentials: join(current, 'credentials.json'), log: join(current, 'server.log') },
  };
};

/** As a backup or a move copies it: owners and all. */
function copyFolder(): void {
  execFileSync('cp', ['-a', place.folder().path, place.folder('copy').path]);
}

/** The pid file with some of its lines replaced: 1 is the process, 3 its start, 4 the port. */
function withLines(text: string, changes: Readonly<Record<number, string>>): string {
  return text
    .split('\n')
    .map((line, index) => changes[index + 1] ?? line)
    .join('\n');
}

describe('the password of the local database', () => {
  it('is not given to the server of the folder that this one was copied from', async () => {
    const first = await (await place.open()).ensureRunning();
    await leaveMark(first);
    copyFolder();
    const copy = filesOf('copy');
    // The lock file came along: the right process, on the right port, in another folder.
    await expect(requireServerOf(copy.cluster, first.port)).rejects.toMatchObject(otherServer);
    const credentials = await readCredentials(copy.credentials);
    if (credentials === null) throw new Error('The passwords were not copied.');
    const logBefore = readFileSync(filesOf().log, 'utf8');
    await expect(ensureOwnerDatabase(copy.cluster, first.port, credentials)).rejects.toMatchObject(
      otherServer,
    );
    // Nobody even knocked.
    expect(readFileSync(filesOf().log, 'utf8')).toBe(logBefore);

    const second = await (await place.open({ folder: place.folder('copy') })).ensureRunning();
    expect(second.port).not.toBe(first.port);
    expect(await findMark(first)).toBe('here');
  });

  it('is not given to a copy that the lock file was made to name', async () => {
    const server = await place.open();
    await server.ensureRunning();
    const original = readFileSync(filesOf().pid, 'utf8');
    await server.stop();
    copyFolder();
    const copied = await (await place.open({ folder: place.folder('copy') })).ensureRunning();
    const [processId = ''] = readFileSync(filesOf('copy').pid, 'utf8').split('\n');
    writeFileSync(filesOf().pid, withLines(original, { 1: processId, 4: String(copied.port) }));
    await expect(requireServerOf(filesOf().cluster, copied.port)).rejects.toMatchObject(otherServer);
    const again = await (await place.open()).ensureRunning();
    expect(again.port).not.toBe(copied.port);
    expect(readFileSync(filesOf().pid, 'utf8').split('\n')[0]).not.toBe(processId);
  });

  it('is not said to a server that began at another time than its lock file says', async () => {
    const running = await (await place.open()).ensureRunning();
    const { cluster, pid, credentials: file } = filesOf();
    const credentials = await readCredentials(file);
    if (credentials === null) throw new Error('There are no passwords.');
    const original = readFileSync(pid, 'utf8');
    await expect(ensureOwnerDatabase(cluster, running.port, credentials)).resolves.toMatchObject({
      user: 'litemaas',
    });
    const anHourBefore = String(Number(original.split('\n')[2]) - 3_600);
    writeFileSync(pid, withLines(original, { 3: anHourBefore }));
    try {
      await expect(ensureOwnerDatabase(cluster, running.port, credentials)).rejects.toMatchObject(
        otherServer,
      );
      // Nor where the role's password has to be set anew, which is said in words.
      const forgotten = { ...credentials, ownerPassword: 'another' };
      await expect(ensureOwnerDatabase(cluster, running.port, forgotten)).rejects.toMatchObject(otherServer);
    } finally {
      writeFileSync(pid, original);
    }
    // It was not set.
    expect(await ensureOwnerDatabase(cluster, running.port, credentials)).toMatchObject({
      port: running.port,
    });
  });
});

it('the local database never needs the choice of a superuser', async () => {
  const client = await openBrowserClient('local-role-test');
  try {
    const { workspaceId } = await client.ask('workspace', 'setUpLocal', { demo: false });
    const open = async () => (await client.ask('app', 'watch', { sinceRevision: -1 })).workspace;
    expect(await open()).toMatchObject({ id: workspaceId, asSuperuser: false, schema: 'current' });
    await client.ask('workspace', 'close', {});
    await client.ask('workspace', 'open', { workspaceId });
    expect(await open()).toMatchObject({ id: workspaceId, asSuperuser: false });
    expect((await client.ask('workspace', 'get', { workspaceId })).superuserAccepted).toBe(false);
  } finally {
    await client.close();
  }
});
