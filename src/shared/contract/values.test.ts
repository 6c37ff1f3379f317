import { describe, expect, it } from 'vitest';
import { budget, chosenEnd, limit } from './values';

describe('a ceiling that a person sets', () => {
  it.each(['0', '60', '9223372036854775807'])('may be a count of %s', (value) => {
    expect(limit.safeParse(value).success).toBe(true);
  });
  it.each(['', '-1', '1e3', '1.5', ' 1', '9223372036854775808', '99999999999999999999', 'NaN'])(
    'is no count of %j',
    (value) => {
      expect(limit.safeParse(value).success).toBe(false);
    },
  );
  it.each(['0', '12.5', '99999999999999.999999'])('may be an amount of %s', (value) => {
    expect(budget.safeParse(value).success).toBe(true);
  });
  it.each(['', '-1', '12,5', '1e3', '.5', '1.1234567', '100000000000000', 'NaN', 'Infinity'])(
    'is no amount of %j',
    (value) => {
      expect(budget.safeParse(value).success).toBe(false);
    },
  );
});

describe('an end that a person chooses', () => {
  it.each(['2099-12-31', '2028-02-29T23:59:59.000000Z', '9999-12-31T23:59:59.999999Z'])(
    'may be %s',
    (value) => {
      expect(chosenEnd.safeParse(value).success).toBe(true);
    },
  );
  it.each([
    '2027-02-31T00:00:00.000000Z',
    '2027-02-31',
    '999999-12-31T00:00:00.000000Z',
    '0000-01-01T00:00:00.000000Z',
    '0044-03-15T00:00:00.000000Z BC',
    'infinity',
  ])('is not %s, which PostgreSQL would refuse or never reach', (value) => {
    expect(chosenEnd.safeParse(value).success).toBe(false);
  });
});
