import type { Cell, ResultColumn } from '../../../shared/contract/browse';

const narrowest = 76;
const widest = 320;
/** Pixels that a character takes on average, in the header's and in the cells' font. */
const headerCharacter = 7.6;
const cellCharacter = 7.2;
/** Padding of a cell, and what the sort arrow and the marks beside a name need. */
const cellPadding = 24;
const headerExtras = 44;
/** Mark of a cut value: its size as a button. */
const cutMark = 72;

/**
 * Widths in pixels from what a first page holds, so that short columns stay narrow and long ones do not push the
 * others away. Header names count too, up to a limit.
 */
export function valueWidths(columns: readonly ResultColumn[], rows: readonly (readonly Cell[])[]): number[] {
  return columns.map(({ name, type }, place) => {
    const header = Math.max(name.length, Math.min(type.length, 18)) * headerCharacter + headerExtras;
    const cells = rows.reduce((longest, row) => Math.max(longest, cellWidth(row[place])), 0);
    return Math.round(Math.min(widest, Math.max(narrowest, Math.min(header, 220), cells)));
  });
}

function cellWidth(cell: Cell | undefined): number {
  if (cell === undefined || cell.text === null) return 0;
  return cell.text.length * cellCharacter + cellPadding + (cell.bytes === undefined ? 0 : cutMark);
}
