import { plainDecimal } from '../../../shared/decimal';
import { ExactNumber } from '../../kernel/exact-json';

/** A value of one of our columns as the pull compares it: numbers and times are text, lists are lists of text. */
export type FieldValue = string | boolean | null | readonly string[] | JsonTree;
export interface JsonTree {
  readonly [name: string]: unknown;
}

/** One of our records, by column name. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** What a remote object becomes: a record of ours, or nothing that our schema has a place for. */
export type Mapped =
  | {
      readonly home: true;
      readonly fields: Fields;
      /** Something a person should know although the object has its home. */
      readonly finding: string | null;
    }
  | { readonly home: false; readonly reason: string; readonly name?: string | null };

/** The same text for the same value, whatever the order of its members. */
export function canonicalJson(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    members.sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

export function sameValue(left: FieldValue | undefined, right: FieldValue | undefined): boolean {
  return left === right || canonicalJson(left) === canonicalJson(right);
}

/**
 * Rounds half away from zero to `scale` digits after the point, as PostgreSQL's NUMERIC does. What was agreed on has
 * to be what the column holds, or every comparison would find a difference.
 */
export function roundDecimal(text: string, scale: number): string {
  const plain = plainDecimal(text);
  const negative = plain.startsWith('-');
  const [whole = '0', fraction = ''] = plain.replace('-', '').split('.');
  if (fraction.length <= scale) return plain;
  const kept = BigInt(whole + fraction.slice(0, scale)) + (fraction.charAt(scale) >= '5' ? 1n : 0n);
  return plainDecimal(`${negative ? '-' : ''}${kept}e-${scale}`);
}

/** The value rounded to NUMERIC(precision, scale), or null where it has more digits before the point than fit. */
export function fitDecimal(text: string, precision: number, scale: number): string | null {
  const rounded = roundDecimal(text, scale);
  const whole = rounded.replace('-', '').split('.')[0] ?? '0';
  return whole.replace(/^0+/, '').length > precision - scale ? null : rounded;
}

const maxBigint = 2n ** 63n - 1n;

/** The whole number, or the nearest one that BIGINT holds. */
export function fitBigint(text: string): string {
  const value = BigInt(text);
  if (value > maxBigint) return maxBigint.toString();
  return (value < -maxBigint ? -maxBigint : value).toString();
}

/** The first `length` characters, never half of one: VARCHAR counts code points, JavaScript counts halves. */
export function truncate(text: string, length: number): string {
  return isTooLong(text, length) ? Array.from(text).slice(0, length).join('') : text;
}

/** True when VARCHAR(`length`) would refuse the text. */
export function isTooLong(text: string, length: number): boolean {
  return text.length > length && Array.from(text).length > length;
}
