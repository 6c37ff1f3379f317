import { addDays, lastDays, type DayRange, isDay } from '../charts/calendar';

/** Ranges that move with today; all in the reporting zone, today included unless they have ended. */
export const usagePeriods = ['today', '7d', '30d', '90d', 'this-month', 'last-month', '12m'] as const;
export type UsagePeriod = (typeof usagePeriods)[number];

export const defaultPeriod: UsagePeriod = '30d';

/** As the console's own limit. */
const longestRangeDays = 7_320;
/** Above this many days a chart shows months. */
const mostDailyBuckets = 186;

/** The days of a period. `12m` is the twelve calendar months that end with the current one. */
export function periodRange(period: UsagePeriod, timeZone: string, now: Date): DayRange {
  const today = lastDays(1, timeZone, now).to;
  const monthStart = startOfMonth(today, 0);
  switch (period) {
    case 'today':
      return { from: today, to: today };
    case '7d':
      return lastDays(7, timeZone, now);
    case '30d':
      return lastDays(30, timeZone, now);
    case '90d':
      return lastDays(90, timeZone, now);
    case 'this-month':
      return { from: monthStart, to: today };
    case 'last-month':
      return { from: startOfMonth(today, -1), to: addDays(monthStart, -1) };
    case '12m':
      return { from: startOfMonth(today, -11), to: today };
  }
}

/** The first day of the month that lies `months` after the one of `day`. */
function startOfMonth(day: string, months: number): string {
  const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

/** Both ends included. */
export function countDays({ from, to }: DayRange): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000) + 1;
}

/** The equally long range just before: what totals are compared with. */
export function rangeBefore(range: DayRange): DayRange {
  return { from: addDays(range.from, -countDays(range)), to: addDays(range.from, -1) };
}

/** What a chart of a range asks for; the console may answer with wider buckets. */
export function bucketFor(range: DayRange): 'day' | 'month' {
  return countDays(range) > mostDailyBuckets ? 'month' : 'day';
}

export type RangeProblem = 'invalid' | 'reversed' | 'tooLong';

/** Why two typed days are no range; null when they are. */
export function rangeProblem({ from, to }: DayRange): RangeProblem | null {
  if (!isDay(from) || !isDay(to)) return 'invalid';
  if (to < from) return 'reversed';
  return countDays({ from, to }) > longestRangeDays ? 'tooLong' : null;
}
