/**
 * Places in a statement, in the four ways they are counted: JavaScript and the editor count UTF-16 units, the parser's
 * tree and tokens UTF-8 bytes, its errors and the server's code points. All from 0 on; the server's, and what crosses
 * to the screen, from 1 on, is converted by whoever reads it.
 */
export interface Places {
  /** The UTF-16 place of a byte; one within a character is that of the character. */
  ofByte(byte: number): number;
  /** The UTF-16 place of a code point. */
  ofCodePoint(codePoint: number): number;
}

/** Counts once, for as many places as are asked for; a place beyond the text is its end. */
export function placesIn(text: string): Places {
  /** The UTF-16 place and the byte each code point begins at. */
  const units: number[] = [];
  const bytes: number[] = [];
  let byte = 0;
  for (let unit = 0; unit < text.length;) {
    const point = text.codePointAt(unit) ?? 0;
    units.push(unit);
    bytes.push(byte);
    unit += point > 0xffff ? 2 : 1;
    byte += bytesOf(point);
  }
  const ofCodePoint = (codePoint: number): number => units[Math.max(0, codePoint)] ?? text.length;
  return {
    ofCodePoint,
    ofByte: (wanted) => (wanted >= byte ? text.length : ofCodePoint(lastAtMost(bytes, wanted))),
  };
}

/** A lone surrogate is sent as U+FFFD: three bytes, as what it would be itself. */
function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

function lastAtMost(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
