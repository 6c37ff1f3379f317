import type * as z from 'zod';
import type { usageRange } from '../../shared/contract/usage';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';

/** Days of the reporting zone, both ends included. A calendar day has no zone of its own: no DST here. */
export type UsageRange = z.infer<typeof usageRange>;

const dayMs = 86_400_000;
const longestRangeDays = 7_320;

const toNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
const toDay = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10);

/** Throws `validation` when the range ends before it begins or is longer than 20 years. */
export function checkRange(range: UsageRange): void {
  if (range.to < range.from) {
    throw new AppError('validation', say('usage.range.backwards', range), {
      hint: say('usage.range.backwardsHint'),
      details: { 'range.to': 'before range.from' },
    });
  }
  if (dayCount(range) > longestRangeDays) {
    throw new AppError('validation', say('usage.range.tooLong'), {
      hint: say('usage.range.tooLongHint'),
      details: { range: 'too long' },
    });
  }
}

export function dayCount({ from, to }: UsageRange): number {
  return toNumber(to) - toNumber(from) + 1;
}

/** The equally long range just before. */
export function previousRange(range: UsageRange): UsageRange {
  const first = toNumber(range.from);
  return { from: toDay(first - dayCount(range)), to: toDay(first - 1) };
}

/** The whole months of a range and the days that remain before and after them. */
export interface RangeParts {
  /** First days of the first and the last whole month. */
  readonly months: UsageRange | null;
  readonly days: readonly UsageRange[];
}

/** Splits a range so that whole months can be read from the monthly rollup. */
export function splitRange(range: UsageRange): RangeParts {
  const firstMonth = isMonthStart(range.from) ? range.from : nextMonth(range.from);
  const afterLastMonth = monthStart(toDay(toNumber(range.to) + 1));
  if (firstMonth >= afterLastMonth) return { months: null, days: [range] };
  const lastMonth = monthStart(toDay(toNumber(afterLastMonth) - 1));
  const before = { from: range.from, to: toDay(toNumber(firstMonth) - 1) };
  const after = { from: afterLastMonth, to: range.to };
  return {
    months: { from: firstMonth, to: lastMonth },
    days: [before, after].filter((part) => part.from <= part.to),
  };
}

export type Bucket = 'day' | 'week' | 'month';

/** The first days of the buckets that cover a range, without gaps. Weeks begin on Monday. */
export function bucketsOf(range: UsageRange, bucket: Bucket): string[] {
  const buckets: string[] = [];
  for (let start = bucketStart(range.from, bucket); start <= range.to; start = nextBucket(start, bucket)) {
    buckets.push(start);
  }
  return buckets;
}

function bucketStart(day: string, bucket: Bucket): string {
  if (bucket === 'month') return monthStart(day);
  if (bucket === 'day') return day;
  const number = toNumber(day);
  // 1970-01-01 was a Thursday.
  return toDay(number - ((((number + 3) % 7) + 7) % 7));
}

function nextBucket(start: string, bucket: Bucket): string {
  if (bucket === 'month') return nextMonth(start);
  return toDay(toNumber(start) + (bucket === 'week' ? 7 : 1));
}

const monthStart = (day: string): string => `${day.slice(0, 7)}-01`;
const isMonthStart = (day: string): boolean => day.endsWith('-01');

function nextMonth(day: string): string {
  const date = new Date(`${monthStart(day)}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 10);
}
