import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOf } from './share';

describe('shareOf', () => {
  it('divides counts and money', () => {
    expect(shareOf('1', '4')).toBe(0.25);
    expect(shareOf('0.1', '0.3')).toBe(0.333333);
    expect(shareOf('0.000001', '2')).toBe(0);
    expect(shareOf('7', '7')).toBe(1);
  });
  it('has no answer for a whole of zero', () => {
    expect(shareOf('0', '0')).toBeNull();
    expect(shareOf('5', '0.00')).toBeNull();
  });
  it('holds beyond what a float can count', () => {
    expect(shareOf('9007199254740993', '18014398509481986')).toBe(0.5);
  });
  it('lies between nothing and all for every part of a whole', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 30n), fc.bigInt(0n, 10n ** 30n), (whole, part) => {
        const share = shareOf(String(part > whole ? whole : part), String(whole));
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });
});
