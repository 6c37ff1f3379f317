/** About as many bytes of a batch are wanted in memory. */
const wantedBytes = 2_097_152;
const mostRows = 100;
const growth = 8;

/**
 * Rows of a cursor in batches whose size follows the largest row so far: narrow rows come by the hundred, rows of
 * megabytes one by one. The first batch is a single row, since nothing is known of the others.
 * @param fetch answers the next so many rows, fewer at the end.
 * @param textsOf what of a row counts: its values as text.
 * @param limit ends after so many rows.
 */
export async function* fetchRows<Row>(
  fetch: (count: number) => Promise<readonly Row[]>,
  textsOf: (row: Row) => readonly (string | null)[],
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Row[]> {
  let count = 1;
  let left = limit;
  let largest = 1;
  while (left > 0) {
    const asked = Math.min(count, left);
    const rows = await fetch(asked);
    if (rows.length > 0) yield rows;
    if (rows.length < asked) return;
    left -= rows.length;
    for (const row of rows) {
      largest = Math.max(
        largest,
        textsOf(row).reduce((sum, text) => sum + (text?.length ?? 0), 0),
      );
    }
    count = Math.max(1, Math.min(count * growth, mostRows, Math.floor(wantedBytes / largest)));
  }
}
