import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { currentProcess, inspectProcess, isAlive } from './process-identity';

const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
function start(): number {
  const child = spawn('sleep', ['30']);
  children.push(child);
  return child.pid ?? 0;
}

describe('who a process is', () => {
  it('stays the same while it runs, and tells when it began', async () => {
    const pid = start();
    const [first, second] = [await inspectProcess(pid), await inspectProcess(pid)];
    expect(first).toEqual(second);
    expect(Math.abs((first?.startedAtEpochSeconds ?? 0) - Date.now() / 1000)).toBeLessThan(10);
    expect(first !== null && (await isAlive(first))).toBe(true);
  });

  it('is nobody for a pid that no process has', async () => {
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 31]) expect(await inspectProcess(pid)).toBeNull();
  });

  it('is not the one that had the pid before', async () => {
    expect(await isAlive({ pid: start(), startedAt: 'another start' })).toBe(false);
  });

  it('is nobody any more once it was killed, even while nobody has collected it', async () => {
    // The parent never asks for its child's end: the child stays behind as a zombie.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(parent);
    const pid = await new Promise<number>((resolve) => {
      parent.stdout?.once('data', (data: Buffer) => {
        resolve(Number(data.toString()));
      });
    });
    const identity = await inspectProcess(pid);
    expect(identity).not.toBeNull();
    await expect.poll(() => inspectProcess(pid), { timeout: 5_000 }).toBeNull();
  });

  it('is this process for the console itself', async () => {
    const own = await currentProcess();
    expect(own.pid).toBe(process.pid);
    expect(await isAlive(own)).toBe(true);
  });
});
