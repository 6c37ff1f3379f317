/** Whether the body of a whole DataRow has so many values, each of a length that stays inside it. */
export function isWholeRow(bytes: Buffer, at: number, end: number, columns: number): boolean {
  if (end < at + 2 || bytes.readInt16BE(at) !== columns) return false;
  let place = at + 2;
  for (let column = 0; column < columns; column += 1) {
    if (place + 4 > end) return false;
    const length = bytes.readInt32BE(place);
    place += 4;
    if (length > 0) place += length;
    else if (length < -1) return false;
  }
  return place === end;
}

/** Looks at a large DataRow piece by piece, as it comes, and keeps nothing of it. */
export class RowLengths {
  private number = 0;
  /** Bytes that are still missing of the number that is being read; two for the count of columns, four for a length. */
  private missing = 2;
  private isCount = true;
  private columnsLeft: number;
  private valueLeft = 0;
  private left: number;

  /** @param bodyBytes without kind and length. */
  constructor(
    private readonly columns: number,
    bodyBytes: number,
  ) {
    this.columnsLeft = columns;
    this.left = bodyBytes;
  }

  /** Takes the next piece of the body; false when it can't be a row of so many columns and bytes. */
  take(bytes: Buffer): boolean {
    let at = 0;
    this.left -= bytes.length;
    while (at < bytes.length) {
      if (this.valueLeft > 0) {
        const taken = Math.min(this.valueLeft, bytes.length - at);
        this.valueLeft -= taken;
        at += taken;
      } else {
        if (this.missing === 0) return false;
        this.number = this.number * 256 + bytes.readUInt8(at);
        this.missing -= 1;
        at += 1;
        if (this.missing === 0 && !this.numberIsRead()) return false;
      }
    }
    const isOver = this.missing === 0 && this.valueLeft === 0;
    return this.left === 0 ? isOver : !isOver && this.valueLeft <= this.left;
  }

  private numberIsRead(): boolean {
    const number = this.number;
    this.number = 0;
    if (this.isCount) {
      this.isCount = false;
      if (number !== this.columns) return false;
    } else {
      this.columnsLeft -= 1;
      // -1 is NULL; any other negative length is none.
      if (number >= 0x8000_0000 && number !== 0xffff_ffff) return false;
      this.valueLeft = number === 0xffff_ffff ? 0 : number;
    }
    this.missing = this.columnsLeft > 0 ? 4 : 0;
    return true;
  }
}
