import { describe, expect, it } from 'vitest';
import { isDay } from '../charts/calendar';
import { bucketFor, countDays, periodRange, rangeBefore, rangeProblem } from './usage-period';

const now = new Date('2026-03-01T02:00:00Z');

describe('periodRange', () => {
  it('takes today from the reporting zone', () => {
    expect(periodRange('today', 'UTC', now)).toEqual({ from: '2026-03-01', to: '2026-03-01' });
    expect(periodRange('today', 'America/New_York', now)).toEqual({ from: '2026-02-28', to: '2026-02-28' });
  });
  it('counts today among the last days', () => {
    expect(periodRange('7d', 'UTC', now)).toEqual({ from: '2026-02-23', to: '2026-03-01' });
    expect(countDays(periodRange('30d', 'UTC', now))).toBe(30);
    expect(countDays(periodRange('90d', 'UTC', now))).toBe(90);
  });
  it('knows this month, the last and the last twelve', () => {
    expect(periodRange('this-month', 'UTC', now)).toEqual({ from: '2026-03-01', to: '2026-03-01' });
    expect(periodRange('last-month', 'UTC', now)).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(periodRange('12m', 'UTC', now)).toEqual({ from: '2025-04-01', to: '2026-03-01' });
  });
  it('crosses the turn of the year and leap days', () => {
    expect(periodRange('last-month', 'UTC', new Date('2026-01-31T12:00:00Z'))).toEqual({
      from: '2025-12-01',
      to: '2025-12-31',
    });
    expect(periodRange('last-month', 'UTC', new Date('2028-03-31T12:00:00Z')).to).toBe('2028-02-29');
  });
});

describe('rangeBefore', () => {
  it('is as long and ends the day before', () => {
    expect(rangeBefore({ from: '2026-03-01', to: '2026-03-31' })).toEqual({
      from: '2026-01-29',
      to: '2026-02-28',
    });
    expect(rangeBefore({ from: '2026-03-01', to: '2026-03-01' })).toEqual({
      from: '2026-02-28',
      to: '2026-02-28',
    });
  });
});

describe('bucketFor', () => {
  it('shows days up to half a year, then months', () => {
    expect(bucketFor({ from: '2026-01-01', to: '2026-03-31' })).toBe('day');
    expect(bucketFor({ from: '2025-04-01', to: '2026-03-01' })).toBe('month');
  });
});

describe('rangeProblem', () => {
  it('accepts one day and twenty years', () => {
    expect(rangeProblem({ from: '2026-03-01', to: '2026-03-01' })).toBeNull();
    expect(rangeProblem({ from: '2006-03-01', to: '2026-03-01' })).toBeNull();
  });
  it('says what is wrong with the others', () => {
    expect(rangeProblem({ from: '', to: '2026-03-01' })).toBe('invalid');
    expect(rangeProblem({ from: '2026-03-02', to: '2026-03-01' })).toBe('reversed');
    expect(rangeProblem({ from: '1990-01-01', to: '2026-03-01' })).toBe('tooLong');
  });
  it('knows which days exist', () => {
    expect(isDay('2024-02-29')).toBe(true);
    expect(isDay('2026-02-29')).toBe(false);
    expect(isDay('2026-13-01')).toBe(false);
    expect(isDay('1 March')).toBe(false);
  });
});
