import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRunningServer, readPostmasterFile } from './postmaster';

let cluster: string;
beforeEach(async () => {
  cluster = await mkdtemp(join(tmpdir(), 'litemaas-postmaster-'));
});
afterEach(async () => {
  await rm(cluster, { recursive: true });
});

const leave = (text: string): Promise<void> => writeFile(join(cluster, 'postmaster.pid'), text);
const whole = (pid: number): string =>
  `${String(pid)}\n/data/cluster\n1795360000\n5433\n\n127.0.0.1\n  1234567   8\nready   \n`;

describe('PostgreSQL’s lock file', () => {
  it('is read', async () => {
    await leave(whole(4711));
    expect(await readPostmasterFile(cluster)).toEqual({
      processId: 4711,
      startedAtEpochSeconds: 1_795_360_000,
      port: 5433,
      status: 'ready',
    });
  });

  it.each(['starting', 'stopping'])('tells that the server is %s', async (status) => {
    await leave(whole(4711).replace('ready   ', status));
    expect((await readPostmasterFile(cluster))?.status).toBe(status);
  });

  it('is no server when it is missing, empty or damaged', async () => {
    expect(await readPostmasterFile(cluster)).toBeNull();
    for (const text of ['', 'x', '-5\n', '0\n']) {
      await leave(text);
      expect(await readPostmasterFile(cluster)).toBeNull();
    }
    await leave('4711\n/data/cluster\n');
    expect((await readPostmasterFile(cluster))?.status).toBe('unknown');
  });

  it('does not make a server of another program with that pid', async () => {
    await leave(whole(process.pid));
    expect(await findRunningServer(cluster)).toBeNull();
  });
});
