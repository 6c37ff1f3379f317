import { describe, expect, it } from 'vitest';
import { pseudoLocale, toLanguage } from './languages';

describe('languages', () => {
  it('take a tag that is ours and English for every other', () => {
    expect(toLanguage('en-XA')).toBe('en-XA');
    expect(toLanguage('de')).toBe('en');
    expect(toLanguage(undefined)).toBe('en');
  });
});

describe('the pseudo-locale', () => {
  it('changes every text, a third longer, and leaves placeholders and tags', () => {
    expect(pseudoLocale({ a: { b: 'Save {{name}}', c: 'A <strong>tag</strong>' } })).toEqual({
      a: { b: '⟦Šávé {{name}}·····⟧', c: '⟦Á <strong>ţáğ</strong>········⟧' },
    });
  });
});
