import { expect, it } from 'vitest';
import type { BudgetLevel } from '../../../shared/contract/api-keys';
import { outlookOf, strictestOf } from './strictest';

const level = (
  name: BudgetLevel['level'],
  left: string | null,
  enforcement: BudgetLevel['enforcement'] = 'enforced',
) => ({ level: name, limit: left === null ? null : '100', left, enforcement });

it('takes what is least of what LiteLLM enforces, by exact amounts', () => {
  const least = level('team', '9.999999999999999999');
  expect(strictestOf([level('key', '10'), level('user', '1', 'other_keys'), least])).toMatchObject(least);
  expect(strictestOf([level('key', '0'), level('team', '-0.01')])).toMatchObject({ level: 'team' });
  expect(strictestOf([level('subscription', '1', 'counted'), level('team', '0', 'zero_of_team')])).toBeNull();
});

it('takes the first of equals, and neither the unlimited nor what is no number', () => {
  expect(strictestOf([level('key', '5'), level('user', '5.00')])).toMatchObject({ level: 'key' });
  expect(strictestOf([level('key', null), level('user', 'NaN')])).toBeNull();
  expect(strictestOf([])).toBeNull();
});

const forecast = {
  days: 10,
  perDay: '2',
  band: '1',
  likely: '2026-12-20',
  earliest: '2026-12-10',
  latest: null,
};
const outlook = (
  lastDay: string | null,
  of: Partial<Pick<BudgetLevel, 'level' | 'limit' | 'spent' | 'forecast'>> = {},
) => outlookOf({ level: 'key', limit: '100', spent: '10', forecast, ...of }, lastDay);

it('says what happens before the period ends', () => {
  expect(outlook('2026-12-20')).toBe('will_be_over');
  expect(outlook('2026-12-19')).toBe('may_be_over');
  expect(outlook('2026-12-09')).toBe('within');
  expect(outlook(null)).toBe('will_be_over');
  expect(outlook(null, { forecast: { ...forecast, likely: null, earliest: null } })).toBe('within');
});

it('knows what is used up, what never is, and when nothing can be said', () => {
  expect(outlook(null, { spent: '100' })).toBe('over');
  expect(outlook(null, { limit: '0', spent: '0' })).toBe('over');
  expect(outlook(null, { level: 'team', limit: '0', spent: '0', forecast: null })).toBe('unknown');
  expect(outlook(null, { limit: null })).toBe('within');
  expect(outlook(null, { forecast: null })).toBe('unknown');
});
