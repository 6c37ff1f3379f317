/** About as many bytes of a batch are wanted in memory. */
const wantedBytes = 2_097_152;
const mostRows = 1_000;
const growth = 8;

/**
 * Rows of a cursor in batches whose size follows the rows' own: narrow rows come by the thousand, rows of megabytes one
 * by one. The first batch is a single row, since nothing is known of the others.
 * @param fetch answers the next so many rows, fewer at the end.
 * @param limit ends after so many rows.
 */
export async function* fetchRows<Row>(
  fetch: (count: number) => Promise<readonly Row[]>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Row[]> {
  let count = 1;
  let left = limit;
  while (left > 0) {
    const asked = Math.min(count, left);
    const rows = await fetch(asked);
    if (rows.length > 0) yield rows;
    if (rows.length < asked) return;
    left -= rows.length;
    const average = JSON.stringify(rows).length / rows.length;
    count = Math.max(1, Math.min(count * growth, mostRows, Math.floor(wantedBytes / average)));
  }
}
