import { formatDay, formatMonth } from '../ui/format';

export type Bucket = 'day' | 'week' | 'month';

/** One line of a chart. */
export interface TimeSeries {
  readonly key: string;
  readonly label: string;
  /** Decimal text, one per bucket: drawn as floats, named exactly. */
  readonly values: readonly string[];
  /** Everything that has no series of its own: drawn in grey. */
  readonly isRest?: boolean;
}

/** A bucket by its first day, short enough for an axis. */
export function bucketTick(bucket: Bucket, day: string): string {
  return bucket === 'month' ? formatMonth(day) : formatDay(day, undefined, 'short');
}

/** A bucket in full. */
export function bucketName(bucket: Bucket, day: string): string {
  return bucket === 'month' ? formatMonth(day) : formatDay(day);
}

const colours = 10;

/** The CSS colour of a series: by its place, grey for the rest. */
export function seriesColour(index: number, isRest: boolean): string {
  return `var(--mui-palette-console-chart-${isRest ? colours : index % colours})`;
}
