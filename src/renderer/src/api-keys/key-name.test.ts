import { describe, expect, it } from 'vitest';
import { keyName, otherAlias } from './key-name';

describe('keyName', () => {
  it('takes the name, else the alias, else the prefix', () => {
    expect(keyName({ name: 'ci', alias: 'ci-alias', prefix: 'sk-...ab' })).toBe('ci');
    expect(keyName({ name: '', alias: 'ci-alias', prefix: 'sk-...ab' })).toBe('ci-alias');
    expect(keyName({ name: null, alias: null, prefix: 'sk-...ab' })).toBe('sk-...ab');
  });
});

describe('otherAlias', () => {
  it('is the alias unless it says the same as the name', () => {
    expect(otherAlias({ name: 'ci', alias: 'ci-alias', prefix: 'sk-...ab' })).toEqual(['ci-alias']);
    expect(otherAlias({ name: null, alias: 'ci-alias', prefix: 'sk-...ab' })).toEqual([]);
    expect(otherAlias({ name: 'ci', alias: '', prefix: 'sk-...ab' })).toEqual([]);
  });
});
