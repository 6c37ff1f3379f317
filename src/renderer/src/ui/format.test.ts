import { afterEach, describe, expect, it } from 'vitest';
import {
  changeBetween,
  formatBytes,
  formatChange,
  formatCompact,
  formatCount,
  formatDay,
  formatDuration,
  formatExact,
  formatInstantUtc,
  formatList,
  formatMoney,
  formatMoneyCompact,
  formatMoneyExact,
  formatMonth,
  formatRelative,
  toDate,
} from './format';
import { chooseFormatLocale } from './format-locale';

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('counts', () => {
  it('formats what a float cannot hold', () => {
    expect(formatCount('9007199254740993', 'en-US')).toBe('9,007,199,254,740,993');
  });
  it('shortens only what is long', () => {
    expect(formatCompact('99999', 'en-US')).toBe('99,999');
    expect(formatCompact('28185000', 'en-US')).toBe('28.2M');
  });
});

describe('money', () => {
  it('shows cents, and never rounds a small amount to nothing', () => {
    expect(formatMoney('0', 'en-US')).toBe('$0.00');
    expect(formatMoney('1234.5', 'en-US')).toBe('$1,234.50');
    expect(formatMoney('1234.5', 'en-GB')).toBe('$1,234.50');
    expect(formatMoney('0.000123', 'en-US')).toBe('$0.00012');
    expect(formatMoney('-3.256', 'en-US')).toBe('-$3.26');
  });
  it('formats every recorded digit', () => {
    expect(formatMoneyExact('12345678901234567.12345678', 'en-US')).toBe('$12,345,678,901,234,567.12345678');
    expect(formatMoneyExact('12.5000', 'en-US')).toBe('$12.50');
    expect(formatExact('1234567.00000012500', 'de-DE')).toBe('1.234.567,000000125');
    expect(formatExact('12.00', 'en-US')).toBe('12');
  });
  it('shortens large sums', () => {
    expect(formatMoneyCompact('123456.78', 'en-US')).toBe('$123.5K');
    expect(formatMoneyCompact('999.9', 'en-US')).toBe('$999.90');
  });
  it('compares two periods, unless the first was empty', () => {
    expect(changeBetween('100', '125')).toBe(0.25);
    expect(changeBetween('0', '5')).toBeNull();
    expect(formatChange(0.25, 'en-US')).toBe('+25%');
    expect(formatChange(-0.031, 'en-US')).toBe('-3.1%');
    expect(formatChange(350.31, 'en-US')).toBe('×351');
  });
});

describe('sizes and durations', () => {
  it('chooses the unit', () => {
    expect(formatBytes('0', 'en-US')).toBe('0 bytes');
    expect(formatBytes('999600', 'en-US')).toBe('1 MB');
    expect(formatBytes('12345678', 'en-US')).toBe('12.3 MB');
  });
  it('names the two largest units', () => {
    expect(formatDuration(850, 'en-US')).toBe('850 ms');
    expect(formatDuration(12_340, 'en-US')).toBe('12.3 sec');
    expect(formatDuration(59_990, 'en-US')).toBe('1 min');
    expect(formatDuration(192_000, 'en-US')).toBe('3 min 12 sec');
    expect(formatDuration(7_500_000, 'en-US')).toBe('2 hr 5 min');
  });
});

describe('times', () => {
  it('keeps microseconds in UTC', () => {
    expect(formatInstantUtc('2026-11-22T15:04:05.123456Z')).toBe('2026-11-22 15:04:05.123456 UTC');
    expect(formatInstantUtc('2026-11-22T15:04:05.000000Z')).toBe('2026-11-22 15:04:05 UTC');
  });
  it('does not move a calendar day across zones', () => {
    expect(formatDay('2026-01-01', 'en-US')).toBe('Jan 1, 2026');
    expect(formatMonth('2026-01-01', 'en-US')).toBe('Jan 2026');
  });
  it('says how long ago', () => {
    const now = new Date('2026-11-22T12:00:00Z');
    expect(plain(formatRelative('2026-11-22T11:59:30.000000Z', now, 'en-US'))).toBe('now');
    expect(plain(formatRelative('2026-11-19T12:00:00.000000Z', now, 'en-US'))).toBe('3 days ago');
    expect(plain(formatRelative('2027-02-22T12:00:00.000000Z', now, 'en-US'))).toBe('in 3 months');
  });
  it('leaves alone what JavaScript cannot hold', () => {
    expect(toDate('294276-12-31T23:59:59.999999Z')).toBeNull();
    expect(formatRelative('294276-12-31T23:59:59.999999Z', new Date(), 'en-US')).toBe(
      '294276-12-31T23:59:59.999999Z',
    );
  });
});

describe('the chosen format', () => {
  afterEach(() => chooseFormatLocale(undefined));

  it('holds for numbers, money and dates wherever no locale is named', () => {
    chooseFormatLocale('de-DE');
    expect(formatCount('1234567')).toBe('1.234.567');
    expect(plain(formatMoney('1234.5'))).toBe('1.234,50 $');
    expect(formatDay('2026-11-22')).toBe('22.11.2026');
    chooseFormatLocale('hi-IN');
    expect(formatCount('1234567')).toBe('12,34,567');
  });

  it('gives way to a locale that is named', () => {
    chooseFormatLocale('de-DE');
    expect(formatCount('1234567', 'en-US')).toBe('1,234,567');
  });
});

describe('lists', () => {
  it('are separated as the language of the texts does it', () => {
    expect(formatList(['a', 'b', 'c'], 'en')).toBe('a, b, c');
    expect(formatList(['a'], 'en')).toBe('a');
    expect(formatList([], 'en-XA')).toBe('');
  });
});
