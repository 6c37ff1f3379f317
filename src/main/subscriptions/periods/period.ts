import { type SQL, sql } from 'drizzle-orm';
import { knownBudgetPeriod } from '../../../shared/contract/teams';
import type { ChangeValue } from '../../../shared/contract/changes';

/** A period after which a budget is counted anew: with the calendar, by the clock of a day, or so many days. */
type Period =
  | { readonly kind: 'calendar'; readonly unit: 'day' | 'week' | 'month' | 'year' }
  | { readonly kind: 'clock'; readonly seconds: number }
  | { readonly kind: 'days'; readonly days: number };

/** As LiteLLM counts them, in UTC; `30d` is no 30 days there, and `365d` is no year of the calendar. */
const calendarUnits = {
  '1mo': 'month',
  '30d': 'month',
  monthly: 'month',
  yearly: 'year',
  '7d': 'week',
  '1d': 'day',
  '24h': 'day',
} as const;

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
/** Nobody waits for a reset longer than a century, and PostgreSQL's calendar ends. */
const longestDays = 100 * 365;

/** The period that a column's text means; null where there is none, or none that is known. */
export function periodOf(text: ChangeValue): Period | null {
  if (typeof text !== 'string') return null;
  if (Object.hasOwn(calendarUnits, text)) {
    return { kind: 'calendar', unit: calendarUnits[text as keyof typeof calendarUnits] };
  }
  const [, count = '', letter = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (count === '') return null;
  if (letter === 'd') return Number(count) > longestDays ? null : { kind: 'days', days: Number(count) };
  const length = Number(count) * (unitSeconds[letter] ?? 1);
  return length > longestDays * 86_400 ? null : { kind: 'clock', seconds: length };
}

/** SQL: whether the text of a column means a period that ends, as {@link periodOf} reads it. */
export const hasPeriod = (column: SQL): SQL => sql`(${column} <> 'lifetime' AND CASE
  WHEN ${column} ~ '^[1-9][0-9]{0,5}[smhd]$' THEN left(${column}, -1)::bigint
    * CASE right(${column}, 1) WHEN 'd' THEN 86400 WHEN 'h' THEN 3600 WHEN 'm' THEN 60 ELSE 1 END <= ${longestDays * 86_400}
  ELSE ${column} ~ ${knownBudgetPeriod.source} END)`;

const now = sql`(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')`;
const today = sql`date_trunc('day', ${now})`;
const seconds = (count: SQL | number): SQL => sql`(${count} * interval '1 second')`;

/** SQL: the last moment of the day's clock at which such a period began, in UTC. */
function lastOnTheClock(length: number): SQL {
  const passed = sql`extract(epoch FROM ${now} - ${today})`;
  return sql`(${today} + ${seconds(sql`floor(${passed} / ${length}::bigint) * ${length}::bigint`)})`;
}

/** SQL: when a period that is under way now ends, in UTC without a zone; NULL where it never does. */
export function endOfPeriod(period: Period | null): SQL {
  switch (period?.kind) {
    case 'calendar':
      return sql`date_trunc(${period.unit}, ${now}) + ${`1 ${period.unit}`}::interval`;
    case 'clock':
      return sql`${lastOnTheClock(period.seconds)} + ${seconds(sql`${period.seconds}::bigint`)}`;
    case 'days':
      return sql`${today} + ${`${String(period.days)} days`}::interval`;
    case undefined:
      return sql`NULL::timestamp`;
  }
}

/**
 * SQL: when the period that is under way now began, and when it ends, in UTC without a zone, where the one before was to
 * end at `reset`. However late it is asked, each period begins where the one before it ended.
 */
export function periodAfter(period: Period, reset: SQL): { readonly start: SQL; readonly end: SQL } {
  switch (period.kind) {
    case 'calendar':
      return {
        start: sql`GREATEST(${reset}, date_trunc(${period.unit}, ${now}))`,
        end: endOfPeriod(period),
      };
    case 'clock':
      return { start: sql`GREATEST(${reset}, ${lastOnTheClock(period.seconds)})`, end: endOfPeriod(period) };
    case 'days': {
      const length = period.days * 86_400;
      const passed = sql`floor(extract(epoch FROM ${now} - ${reset}) / ${length}::bigint)`;
      const start = sql`(${reset} + ${seconds(sql`${passed} * ${length}::bigint`)})`;
      return { start, end: sql`${start} + ${`${String(period.days)} days`}::interval` };
    }
  }
}
