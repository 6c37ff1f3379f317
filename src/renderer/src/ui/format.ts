import { withoutEnd } from '../../../shared/without-end';
import { formatLocale } from './format-locale';

/**
 * Numbers, money, times and sizes for people, in one place. Decimal strings go to Intl as strings, which formats
 * them exactly; a float is used only to choose a format. The locale is the person's own or the one they chose.
 */
type Decimal = Intl.StringNumericLiteral;

/** `$` also where Intl would write `US$`: LiteLLM counts in nothing else, and lists have little room. */
const dollars = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const;

/**
 * Names one after another, as the language of the texts around them separates them: `a, b, c`.
 * @param language Of the texts, not of numbers and dates: in some a list ends in a word.
 */
export function formatList(items: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'unit' }).format(items);
}

/** A whole number (number or decimal text) with group separators. */
export function formatCount(value: number | string, locale?: string): string {
  return new Intl.NumberFormat(locale ?? formatLocale(), { maximumFractionDigits: 0 }).format(
    value as number | Decimal,
  );
}

/** A count short enough for a tile or an axis: `12,345`, `1.2M`. Full below 100,000. */
export function formatCompact(value: number | string, locale?: string): string {
  if (Math.abs(Number(value)) < 100_000) return formatCount(value, locale);
  return new Intl.NumberFormat(locale ?? formatLocale(), {
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(value as number | Decimal);
}

/** Money (decimal text, US dollars as LiteLLM counts): cents, or two significant digits below a cent. */
export function formatMoney(value: string, locale?: string): string {
  const amount = Math.abs(Number(value));
  const digits: Intl.NumberFormatOptions =
    amount > 0 && amount < 0.01 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2 };
  return new Intl.NumberFormat(locale ?? formatLocale(), { ...dollars, ...digits }).format(value as Decimal);
}

/** Intl formats no more. */
const mostFractionDigits = 100;

/** Money in full, every digit that is recorded. */
export function formatMoneyExact(value: string, locale?: string): string {
  const fraction = fractionDigits(value);
  return new Intl.NumberFormat(locale ?? formatLocale(), {
    ...dollars,
    minimumFractionDigits: Math.max(2, fraction),
    maximumFractionDigits: Math.max(2, fraction),
  }).format(value as Decimal);
}

/** A decimal (text) in full, every digit that is recorded. */
export function formatExact(value: string, locale?: string): string {
  return new Intl.NumberFormat(locale ?? formatLocale(), {
    maximumFractionDigits: fractionDigits(value),
  }).format(value as Decimal);
}

/** Digits behind the point, without the zeros at the end. */
function fractionDigits(value: string): number {
  return Math.min(mostFractionDigits, withoutEnd(value.split('.')[1] ?? '', '0').length);
}

/** Money for a tile or an axis: `$1.2K`; amounts below 10,000 as {@link formatMoney}. */
export function formatMoneyCompact(value: string | number, locale?: string): string {
  if (Math.abs(Number(value)) < 10_000) return formatMoney(String(value), locale);
  return new Intl.NumberFormat(locale ?? formatLocale(), {
    ...dollars,
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(value as number | Decimal);
}

/** A share (1 is the whole): `12 %`, with one decimal below 10 %. */
export function formatShare(share: number, locale?: string): string {
  return new Intl.NumberFormat(locale ?? formatLocale(), {
    style: 'percent',
    maximumFractionDigits: Math.abs(share) < 0.1 ? 1 : 0,
  }).format(share);
}

/** A change (0.12 is 12 % more) with its sign: `+12 %`; from tenfold on as a factor: `×352`. */
export function formatChange(change: number, locale?: string): string {
  if (change >= 9) return `×${formatCount(Math.round(change + 1), locale)}`;
  return new Intl.NumberFormat(locale ?? formatLocale(), {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: Math.abs(change) < 0.1 ? 1 : 0,
  }).format(change);
}

/** How much `current` differs from `previous`, as a share of it; null when there is nothing to compare with. */
export function changeBetween(previous: string, current: string): number | null {
  const before = Number(previous);
  return before === 0 ? null : (Number(current) - before) / before;
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** A size in bytes (decimal text or number), in decimal units: `12.3 MB`. */
export function formatBytes(value: string | number, locale?: string): string {
  let size = Number(value);
  let step = 0;
  while (Math.abs(size) >= 999.5 && step < byteUnits.length - 1) {
    size /= 1000;
    step += 1;
  }
  return new Intl.NumberFormat(locale ?? formatLocale(), {
    style: 'unit',
    unit: byteUnits[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step === 0 || Math.abs(size) >= 100 ? 0 : 1,
  }).format(size);
}

/** A duration in milliseconds in its two largest units: `850 ms`, `12.3 s`, `3 min 12 sec`, `2 hr 5 min`. */
export function formatDuration(durationMs: number, locale?: string): string {
  const part = (value: number, unit: string, fraction = 0): string =>
    new Intl.NumberFormat(locale ?? formatLocale(), {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: fraction,
    }).format(value);
  if (durationMs < 1000) return part(durationMs, 'millisecond', durationMs < 10 ? 1 : 0);
  const seconds = durationMs / 1000;
  if (seconds < 59.95) return part(seconds, 'second', 1);
  const wholeSeconds = Math.round(seconds);
  if (wholeSeconds < 3600) {
    return joined(part(Math.floor(wholeSeconds / 60), 'minute'), wholeSeconds % 60, (rest) =>
      part(rest, 'second'),
    );
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) {
    return joined(part(Math.floor(minutes / 60), 'hour'), minutes % 60, (rest) => part(rest, 'minute'));
  }
  const hours = Math.round(minutes / 60);
  return joined(part(Math.floor(hours / 24), 'day'), hours % 24, (rest) => part(rest, 'hour'));
}

function joined(first: string, rest: number, formatRest: (rest: number) => string): string {
  return rest === 0 ? first : `${first} ${formatRest(rest)}`;
}

/** A contract instant as a Date (milliseconds); null when JavaScript cannot hold it (years past 9999). */
export function toDate(instant: string): Date | null {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Local date and time to the minute; seconds on request. What no Date can hold comes back as it is. */
export function formatInstant(instant: string, locale?: string, options: { seconds?: boolean } = {}): string {
  const date = toDate(instant);
  if (date === null) return instant;
  return new Intl.DateTimeFormat(locale ?? formatLocale(), {
    dateStyle: 'medium',
    timeStyle: options.seconds === true ? 'medium' : 'short',
  }).format(date);
}

/** The same in UTC, in full: `2026-11-22 15:04:05.123456 UTC`. */
export function formatInstantUtc(instant: string): string {
  return `${instant.replace('T', ' ').replace(/(?:\.0+)?Z$/, '')} UTC`;
}

/** The local calendar date of an instant. */
export function formatInstantDate(instant: string, locale?: string): string {
  const date = toDate(instant);
  return date === null
    ? instant
    : new Intl.DateTimeFormat(locale ?? formatLocale(), { dateStyle: 'medium' }).format(date);
}

/** A calendar day (`YYYY-MM-DD`) that has no time zone: it is read and shown as it is. */
export function formatDay(day: string, locale?: string, style: 'medium' | 'short' = 'medium'): string {
  const options: Intl.DateTimeFormatOptions =
    style === 'medium' ? { dateStyle: 'medium' } : { month: 'short', day: 'numeric' };
  return new Intl.DateTimeFormat(locale ?? formatLocale(), { ...options, timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** The month of a calendar day: `Nov 2026`. */
export function formatMonth(day: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale ?? formatLocale(), {
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${day.slice(0, 7)}-01T00:00:00Z`));
}

const relativeSteps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, or in how long: `3 days ago`, `in 2 months`; within a minute `now`. */
export function formatRelative(instant: string, now: Date, locale?: string): string {
  const date = toDate(instant);
  if (date === null) return instant;
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const relative = new Intl.RelativeTimeFormat(locale ?? formatLocale(), { numeric: 'auto' });
  for (const [unit, size] of relativeSteps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(0, 'second');
}
