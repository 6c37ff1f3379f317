import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors';
import type { FileContent } from '../console';
import { safeFileName, saveContent } from './save-content';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'litemaas-save-'));
  path = join(folder, 'users.csv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

function content(write: FileContent['write']): FileContent {
  return { suggestedName: 'users.csv', contentType: 'text/csv', write };
}
const rows = content((target, signal) => pipeline(Readable.from(['id\n', '1\n', '2\n']), target, { signal }));

describe('saving', () => {
  it('writes the whole content for its owner alone', async () => {
    await saveContent(rows, path, never);
    expect(readFileSync(path, 'utf8')).toBe('id\n1\n2\n');
    expect(readdirSync(folder)).toEqual(['users.csv']);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves what was there when the content fails half-way', async () => {
    writeFileSync(path, 'before');
    const failing = content(async (target: Writable) => {
      target.write('half');
      await Promise.resolve();
      throw new AppError('db_timeout', 'Too slow.');
    });
    await expect(saveContent(failing, path, never)).rejects.toMatchObject({ code: 'db_timeout' });
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['users.csv']);
  });

  it('leaves nothing when it is cancelled', async () => {
    const controller = new AbortController();
    const endless = content((target, signal) => {
      const source = Readable.from(
        (function* () {
          for (let line = 0; ; line += 1) {
            if (line === 1_000) controller.abort();
            yield 'row\n';
          }
        })(),
      );
      return pipeline(source, target, { signal });
    });
    await expect(saveContent(endless, path, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps what was written where it must stay, whether the content fails or is stopped', async () => {
    writeFileSync(path, 'before');
    const kept = (isFailing: boolean): FileContent => ({
      ...content(async (target: Writable) => {
        await new Promise((resolve) => target.write('one\n', resolve));
        if (isFailing) throw new AppError('db_timeout', 'Too slow.');
        target.end();
      }),
      mustStay: () => true,
    });
    await expect(saveContent(kept(true), path, never)).rejects.toMatchObject({ code: 'db_timeout' });
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['one\n', ['users.csv']]);
    writeFileSync(path, 'before');
    await saveContent(kept(false), path, AbortSignal.abort());
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['one\n', ['users.csv']]);
    const taken = join(folder, 'a-folder');
    mkdirSync(taken);
    await expect(saveContent(kept(false), taken, never)).rejects.toMatchObject({
      code: 'validation',
      hint: /a-folder\..*\.part/,
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toHaveLength(1);
  });

  it('stops the content when the file can’t be written, and says so', async () => {
    let stopped = false;
    const patient = content(
      (_target, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped = true;
            reject(new Error('stopped'));
          });
        }),
    );
    const saving = saveContent(patient, join(folder, 'no-such-folder', 'users.csv'), never);
    await expect(saving).rejects.toMatchObject({
      code: 'validation',
      message: /users\.csv can't be saved there/,
    });
    expect(stopped).toBe(true);
  });

  it('names a full disk', async () => {
    const full = content(async (target: Writable) => {
      target.destroy(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
      await Promise.resolve();
    });
    await expect(saveContent(full, path, never)).rejects.toMatchObject({ code: 'disk_full' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a file name', () => {
  it.each([
    ['users-2026-11-22.csv', 'users-2026-11-22.csv'],
    ['../../etc/passwd', '-..-etc-passwd'],
    ['C:\\a|b?.csv', 'C--a-b-.csv'],
    ['.bashrc', 'bashrc'],
    ['line\nbreak', 'line-break'],
    ['', 'export'],
  ])('is safe: %j', (suggested, safe) => {
    expect(safeFileName(suggested)).toBe(safe);
  });
});
