import { microsecondsOf } from '../instants';
import type { ProxyState, SpendRow } from '../state';

interface IndexedRow {
  readonly row: SpendRow;
  readonly startMicroseconds: number;
  readonly endMilliseconds: number;
}

/** Rows in the order of their start, remembered until the array of rows changes. */
const indexes = new WeakMap<SpendRow[], { length: number; rows: IndexedRow[] }>();

function indexOf(spend: SpendRow[]): IndexedRow[] {
  const known = indexes.get(spend);
  if (known?.length === spend.length) return known.rows;
  const rows = spend
    .map((row) => ({
      row,
      startMicroseconds: microsecondsOf(row.startTime),
      endMilliseconds: microsecondsOf(row.endTime) / 1000,
    }))
    .sort((left, right) => left.startMicroseconds - right.startMicroseconds);
  indexes.set(spend, { length: spend.length, rows });
  return rows;
}

/** First place in the ordered rows whose start is not before the given microsecond. */
function lowerBound(rows: readonly IndexedRow[], microseconds: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && row.startMicroseconds < microseconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Spend rows whose start lies in [from, to], both ends included, oldest first. A row is there only once its request has
 * ended and the write lag has passed, although it is filed under its start.
 *
 * Rows may be added to `state.spend` at any time; replace the array when rows in it were changed in place.
 */
export function writtenRows(
  state: ProxyState,
  range: { fromMicroseconds: number; toMicroseconds: number },
  writtenBeforeMs: number,
): SpendRow[] {
  const rows = indexOf(state.spend);
  const start = lowerBound(rows, range.fromMicroseconds);
  const end = lowerBound(rows, range.toMicroseconds + 1);
  return rows
    .slice(start, end)
    .filter((indexed) => indexed.endMilliseconds <= writtenBeforeMs)
    .map((indexed) => indexed.row);
}

/** The whole table, as far as it is written. */
export function allWrittenRows(state: ProxyState, writtenBeforeMs: number): SpendRow[] {
  const everything = { fromMicroseconds: Number.NEGATIVE_INFINITY, toMicroseconds: Number.POSITIVE_INFINITY };
  return writtenRows(state, everything, writtenBeforeMs);
}
