import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { notAboutTheSchema } from './not-about-the-schema';

/** How many traps the list has under each letter. */
const traps = { A: 9, B: 5, C: 8, D: 9, E: 14, F: 10 };
const allTraps = Object.entries(traps).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
);

/** The numbers in the first column of the tables of deviations; "A4, A5" and "D1–D3" are several. */
async function documentedTraps(): Promise<string[]> {
  const text = await readFile(new URL('../../../../docs/schema.md', import.meta.url), 'utf8');
  return text.split('\n').flatMap((line) => {
    const cell = /^\| ([A-F]\d+(?:(?:, |–)[A-F]\d+)*) +\|/.exec(line)?.[1];
    return (cell ?? '').split(', ').flatMap((part) => {
      const [first = '', last = first] = part.split('–');
      const start = allTraps.indexOf(first);
      return start === -1 ? [] : allTraps.slice(start, allTraps.indexOf(last) + 1);
    });
  });
}

/** Every test here is named by its trap. */
async function testedTraps(): Promise<string[]> {
  const folder = new URL('./', import.meta.url);
  const files = (await readdir(folder)).filter((name) => /^[a-f]-.*\.test\.ts$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(/^ {2}it\(\s*['"`]([A-F]\d+): /gm)].map((match) => match[1] ?? ''),
  );
}

describe('the traps of the document', () => {
  it('each have one test, or a reason why the schema has nothing to do with them', async () => {
    expect([...(await testedTraps()), ...Object.keys(notAboutTheSchema)].sort()).toEqual(
      [...allTraps].sort(),
    );
  });

  it('that have a test are those that docs/schema.md explains', async () => {
    expect((await documentedTraps()).sort()).toEqual((await testedTraps()).sort());
  });
});
