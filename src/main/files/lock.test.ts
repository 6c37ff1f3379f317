import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConsoleLock, tryLock, waitForLock } from './lock';
import { currentProcess, inspectProcess } from './process-identity';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'litemaas-lock-'));
  path = join(folder, 'some.lock');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function leaveLock(holder: { pid: number; startedAt: string }): Promise<void> {
  const content = { ...holder, host: 'here', lockedAt: '2026-01-01T00:00:00.000Z', nonce: 'theirs' };
  await writeFile(path, JSON.stringify(content));
}

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}

describe('a lock file', () => {
  it('is held by one at a time and free again after its release', async () => {
    const first = await tryLock(path);
    expect(first.held).toBe(true);
    const second = await tryLock(path);
    expect(second).toMatchObject({ held: false, holder: { pid: process.pid } });
    if (first.held) await first.lock.release();
    expect((await tryLock(path)).held).toBe(true);
    expect(await readdir(folder)).toEqual(['some.lock']);
  });

  it('names pid and start time of its holder', async () => {
    await tryLock(path);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject(await currentProcess());
  });

  it('of a dead process is taken over', async () => {
    await leaveLock({ pid: await deadPid(), startedAt: 'long ago' });
    expect((await tryLock(path)).held).toBe(true);
  });

  it('whose pid belongs to another program now is taken over', async () => {
    const stranger = spawn('sleep', ['30']);
    try {
      await leaveLock({ pid: stranger.pid ?? 0, startedAt: 'before the reboot' });
      expect((await tryLock(path)).held).toBe(true);
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });

  it('of a living process is respected', async () => {
    const stranger = spawn('sleep', ['30']);
    try {
      const identity = await inspectProcess(stranger.pid ?? 0);
      await leaveLock({ pid: stranger.pid ?? 0, startedAt: identity?.startedAt ?? '' });
      expect(await tryLock(path)).toMatchObject({ held: false, holder: { pid: stranger.pid } });
    } finally {
      stranger.kill();
    }
  });

  it.each(['', '{"pid":', '{"pid":1}', 'not JSON'])(
    'with damaged content (%j) is taken over',
    async (content) => {
      await writeFile(path, content);
      expect((await tryLock(path)).held).toBe(true);
    },
  );

  it('that is stale goes to exactly one of many who find it at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      await leaveLock({ pid: await deadPid(), startedAt: 'long ago' });
      const attempts = await Promise.all(Array.from({ length: 12 }, () => tryLock(path)));
      expect(attempts.filter(({ held }) => held)).toHaveLength(1);
      await rm(path);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over even when a console died while taking it over', async () => {
    const dead = { pid: await deadPid(), startedAt: 'long ago' };
    await leaveLock(dead);
    await writeFile(
      `${path}.takeover`,
      JSON.stringify({ ...dead, host: 'here', lockedAt: '', nonce: 'theirs' }),
    );
    expect((await tryLock(path)).held).toBe(true);
    expect(await readdir(folder)).toEqual(['some.lock']);
  });

  it('that somebody else holds meanwhile is not removed by a late release', async () => {
    const attempt = await tryLock(path);
    await leaveLock(await currentProcess());
    if (attempt.held) await attempt.lock.release();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ nonce: 'theirs' });
  });
});

describe('waiting for a lock file', () => {
  it('ends when the holder releases it, after saying once who that is', async () => {
    const attempt = await tryLock(path);
    const waitedFor: number[] = [];
    const waiting = waitForLock(path, { timeoutMs: 5_000, onWait: ({ pid }) => waitedFor.push(pid) });
    setTimeout(() => {
      if (attempt.held) void attempt.lock.release();
    }, 120);
    await (await waiting).release();
    expect(waitedFor).toEqual([process.pid]);
  });

  it('is bounded', async () => {
    await tryLock(path);
    await expect(waitForLock(path, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'busy',
      details: { processId: String(process.pid) },
    });
  });

  it('can be cancelled', async () => {
    await tryLock(path);
    const signal = AbortSignal.timeout(100);
    await expect(waitForLock(path, { timeoutMs: 60_000, signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

describe('the console lock', () => {
  it('tells a second console about the first and lets it go on', async () => {
    const first = await openConsoleLock(folder);
    expect(first.otherConsole).toBeNull();
    const second = await openConsoleLock(folder);
    expect(second.otherConsole).toMatchObject({ pid: process.pid });
    await second.release();
    expect(await readdir(folder)).toEqual(['console.lock']);
    await first.release();
    expect(await readdir(folder)).toEqual([]);
  });
});
