import * as z from 'zod';

/**
 * An instant: ISO 8601 in UTC with microseconds, as PostgreSQL keeps it (milliseconds collide in real data). It keeps
 * two more kinds: `infinity` or `-infinity`, and years before Christ (` BC` at the end).
 */
export const instant = z
  .string()
  .regex(
    /^(?:\d{4,6}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z(?: BC)?|-?infinity)$/,
    'an instant such as 2026-11-22T15:04:05.000000Z',
  );

/** A calendar day in the reporting zone, `YYYY-MM-DD`. */
export const calendarDay = z.iso.date();

/** Whether an instant's day is one of the calendar, in the years 1 to 9999: PostgreSQL refuses a 31 February. */
function isOnCalendar(value: string): boolean {
  const time = Date.parse(value);
  if (Number.isNaN(time) || value.startsWith('0000') || value.endsWith('BC')) return false;
  return new Date(time).toISOString().slice(0, 10) === value.slice(0, 10);
}

/** An instant that a person's choice comes to; PostgreSQL's `infinity` is none. */
export const choosableInstant = instant.refine(isOnCalendar, 'a moment of the calendar');

/** When something is to end: a day means its end in the reporting zone. */
export const chosenEnd = z.union([calendarDay, choosableInstant]);

/** Money, prices and other NUMERIC values: exact decimal text, never a float. */
export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'a decimal number such as 12.50');

/** A decimal that a column holds. NUMERIC can hold `NaN` too, which no input may. */
export const recordedDecimal = z.string().regex(/^(?:-?\d+(\.\d+)?|NaN)$/, 'a decimal number such as 12.50');

/** A BIGINT as decimal text: it may exceed what a JavaScript number holds exactly. */
export const bigInteger = z.string().regex(/^-?\d+$/, 'a whole number');

/** Money that a person sets as a ceiling: what NUMERIC(20,6) holds, and nothing below 0, which allows nothing. */
export const budget = z.string().regex(/^\d{1,14}(?:\.\d{1,6})?$/, 'an amount such as 12.50');

/** A count that a person sets as a ceiling, up to what BIGINT holds; 0 allows nothing. */
export const limit = z
  .string()
  .regex(/^\d{1,19}$/, { error: 'a whole number', abort: true })
  .refine((value) => BigInt(value) <= 9_223_372_036_854_775_807n, 'at most 9223372036854775807');

export const uuid = z.guid();

/** Up to this many rows cross in one answer (MUI's community grid allows no more either). */
export const maxPageSize = 100;

/** What a person typed into a search box. A whole `sk-…` key is hashed in main to find its record. */
export const searchText = z.string().max(300).default('');

/** A relation shown as a link; `label` is what a person recognises it by. */
export const reference = z.object({ id: z.string(), label: z.string() });
export type Reference = z.infer<typeof reference>;

/** A choice for filters: found by text, at most 20 at a time. */
export const optionsInput = z.strictObject({
  search: searchText,
  ids: z.array(z.string().max(255)).max(50).default([]),
});
export const optionsOutput = z.object({ options: z.array(reference).max(70) });

/**
 * Input of every list: one page, sorted by one of `sortFields`, searched, filtered. Paging, sorting and
 * filtering happen in PostgreSQL.
 */
export function listInput<const Fields extends readonly [string, ...string[]], Filters extends z.ZodRawShape>(
  sortFields: Fields,
  filters: Filters,
) {
  return z.strictObject({
    page: z.int().min(0).max(1_000_000).default(0),
    pageSize: z.int().min(1).max(maxPageSize).default(25),
    /** Absent: the list's own order. */
    sort: z.strictObject({ field: z.enum(sortFields), direction: z.enum(['asc', 'desc']) }).optional(),
    search: searchText,
    filters: z.strictObject(filters),
  });
}

/** Output of every list. `total` counts all rows that match; past `totalIsExact: false` it is a lower bound. */
export function listOutput<Row extends z.ZodType>(row: Row) {
  return z.object({
    rows: z.array(row).max(maxPageSize),
    total: z.int().min(0),
    totalIsExact: z.boolean(),
  });
}

/** Where a file procedure's content went. `cancelled` when the person closed the dialog. */
export const fileOutput = z.discriminatedUnion('state', [
  z.object({ state: z.literal('saved'), name: z.string() }),
  z.object({ state: z.literal('cancelled') }),
  z.object({ state: z.literal('ticket'), ticket: z.string(), name: z.string() }),
]);
export type FileOutput = z.infer<typeof fileOutput>;

export const emptyInput = z.strictObject({});
export const emptyOutput = z.object({});
