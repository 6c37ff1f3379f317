import { describe, expect, it } from 'vitest';
import { oddLetter, plainName } from './plain-name';

describe('a name in one form', () => {
  it.each([
    ['zoe\u0308@x.org', 'zoë@x.org'],
    ['zo\u200Bë@x.org', 'zoë@x.org'],
    ['\uFEFF ana \u202Eeve\u202C ', 'ana eve'],
    ['plain', 'plain'],
  ])('of %j is %j', (written, kept) => {
    expect(plainName(written)).toBe(kept);
  });
});

describe('letters that look like others', () => {
  it.each([
    ['\u043Etto@x.org', { sign: 'о', code: 'U+043E', script: 'Cyrillic' }],
    ['αlpha', { sign: 'α', code: 'U+03B1', script: 'Greek' }],
    ['ольгa', { sign: 'a', code: 'U+0061', script: 'Latin' }],
  ])('are named in %j', (name, odd) => {
    expect(oddLetter(name)).toEqual(odd);
  });

  it.each(['otto', 'ольга', 'ليلى', 'émile', '42', ''])('are none in %j', (name) => {
    expect(oddLetter(name)).toBeNull();
  });
});
