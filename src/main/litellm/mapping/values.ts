import * as z from 'zod';
import { ExactNumber } from '../../kernel/exact-json';

/** Any JSON number as plain decimal text. */
export const exactDecimal = z
  .union([z.number(), z.instanceof(ExactNumber)])
  .transform((value) => (typeof value === 'number' ? String(value) : value.text));

/** A whole number as decimal text: LiteLLM's limits are 64-bit. `1000.0` is whole, `0.5` is not. */
export const wholeNumber = exactDecimal.refine((text) => /^-?\d+$/.test(text), 'a whole number');

/** Optional and null mean the same on read: LiteLLM's releases differ in which fields they send. */
export const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? null);

/** Text; empty means absent, as LiteLLM writes it in its spend log. */
export const textOrNull = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === null || value === '' ? null : value));

export const textList = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

export const jsonObject = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});

const timestampPattern =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d+))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** A LiteLLM timestamp as the contract's instant. One without an offset is UTC (API reference §1.0). */
export const remoteInstant = z.string().transform((text, context): string => {
  const instant = toInstant(text);
  if (instant === null) {
    context.addIssue({ code: 'custom', message: 'not a timestamp' });
    return z.NEVER;
  }
  return instant;
});

/** Null when the text is no timestamp. Digits past the microsecond are dropped. */
export function toInstant(text: string): string | null {
  const match = timestampPattern.exec(text.trim());
  if (!match) return null;
  const [, day = '', time = '', fraction = '', zone = 'Z'] = match;
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const milliseconds = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${offset}`);
  if (Number.isNaN(milliseconds)) return null;
  const seconds = new Date(milliseconds).toISOString().slice(0, 19);
  return `${seconds}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** The rows of a list that have the expected form, and how many did not: one odd row never fails a run. */
export interface CheckedRows<Row> {
  readonly rows: Row[];
  readonly rejected: RejectedRow[];
}

export interface RejectedRow {
  readonly content: unknown;
  /** The fields that are not as expected. */
  readonly problem: string;
}

export function checkRows<Schema extends z.ZodType>(
  schema: Schema,
  rows: readonly unknown[],
): CheckedRows<z.output<Schema>> {
  const checked: CheckedRows<z.output<Schema>> = { rows: [], rejected: [] };
  for (const content of rows) {
    const result = schema.safeParse(content);
    if (result.success) checked.rows.push(result.data);
    else checked.rejected.push({ content, problem: problemText(result.error) });
  }
  return checked;
}

function problemText(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`)
    .join('; ')
    .slice(0, 300);
}
