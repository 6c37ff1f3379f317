import { withoutEnd } from './without-end';

/**
 * Exact arithmetic on decimal text, for money and prices: they are NUMERIC in SQL and must never pass through a
 * binary float (0.1 + 0.2). Values are plain decimals such as `-12.50`; the functions throw a RangeError on others.
 */
interface Scaled {
  readonly units: bigint;
  readonly scale: number;
}

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

function parse(text: string): Scaled {
  const match = pattern.exec(text.trim());
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') throw new RangeError(`Not a decimal number: ${text.slice(0, 40)}`);
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  return scale < 0 ? { units: digits * 10n ** BigInt(-scale), scale: 0 } : { units: digits, scale };
}

function format({ units, scale }: Scaled): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = withoutEnd(digits.slice(digits.length - scale), '0');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}

function align(a: Scaled, b: Scaled): readonly [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  const raise = (value: Scaled): bigint => value.units * 10n ** BigInt(scale - value.scale);
  return [raise(a), raise(b), scale];
}

/** True for text that the functions here take: not for NaN, which PostgreSQL's NUMERIC can hold. */
export function isDecimal(text: string): boolean {
  const [, , whole = '', fraction = ''] = pattern.exec(text.trim()) ?? [];
  return whole + fraction !== '';
}

/** Any way of writing a decimal (`1e-7`, `+1.50`) as plain digits without trailing zeros: `0.0000001`, `1.5`. */
export function plainDecimal(text: string): string {
  return format(parse(text));
}

export function addDecimals(a: string, b: string): string {
  const [left, right, scale] = align(parse(a), parse(b));
  return format({ units: left + right, scale });
}

export function multiplyDecimals(a: string, b: string): string {
  const left = parse(a);
  const right = parse(b);
  return format({ units: left.units * right.units, scale: left.scale + right.scale });
}

/** Negative, 0 or positive, as for sorting. */
export function compareDecimals(a: string, b: string): number {
  const [left, right] = align(parse(a), parse(b));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Moves the decimal point to the right: a price per token becomes one per 1,000 tokens with `places` = 3. */
export function shiftDecimal(text: string, places: number): string {
  const { units, scale } = parse(text);
  const moved = scale - places;
  return moved < 0
    ? format({ units: units * 10n ** BigInt(-moved), scale: 0 })
    : format({ units, scale: moved });
}
