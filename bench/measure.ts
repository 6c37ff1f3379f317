/** Milliseconds that `work` took. */
export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The middle of the values, or the given share of them (0.95: 95 % are not larger). */
export function quantile(values: readonly number[], share = 0.5): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** One printed figure with what it is held against. */
export function print(name: string, value: number, unit: string, limit?: number): void {
  const figure = `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`;
  const verdict =
    limit === undefined
      ? ''
      : `   (at most ${String(limit)} ${unit}: ${value <= limit ? 'kept' : 'NOT KEPT'})`;
  process.stdout.write(`  ${name.padEnd(66)} ${figure.padStart(12)}${verdict}\n`);
}
