import { describe, expect, it } from 'vitest';
import { emailAddress, typedName } from './typed-names';

describe('an e-mail address', () => {
  it.each([
    ['ana@example.org', 'ana@example.org'],
    [' Ana.O’Neil+x@mail.example.co.uk ', 'Ana.O’Neil+x@mail.example.co.uk'],
    // Composed, and without signs that nobody sees.
    ['zoe\u0308@example.org', 'zoë@example.org'],
    ['zo\u200Bë@example.org\uFEFF', 'zoë@example.org'],
    ['\u043Etto@bücher.example', '\u043Etto@bücher.example'],
  ])('%j is kept as %j', (typed, kept) => {
    expect(emailAddress.parse(typed)).toBe(kept);
  });

  it.each([
    ['', 'ana', 'ana@', '@example.org', 'ana@example', 'ana@@example.org', 'ana@1.2.3.44', 'a b@example.org'],
    ['.ana@example.org', 'ana.@example.org', 'an..a@example.org', 'ana@-x.org', 'ana@x-.org', 'ana@x.org-'],
    ['ana@example..org', 'ana@example.org.', '<ana@example.org>', 'a,b@example.org', 'a\u0000b@example.org'],
    [`${'x'.repeat(65)}@example.org`, `x@${'a.'.repeat(130)}org`],
  ])('none of %j, %j, … is one', (...texts) => {
    expect(texts.filter((text) => emailAddress.safeParse(text).success)).toEqual([]);
  });
});

it('a name is more than signs that nobody sees', () => {
  expect(typedName.parse(' Zoe\u0308\u200B ')).toBe('Zoë');
  expect(typedName.safeParse('\u200B \u2060').success).toBe(false);
  expect(typedName.safeParse('x'.repeat(256)).success).toBe(false);
});
