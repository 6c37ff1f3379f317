import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstMessages } from './first';

const renderer = join(import.meta.dirname, '../../renderer/src');
/** What may be on screen before the whole catalogue is there. */
const shownFirst = ['app', 'api', 'setup', 'overview'];

/** The areas of the catalogue that a folder's files name. */
function areasOf(folder: string): string[] {
  return readdirSync(join(renderer, folder))
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) =>
      [...readFileSync(join(renderer, folder, name), 'utf8').matchAll(/\bt\(\s*['`]([a-zA-Z]+)\./g)].map(
        ([, area = '']) => area,
      ),
    );
}

describe('the first messages', () => {
  it.each(shownFirst)('have every text of %s', (folder) => {
    const missing = areasOf(folder).filter((area) => !Object.hasOwn(firstMessages, area));
    expect([...new Set(missing)]).toEqual([]);
  });
});
