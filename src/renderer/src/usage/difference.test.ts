import { describe, expect, it } from 'vitest';
import { differenceOf } from './difference';

describe('differenceOf', () => {
  it('is exact in both directions', () => {
    expect(differenceOf('0.3', '0.1')).toBe('0.2');
    expect(differenceOf('1', '9007199254740993')).toBe('-9007199254740992');
    expect(differenceOf('0.500000000005', '0.5')).toBe('0.000000000005');
    expect(differenceOf('7', '7')).toBe('0');
  });
});
