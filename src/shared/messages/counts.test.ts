import { describe, expect, it } from 'vitest';
import { english } from './en';
import type { Texts } from './languages';

/** Keys of the texts that show the bare number which chooses their plural; `formatted` is the one for people. */
function withBareCount(texts: Texts, place = ''): string[] {
  return Object.entries(texts).flatMap(([key, text]) => {
    if (typeof text !== 'string') return withBareCount(text, `${place}${key}.`);
    return text.includes('{{count}}') ? [place + key] : [];
  });
}

describe('the texts of the screens', () => {
  it('show every count as the chosen number format writes it', () => {
    expect(withBareCount(english)).toEqual([]);
  });
});
