import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { findPatterns } from './regular-expressions/find-patterns';
import { worstTexts, type WorstText } from './regular-expressions/worst-texts';

/** Signs of a text, and the milliseconds that an expression may take over it. */
const whole = 1_000_000;
const limit = 50;
/** After so many milliseconds over one text an expression is given up. */
const patience = 5_000;

const source = join(import.meta.dirname, '../../src');
const found = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  .sort()
  .flatMap((path) => findPatterns(join(source, path), path));

interface Said {
  readonly begun?: number;
  readonly slow?: readonly { readonly index: number; readonly milliseconds: number }[];
}

let worker: Worker | undefined;
afterEach(async () => {
  await worker?.terminate();
  worker = undefined;
});

/**
 * The texts of so many signs over which an expression takes longer than it may, with the milliseconds; after `wait`
 * milliseconds over one of them it is given up.
 */
async function slowTexts(
  pattern: RegExp,
  length = whole,
  wait = patience,
): Promise<readonly (readonly [WorstText, number])[]> {
  worker ??= new Worker(new URL('regular-expressions/time-pattern.mjs', import.meta.url));
  const used = worker;
  const texts = worstTexts(pattern);
  const textAt = (index: number): WorstText => texts[index] ?? { first: '', part: '', last: '' };
  return new Promise((resolve, reject) => {
    let begun = 0;
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      used.off('message', hear).off('error', fail);
      settle();
    };
    const timer = setTimeout(() => {
      worker = undefined;
      void used.terminate();
      end(() => resolve([[textAt(begun), Infinity]]));
    }, wait);
    const hear = (said: Said): void => {
      begun = said.begun ?? begun;
      timer.refresh();
      const { slow } = said;
      if (slow) end(() => resolve(slow.map(({ index, milliseconds }) => [textAt(index), milliseconds])));
    };
    const fail = (error: Error): void => end(() => reject(error));
    used.on('message', hear).on('error', fail);
    used.postMessage({ source: pattern.source, flags: pattern.flags, texts, length, limit });
  });
}

/** Expressions that only ever see short texts, by what makes them short: tried at that length. */
const shortTexts: readonly { readonly written: string; readonly length: number }[] = [
  // src/main/export/csv-type.ts looks at values up to `longest`.
  {
    written: String.raw`/^[-+]?[\p{Sc}\d][\p{Sc}\d.,'’ \u00a0\u202f]*(?:[eE][-+]?\d{1,6}|[ \u00a0\u202f]?\p{L}{1,3})?$|^[-+]?Infinity$|^NaN$/u`,
    length: 150_000,
  },
  // src/main/workspace/connect/connect-failure.ts looks at the first `mostLookedAt` signs of what a pooler says.
  { written: '/no such database|database .{1,70} does not exist/i', length: 1_000 },
  // src/renderer/src/sql/statement-names.ts cuts what stands before the cursor to `mostBefore`.
  { written: "new RegExp(String.raw`${letter}[\\p{L}\\p{N}_$]*$`, 'u')", length: 200 },
  { written: "new RegExp(String.raw`(?<name>${name})\\s*\\.\\s*$`, 'u')", length: 200 },
];

/** Expressions made while the program runs, with what keeps them from being slow. */
const madeAtRunTime: readonly string[] = [
  // src/main/settings/diagnostics.ts: one fixed word, looked at one sign before and after it.
  "new RegExp(`(?<![\\\\w-])${escaped}(?![\\\\w-])`, 'gi')",
];

describe('the regular expressions of the source', () => {
  const constant = found.flatMap(({ pattern, ...place }) => (pattern ? [{ ...place, pattern }] : []));
  const different = [...new Map(constant.map((one) => [String(one.pattern), one])).values()];

  it('take at most 50 ms over a million of their worst signs', { timeout: 300_000 }, async () => {
    const slow: string[] = [];
    for (const { place, written, pattern } of different) {
      const texts = await slowTexts(pattern, shortTexts.find((short) => short.written === written)?.length);
      const [text, milliseconds] = texts[0] ?? [];
      if (text)
        slow.push(
          `${place} ${written}: ${String(milliseconds)} ms over ${JSON.stringify(text).slice(0, 200)}`,
        );
    }
    expect(slow).toEqual([]);
  });

  it('are all found, and tried if they can be', () => {
    expect(constant.length).toBeGreaterThan(200);
    expect(found.filter(({ pattern }) => !pattern).map(({ written }) => written)).toEqual(madeAtRunTime);
    // Put together from other constants of its file.
    expect(constant.map(({ pattern }) => pattern.source)).toContainEqual(
      expect.stringContaining('pass(?:word|wd'),
    );
    for (const { written } of shortTexts) expect(constant.map((one) => one.written)).toContain(written);
  });

  it.each([
    ['a closing sign that is missing', /"(?:[^"\\]|\\.)*"/g],
    ['an end of a line', /\s+$/],
    ['a sign after a long run', /begin[^;]*;/],
    ['two repetitions side by side', /^a*a*b/],
    ['a repetition of repetitions', /^(?:\d+)+$/],
    ['what follows a word', /database .* does not exist/i],
    ['tags', /<[^>]*>/g],
    ['a look ahead', /x(?=[^z]*z)/],
  ])('would be caught where they are slow: %s', async (_what, pattern) => {
    expect(await slowTexts(pattern, 200_000, 500)).not.toEqual([]);
  });
});
