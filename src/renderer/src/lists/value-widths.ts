import type { Cell, ResultColumn } from '../../../shared/contract/browse';

const narrowest = 76;
const widest = 340;
/** Pixels that a character takes on average, in the header's and in the cells' font. */
const headerCharacter = 7.6;
const cellCharacter = 7.6;
/** Padding of a cell, and what the sort arrow and the marks beside a name need. */
const cellPadding = 24;
const headerExtras = 44;
/** Mark of a cut value: its size as a button. */
const cutMark = 72;
/** The link beside a value that leads to another row. */
const linkMark = 32;

interface MeasuredColumn extends ResultColumn {
  readonly link?: unknown;
}

/**
 * Widths in pixels from what a first page holds, so that short columns stay narrow and long ones do not push the
 * others away. Header names count too, up to a limit.
 */
export function valueWidths(
  columns: readonly MeasuredColumn[],
  rows: readonly (readonly Cell[])[],
): number[] {
  return columns.map(({ name, type, link }, place) => {
    const header = Math.max(name.length, Math.min(type.length, 18)) * headerCharacter + headerExtras;
    const values = rows.reduce((longest, row) => Math.max(longest, cellWidth(row[place])), 0);
    const cells = values + (link === undefined ? 0 : linkMark);
    return Math.round(Math.min(widest, Math.max(narrowest, Math.min(header, 220), cells)));
  });
}

function cellWidth(cell: Cell | undefined): number {
  if (cell === undefined || cell.text === null) return 0;
  return cell.text.length * cellCharacter + cellPadding + (cell.bytes === undefined ? 0 : cutMark);
}
