import { describe, expect, it } from 'vitest';
import { keyName } from './key-name';

describe('keyName', () => {
  it('takes the name, else the alias, else the prefix', () => {
    expect(keyName({ name: 'ci', alias: 'ci-alias', prefix: 'sk-...ab' })).toBe('ci');
    expect(keyName({ name: '', alias: 'ci-alias', prefix: 'sk-...ab' })).toBe('ci-alias');
    expect(keyName({ name: null, alias: null, prefix: 'sk-...ab' })).toBe('sk-...ab');
  });
});
