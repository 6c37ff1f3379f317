import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningLocalServer, LocalServerStatus } from '../../../src/main/local-server';
import { findBinaries } from '../../../src/main/local-server/binaries';
import { stopServer } from '../../../src/main/local-server/stop-server';
import { isLong } from '../../support/long-runs';
import { findMark, leaveMark, Place, query } from './consoles';

/** A set-up takes about a second: moments in all of its steps, a few of them in every run. */
const killTimesMs = isLong ? Array.from({ length: 40 }, (_, index) => index * 35) : [0, 300, 700];

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  await place.clear();
});

const cluster = (): string => join(place.folder().serverFolder, 'current', 'cluster');
const postmasterFile = (): string => join(cluster(), 'postmaster.pid');

async function untilGone(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const state = (() => {
      try {
        return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
      } catch {
        return '';
      }
    })();
    if (state === '' || state.startsWith('Z')) return;
    await delay(50);
  }
  throw new Error(`process ${String(pid)} is still there`);
}

describe('the local database after a crash', () => {
  it('keeps running when its console is killed; the next console attaches, owns it and stops it', async () => {
    const killed = await place.spawn();
    const before = await killed.ask<RunningLocalServer>('ensureRunning');
    await leaveMark(before);
    await killed.kill();
    expect(await findMark(before)).toBe('here');

    const next = await place.open();
    expect(await next.status()).toMatchObject({
      state: 'running',
      startedByUs: false,
      otherConsoleProcessId: null,
    });
    const after = await next.ensureRunning();
    expect(after).toMatchObject({ port: before.port, created: false, startedByUs: true });
    expect(await next.close()).toBe('fast');
    expect(await next.status()).toMatchObject({ state: 'stopped' });
  });

  it('starts again with its data after the server was killed', async () => {
    const server = await place.open();
    const running = await server.ensureRunning();
    await leaveMark(running);
    // Enough that replaying it takes a moment.
    await query(running, 'create table much as select generate_series(1, 2000000) as number');
    const { processId } = await server.status();
    process.kill(processId ?? 0, 'SIGKILL');
    await untilGone(processId ?? 0);
    expect((await server.status()).state).toBe('stopped');
    const details: string[] = [];
    const again = await server.ensureRunning({ report: ({ detail }) => details.push(detail ?? '') });
    expect(details).toContain('PostgreSQL repairs its files after a crash');
    expect(await findMark(again)).toBe('here');
    expect(await query(again, 'select count(*)::int from much')).toEqual([{ count: 2_000_000 }]);
    const { lines } = await server.log({ lines: 200 });
    expect(lines.some((line) => line.includes('not properly shut down'))).toBe(true);
  });

  it('starts again after console and server were killed together', async () => {
    const killed = await place.spawn();
    const before = await killed.ask<RunningLocalServer>('ensureRunning');
    await leaveMark(before);
    const { processId } = await killed.ask<LocalServerStatus>('status');
    process.kill(processId ?? 0, 'SIGKILL');
    await killed.kill();
    await untilGone(processId ?? 0);

    const next = await place.open();
    const after = await next.ensureRunning();
    expect(after).toMatchObject({ startedByUs: true, created: false, setAside: [] });
    expect(await findMark(after)).toBe('here');
  });

  it('is not stopped by a lock file whose pid belongs to another program, and leaves that program alone', async () => {
    const server = await place.open();
    await leaveMark(await server.ensureRunning());
    const file = readFileSync(postmasterFile(), 'utf8');
    await server.close();

    const { uid, gid } = statSync(cluster());
    // Of the same account, so that PostgreSQL itself would take it for a living server and refuse.
    const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' });
    try {
      writeFileSync(postmasterFile(), file.replace(/^\d+/, String(stranger.pid)));
      execFileSync('chown', [`${String(uid)}:${String(gid)}`, postmasterFile()]);
      expect((await server.status()).state).toBe('stopped');
      expect(await server.stop()).toBe('not-running');
      const again = await server.ensureRunning();
      expect(await findMark(again)).toBe('here');
      expect(await server.stop()).toBe('fast');
      expect(stranger.exitCode).toBeNull();
      expect(stranger.signalCode).toBeNull();
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('does not take another PostgreSQL server that got the pid for its own', async () => {
    const server = await place.open();
    await server.ensureRunning();
    const file = readFileSync(postmasterFile(), 'utf8');
    await server.close();
    const other = await place.open({ folder: place.folder('other') });
    await other.ensureRunning();
    const { processId } = await other.status();
    const { uid, gid } = statSync(cluster());
    writeFileSync(postmasterFile(), file.replace(/^\d+/, String(processId)));
    execFileSync('chown', [`${String(uid)}:${String(gid)}`, postmasterFile()]);

    expect((await server.status()).state).toBe('stopped');
    await server.ensureRunning();
    expect(await server.stop()).toBe('fast');
    expect((await other.status()).state).toBe('running');
  });

  it('takes over the lock of a console that was killed while it was making the database', async () => {
    const killed = await place.spawn();
    killed.send('ensureRunning');
    await killed.progress('Creating a new database folder');
    await killed.kill();
    const { serverFolder } = place.folder();
    expect(readdirSync(serverFolder)).toContain('server.lock');

    const next = await place.open();
    const running = await next.ensureRunning();
    expect(await query(running, 'select 1 as one')).toEqual([{ one: 1 }]);
    for (const folder of running.setAside) expect(statSync(folder).isDirectory()).toBe(true);
    expect(
      readdirSync(serverFolder).filter((name) => name.startsWith('making-') || name.endsWith('.lock')),
    ).toEqual([]);
  });

  it.each(killTimesMs)(
    'is whole for the next console when the first was killed %i ms into the set-up',
    async (killAfterMs) => {
      const killed = await place.spawn();
      killed.send('ensureRunning');
      await delay(killAfterMs);
      await killed.kill();
      const next = await place.open();
      const running = await next.ensureRunning();
      await leaveMark(running);
      expect(running.startedByUs).toBe(true);
      expect(await next.close()).toBe('fast');
      expect(await findMark(await next.ensureRunning())).toBe('here');
    },
  );

  it('is attached to when a killed console had only just begun to start it', async () => {
    const first = await place.open();
    await leaveMark(await first.ensureRunning());
    await first.close();
    const killed = await place.spawn();
    killed.send('ensureRunning');
    await killed.progress('Starting PostgreSQL');
    await killed.kill();
    const after = await first.ensureRunning();
    expect(after.startedByUs).toBe(true);
    expect(await findMark(after)).toBe('here');
    expect(await first.close()).toBe('fast');
  });

  it('is ended at once when it does not stop fast', async () => {
    const server = await place.open();
    const running = await server.ensureRunning();
    await leaveMark(running);
    // A stopped server process can't answer the request to end; the fast way would wait for it for ever.
    const pids = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, parent, ...words]) => parent === String(readPid()) && words.join(' ').includes('checkpointer'),
      )
      .map(([pid]) => Number(pid));
    expect(pids).toHaveLength(1);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');

    const binaries = await findBinaries(import.meta.url);
    expect(await stopServer({ cluster: cluster(), binaries, fastTimeoutMs: 500 })).toBe('immediate');
    expect((await server.status()).state).toBe('stopped');
    expect(await findMark(await server.ensureRunning())).toBe('here');
  });
});

function readPid(): number {
  return Number.parseInt(readFileSync(postmasterFile(), 'utf8'), 10);
}
