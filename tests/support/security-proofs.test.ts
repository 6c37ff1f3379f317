import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/security.md'), 'utf8');
const sections = text
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ section, title: section.slice(0, section.indexOf('\n')) }));

const files = ['src', 'tests', 'bench'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
);
const isTest = (name: string): boolean => /\.(?:test|spec)\.tsx?$/.test(name);
const isPath = (name: string): boolean => /^(?:src|tests|bench)(?:\/|$)/.test(name);

/** What stands between backquotes, with the titles of tests that are quoted right behind it. */
function mentions(section: string): readonly { readonly name: string; readonly titles: readonly string[] }[] {
  return [...section.matchAll(/`([^`\s]+)`((?:[^`“”]{0,12}“[^“”]+”)*)/g)].map(
    ([, name = '', behind = '']) => ({
      name,
      titles: [...behind.matchAll(/“([^“”]+)”/g)].map(([, title = '']) => title),
    }),
  );
}

/** The files that a mention means: a path of the repository, or the name of one in a folder that its section leads to. */
function filesOf(name: string, section: string): readonly string[] {
  if (isPath(name)) return files.filter((path) => path === name);
  const folders = mentions(section).flatMap((mention) => [mention.name, dirname(mention.name)]);
  return files.filter((path) => basename(path) === name && folders.includes(dirname(path)));
}

describe.each(sections)('what docs/security.md says under “$title”', ({ section }) => {
  it.each(mentions(section).filter(({ name }) => isTest(name) || isPath(name)))(
    'is where it says: $name',
    ({ name, titles }) => {
      const found = filesOf(name, section);
      expect([name, found.length]).toEqual([name, 1]);
      const source = found
        .map((path) => (isTest(path) ? readFileSync(join(root, path), 'utf8') : ''))
        .join('');
      for (const title of titles) expect(source).toContain(title.replace(/…$/, ''));
    },
  );

  it('has a proof in every row of its tables, or says that it has none', () => {
    const rows = section.split('\n').filter((line) => line.startsWith('| ') && !/^\|\s*-/.test(line));
    for (const row of rows) {
      const proof = row.split('|').at(-2) ?? '';
      if (/Proof|State and proof/i.test(proof)) continue;
      const elsewhere = /“([^”]+)” (?:above|below)/.exec(proof)?.[1];
      const isProved =
        mentions(proof).some(({ name }) => isTest(name) || isPath(name)) ||
        sections.some(({ title }) => title === elsewhere) ||
        /not done|nothing warns|every end-to-end test/.test(proof);
      expect([row, isProved]).toEqual([row, true]);
    }
  });
});

it('docs/security.md has sections, and proofs in them', () => {
  expect(sections.length).toBeGreaterThan(5);
  expect(mentions(text).filter(({ name }) => isTest(name)).length).toBeGreaterThan(80);
});
