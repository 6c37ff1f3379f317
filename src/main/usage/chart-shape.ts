import { maxChartPoints } from '../../shared/contract/usage';
import type { Bucket } from './range';

const fewestItems = 3;
const coarser: Record<Bucket, Bucket | null> = { day: 'week', week: 'month', month: null };

interface ChartShape {
  readonly bucket: Bucket;
  /** How many of the largest get a series of their own; the others become the rest. */
  readonly top: number;
}

/**
 * Fits a chart into its limit of points over all series: first fewer series (not below three), then wider buckets,
 * at last as few series as it takes.
 * @param items how many ids there are; @param hasNone whether usage without that relation needs a series too;
 * @param compared whether the range before needs one
 */
export function fitChart(
  asked: { readonly bucket: Bucket; readonly top: number },
  {
    items,
    hasNone,
    compared = false,
  }: { readonly items: number; readonly hasNone: boolean; readonly compared?: boolean },
  bucketCount: (bucket: Bucket) => number,
): ChartShape {
  let bucket = asked.bucket;
  for (;;) {
    const most = Math.floor(maxChartPoints / bucketCount(bucket)) - (hasNone ? 1 : 0) - (compared ? 1 : 0);
    const wanted = Math.min(asked.top, items);
    // The rest takes one series as soon as somebody is left out.
    const top = items <= asked.top && items <= most ? items : Math.min(wanted, most - 1);
    const wider = coarser[bucket];
    if (top >= Math.min(wanted, fewestItems) || wider === null) return { bucket, top: Math.max(top, 0) };
    bucket = wider;
  }
}
