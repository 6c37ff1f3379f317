import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { UsageRange } from './range';
import type { UsageFilters } from './usage-source';

/** One bar of the latency histogram: requests that took at least `fromMs` and less than `toMs`. */
const latencyBucket = z.strictObject({
  fromMs: z.int(),
  /** NULL: the last bucket has no upper bound. */
  toMs: z.int().nullable(),
  requests: z.number(),
});
export type LatencyBucket = Readonly<z.infer<typeof latencyBucket>>;

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/**
 * Latency percentiles of a range, from the histogram (at most 19 % wide buckets up to 131 s). The histogram knows
 * days and models only: NULL where usage is filtered by anything else, and where no latency was recorded.
 */
export async function readPercentiles(
  { select }: Connection,
  range: UsageRange,
  filters: UsageFilters,
): Promise<Percentiles | null> {
  const { modelId, ...others } = filters;
  if (Object.values(others).some((value) => value !== undefined)) return null;
  const buckets = await select(
    latencyBucket,
    sql`
      WITH bucket AS (
        SELECT from_ms, lead(from_ms) OVER (ORDER BY from_ms) AS to_ms
        FROM unnest(litemaas_console.latency_bounds()) AS bound (from_ms)
      ), counted AS (
        SELECT latency_from_ms, sum(requests)::float8 AS requests
        FROM ${from('usage_latency')}
        WHERE day BETWEEN ${range.from} AND ${range.to}
          ${modelId === undefined ? sql`` : sql`AND model_id = ${modelId}`}
        GROUP BY latency_from_ms HAVING sum(requests) > 0
      )
      SELECT bucket.from_ms AS "fromMs", bucket.to_ms AS "toMs", counted.requests
      FROM counted JOIN bucket ON bucket.from_ms = counted.latency_from_ms ORDER BY bucket.from_ms`,
  );
  return percentilesOf(buckets);
}

/** Percentiles of a histogram in ascending order, evenly spread inside each bucket; NULL when it is empty. */
export function percentilesOf(buckets: readonly LatencyBucket[]): Percentiles | null {
  const total = buckets.reduce((sum, bucket) => sum + bucket.requests, 0);
  if (total === 0) return null;
  const at = (share: number): number => {
    let before = 0;
    for (const { fromMs, toMs, requests } of buckets) {
      if (before + requests >= share * total) {
        // Latencies are whole milliseconds: the largest one of a bucket is one less than its bound.
        const widthMs = toMs === null ? 0 : toMs - 1 - fromMs;
        return fromMs + (widthMs * (share * total - before)) / requests;
      }
      before += requests;
    }
    return buckets.at(-1)?.fromMs ?? 0;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
