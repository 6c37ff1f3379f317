import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../kernel/exact-json';
import { exactDecimal, toInstant, wholeNumber } from './values';

describe('toInstant', () => {
  it.each([
    ['2026-09-09T15:30:00', '2026-09-09T15:30:00.000000Z'],
    ['2026-09-09 15:30:00.1015', '2026-09-09T15:30:00.101500Z'],
    ['2026-09-09T15:30:00.123456789Z', '2026-09-09T15:30:00.123456Z'],
    ['2026-09-09T15:30:00+02:00', '2026-09-09T13:30:00.000000Z'],
    ['2026-09-09T15:30:00.5-0530', '2026-09-09T21:00:00.500000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(toInstant(text)).toBe(expected);
  });

  it.each(['', 'yesterday', '2026-13-01T00:00:00Z'])('finds no time in "%s"', (text) => {
    expect(toInstant(text)).toBeNull();
  });
});

describe('numbers', () => {
  it('come out as decimal text', () => {
    expect(exactDecimal.parse(new ExactNumber('0.0000001'))).toBe('0.0000001');
    expect(exactDecimal.parse(0)).toBe('0');
    expect(wholeNumber.parse(new ExactNumber('9223372036854775807'))).toBe('9223372036854775807');
    expect(wholeNumber.safeParse(new ExactNumber('0.5')).success).toBe(false);
  });
});
