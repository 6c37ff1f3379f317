import { shiftDecimal } from '../../../shared/decimal';

const precision = 1_000_000n;

/**
 * The part of a whole, to a millionth, reckoned exactly; both are decimal text. Null where the whole is zero: then
 * there is no share to speak of.
 */
export function shareOf(part: string, whole: string): number | null {
  const scale = Math.max(fractionDigits(part), fractionDigits(whole));
  const units = BigInt(shiftDecimal(part, scale));
  const wholeUnits = BigInt(shiftDecimal(whole, scale));
  if (wholeUnits === 0n) return null;
  return Number((units * precision) / wholeUnits) / Number(precision);
}

function fractionDigits(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}
