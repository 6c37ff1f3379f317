import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logSize, readLogFrom, readLogTail, rotateLog } from './server-log';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'litemaas-log-'));
  path = join(folder, 'server.log');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the server’s log', () => {
  it('shows its last lines, oldest first, and nothing where there is none', async () => {
    expect(await readLogTail(path, 10)).toEqual([]);
    await writeFile(path, Array.from({ length: 50 }, (_, index) => `line ${String(index)}\n`).join(''));
    expect(await readLogTail(path, 2)).toEqual(['line 48', 'line 49']);
  });

  it('shows no key and no password', async () => {
    await writeFile(path, `STATEMENT:  insert into k values ('sk-abcdef123456') -- password=hunter2\n`);
    const text = (await readLogTail(path, 10)).join('\n');
    expect(text).not.toMatch(/abcdef123456|hunter2/);
    expect(text).toContain('insert into k');
  });

  it('tells what was written past a point', async () => {
    await writeFile(path, 'before\n');
    const offset = await logSize(path);
    await writeFile(path, 'after\n', { flag: 'a' });
    expect(await readLogFrom(path, offset)).toBe('after\n');
  });

  it('is put aside when it has grown large, and not before', async () => {
    await writeFile(path, 'small');
    await rotateLog(path);
    expect(await readdir(folder)).toEqual(['server.log']);
    await truncate(path, 9 * 1024 * 1024);
    await rotateLog(path);
    expect(await readdir(folder)).toEqual(['server.log.1']);
  });
});
