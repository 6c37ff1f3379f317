import { describe, expect, it } from 'vitest';
import { BudgetDurationError, isBudgetDuration, nextBudgetReset } from './budget-duration';

const now = new Date('2026-09-09T15:30:00Z');

describe('budget resets as LiteLLM computes them', () => {
  it.each([
    ['30m', '2026-09-09T16:00:00Z'],
    ['1h', '2026-09-09T16:00:00Z'],
    ['5h', '2026-09-09T20:00:00Z'],
    ['1d', '2026-09-10T00:00:00Z'],
    ['2d', '2026-09-11T00:00:00Z'],
    ['7d', '2026-09-14T00:00:00Z'],
    ['14d', '2026-09-23T00:00:00Z'],
    ['60d', '2026-11-08T00:00:00Z'],
    ['365d', '2027-09-09T00:00:00Z'],
    ['30d', '2026-10-01T00:00:00Z'],
    ['1mo', '2026-10-01T00:00:00Z'],
    ['1w', '2026-09-10T00:00:00Z'],
    ['2w', '2026-09-10T00:00:00Z'],
    ['monthly', '2026-09-10T00:00:00Z'],
    ['yearly', '2026-09-10T00:00:00Z'],
    ['1y', '2026-09-10T00:00:00Z'],
  ])('resets %s at %s', (duration, reset) => {
    expect(nextBudgetReset(duration, now)).toBe(reset);
  });

  it('cannot compute several months', () => {
    expect(() => nextBudgetReset('3mo', now)).toThrow(BudgetDurationError);
    expect(() => nextBudgetReset('12mo', now)).toThrow(BudgetDurationError);
  });

  it('tells spellings outside the grammar', () => {
    expect(['1mo', '2w', '30s'].map(isBudgetDuration)).toEqual([true, true, true]);
    expect(['monthly', '1y', 'mo', ''].map(isBudgetDuration)).toEqual([false, false, false, false]);
  });
});
