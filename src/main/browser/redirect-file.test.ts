import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedirectFile } from './redirect-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'litemaas-redirect-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('redirect file', () => {
  it('leads to the newest address and is readable by its owner only', () => {
    const file = createRedirectFile(folder, '4711');
    file.write('http://127.0.0.1:1/#token=one');
    file.write('http://127.0.0.1:1/#token=two');
    expect(readFileSync(file.path, 'utf8')).toContain('content="0; url=http://127.0.0.1:1/#token=two"');
    expect(readFileSync(file.path, 'utf8')).not.toContain('token=one');
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    file.remove();
    expect(existsSync(file.path)).toBe(false);
  });

  it('does not write through a link that somebody put in its place', () => {
    const other = join(folder, 'other.txt');
    writeFileSync(other, 'theirs');
    symlinkSync(other, join(folder, 'open-console-1.html'));
    createRedirectFile(folder, '1').write('http://127.0.0.1:1/#token=one');
    expect(readFileSync(other, 'utf8')).toBe('theirs');
  });

  it('removes what a killed console left a day ago, and nothing else', () => {
    const names = ['open-console-1.html', 'open-console-2.html', 'profiles.json', 'open-console-3.txt'];
    for (const name of names) writeFileSync(join(folder, name), '');
    const twoDaysAgo = new Date(Date.now() - 48 * 3_600_000);
    for (const name of names.filter((name) => name !== 'open-console-2.html')) {
      utimesSync(join(folder, name), twoDaysAgo, twoDaysAgo);
    }
    createRedirectFile(folder, '4');
    expect(names.map((name) => existsSync(join(folder, name)))).toEqual([false, true, true, true]);
  });
});
