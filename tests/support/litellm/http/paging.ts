/** One page out of a list, with LiteLLM's page count (0 for an empty list). */
export function pageOf<Row>(
  rows: readonly Row[],
  page: number,
  size: number,
): { rows: Row[]; total: number; totalPages: number } {
  const start = (page - 1) * size;
  return {
    rows: rows.slice(start, start + size),
    total: rows.length,
    totalPages: Math.ceil(rows.length / size),
  };
}

type Sortable = string | number | bigint | boolean | null | undefined;

function compareValues(left: Sortable, right: Sortable): number {
  if (left === right) return 0;
  // PostgreSQL puts NULL last when ascending, first when descending.
  if (left === null || left === undefined) return 1;
  if (right === null || right === undefined) return -1;
  return left < right ? -1 : 1;
}

/** A sorted copy; equal values keep the order they had, which a real proxy does not promise. */
export function sortedBy<Row>(
  rows: readonly Row[],
  value: (row: Row) => Sortable,
  order: 'asc' | 'desc',
): Row[] {
  const direction = order === 'asc' ? 1 : -1;
  return rows
    .map((row) => ({ row, sortValue: value(row) }))
    .sort((left, right) => direction * compareValues(left.sortValue, right.sortValue))
    .map(({ row }) => row);
}

/** Turns the order on each call: what an ORDER BY without tie-break may do between two pages. */
export function rotated<Row>(rows: readonly Row[], steps: number): Row[] {
  if (rows.length === 0) return [];
  const cut = steps % rows.length;
  return [...rows.slice(cut), ...rows.slice(0, cut)];
}
