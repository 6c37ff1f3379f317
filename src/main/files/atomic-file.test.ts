import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { errnoOf, writeFileAtomically } from './atomic-file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'litemaas-atomic-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('replaces a file whole, readable by its owner only, whatever the old one allowed', async () => {
  const path = join(folder, 'file.json');
  await writeFile(path, 'a longer old content', { mode: 0o644 });
  await writeFileAtomically(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['file.json']);
});

it('shows readers one whole content or another while it is being replaced', async () => {
  const path = join(folder, 'file.json');
  const contents = ['a'.repeat(200_000), 'b'.repeat(100_000)];
  await writeFileAtomically(path, contents[0] ?? '');
  const seen = new Set<string>();
  const writing = (async () => {
    for (let round = 0; round < 30; round += 1) await writeFileAtomically(path, contents[round % 2] ?? '');
    return true;
  })();
  let done = false;
  void writing.then(() => (done = true));
  while (!done) seen.add(await readFile(path, 'utf8'));
  await writing;
  for (const content of seen) expect(contents).toContain(content);
});

it('leaves the old content and no temporary file when the new one can’t be put in place', async () => {
  const path = join(folder, 'folder-in-the-way');
  await mkdir(join(path, 'inside'), { recursive: true });
  const failure = await writeFileAtomically(path, 'new').catch((error: unknown) => error);
  expect(['EISDIR', 'ENOTEMPTY', 'EEXIST']).toContain(errnoOf(failure));
  expect(await readdir(folder)).toEqual(['folder-in-the-way']);
});
