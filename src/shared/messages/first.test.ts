import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstMessages } from './first';

const renderer = join(import.meta.dirname, '../../renderer/src');

/** What is loaded with a file: itself, and what it imports at once. */
function loadedWith(file: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const [, name = ''] of read(file).matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)';/gm)) {
    const imported = fileOf(file, name);
    if (imported !== null) loadedWith(imported, known);
  }
  return known;
}

/** A file of the renderer that another one names; NULL for what is shared. */
function fileOf(file: string, name: string): string | null {
  const path = join(dirname(file), name);
  if (!path.startsWith(renderer)) return null;
  const found = ['.tsx', '.ts', '/index.ts', '/index.tsx']
    .map((end) => path + end)
    .find((each) => existsSync(each));
  if (found === undefined) throw new Error(`${file} imports ${name}, which is not there`);
  return found;
}

const read = (file: string): string => readFileSync(file, 'utf8');

/** The areas of the catalogue that files name and the first messages lack. */
function missingIn(files: Iterable<string>): string[] {
  const named = [...files].flatMap((file) =>
    [...read(file).matchAll(/\bt\(\s*['`]([a-zA-Z]+)\./g)].map(([, area = '']) => area),
  );
  return [...new Set(named)].filter((area) => !Object.hasOwn(firstMessages, area));
}

/** What a file loads later with React's `lazy`, and whether it waits for all messages with it. */
function loadedLater(file: string): { readonly target: string; readonly waits: boolean }[] {
  return [...read(file).matchAll(/\blazy\(async[\s\S]*?\}\)?\);/g)].flatMap(([call]) => {
    const [, name = ''] = /import\('(\.[^']+)'\)/.exec(call) ?? [];
    const target = fileOf(file, name);
    return target === null ? [] : [{ target, waits: call.includes('loadAllMessages()') }];
  });
}

describe('the first messages', () => {
  // The two screens that are shown before the whole catalogue is there come with `lazy` themselves.
  const entries = ['main.tsx', 'setup/setup-screen.tsx', 'overview/overview-screen.tsx'];
  const first = new Set(entries.flatMap((entry) => [...loadedWith(join(renderer, entry))]));

  it('have every text of what is loaded at first', () => {
    expect(first.size).toBeGreaterThan(50);
    expect(missingIn(first)).toEqual([]);
  });

  it('have every text of what comes later without waiting for all of them', () => {
    const later = [...first].flatMap(loadedLater);
    expect(later.filter(({ waits }) => waits).length).toBeGreaterThan(2);
    const lacking = later.flatMap(({ target, waits }) => {
      const areas = waits ? [] : missingIn(loadedWith(target));
      return areas.length === 0 ? [] : [`${target.slice(renderer.length + 1)}: ${areas.join()}`];
    });
    expect(lacking).toEqual([]);
  });
});
