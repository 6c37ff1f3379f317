import * as z from 'zod';
import { file, query } from './define';
import { bigInteger, calendarDay, decimal, instant, listInput, listOutput, uuid } from './values';

/** A chart gets at most this many points over all its series; SQL aggregates to fit. */
export const maxChartPoints = 600;

/** A chart of more days than this is not compared with the range before: it would not fit. */
export const longestComparedDays = 3_660;

/** Days in the workspace's reporting zone, both ends included. */
export const usageRange = z.strictObject({ from: calendarDay, to: calendarDay });

export const usageFilters = z.strictObject({
  modelId: z.string().max(255).optional(),
  userId: uuid.optional(),
  teamId: uuid.optional(),
  apiKeyId: uuid.optional(),
  subscriptionId: uuid.optional(),
});

export const usageDimensions = ['model', 'user', 'team', 'apiKey'] as const;
export const usageDimension = z.enum(usageDimensions);
export type UsageDimension = z.infer<typeof usageDimension>;

export const usageFigures = z.object({
  requests: bigInteger,
  errors: bigInteger,
  inputTokens: bigInteger,
  outputTokens: bigInteger,
  cost: decimal,
  /** Mean over the requests that recorded a latency; NULL when none did. */
  averageLatencyMs: z.number().nullable(),
});
export type UsageFigures = z.infer<typeof usageFigures>;

export const freshness = z.object({
  /** The newest request that is counted. */
  latestUsageAt: instant.nullable(),
  timeZone: z.string(),
});

/** What a series is of: all usage, one id of the dimension, usage without that relation, all smaller ids. */
export const seriesRole = z.enum(['all', 'item', 'none', 'rest']);

const seriesInput = z.strictObject({
  range: usageRange,
  filters: usageFilters,
  bucket: z.enum(['day', 'month']),
  /** One series in all, or the largest `top` of a dimension plus the rest as one. */
  split: usageDimension.optional(),
  /** What "largest" means. */
  by: z.enum(['requests', 'tokens', 'cost', 'errors']).default('requests'),
  top: z.int().min(1).max(10).default(5),
  /** Beside it the equally long range just before. */
  compare: z.literal('previous').optional(),
});

const breakdownInput = listInput(['requests', 'tokens', 'cost', 'errors', 'label'], {
  range: usageRange,
  dimension: usageDimension,
  usage: usageFilters,
  /** Beside each row what it was in the equally long range just before; what was used only then is a row too. */
  compare: z.literal('previous').optional(),
});

/** `id` NULL: usage without that relation (unattributed, no team, deleted before it was named). */
export const breakdownRow = usageFigures.extend({
  id: z.string().nullable(),
  label: z.string().nullable(),
  /** NULL unless it was asked for. */
  previous: usageFigures.nullable(),
});
export type UsageBreakdownRow = z.infer<typeof breakdownRow>;

export const usageContract = {
  totals: query({
    scope: 'schema',
    input: z.strictObject({ range: usageRange, filters: usageFilters }),
    output: z.object({
      totals: usageFigures,
      /** The equally long range just before. */
      previous: usageFigures,
      latencyPercentilesMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable(),
      unattributedRequests: bigInteger,
      freshness,
    }),
  }),
  series: query({
    scope: 'schema',
    input: seriesInput,
    output: z.object({
      /** The bucket asked for, or a wider one where a long range would take too many points. */
      bucket: z.enum(['day', 'week', 'month']),
      /** Start of each bucket, without gaps: `YYYY-MM-DD`. Weeks begin on Monday. */
      buckets: z.array(calendarDay).max(maxChartPoints),
      series: z.array(
        z.object({
          /** NULL: the only series, or usage without that relation; `rest`: all smaller ones. */
          id: z.string().nullable(),
          role: seriesRole,
          label: z.string().nullable(),
          points: z.array(usageFigures).max(maxChartPoints),
        }),
      ),
      /**
       * All usage of the range before: each of its days counts in the bucket of the day that lies a whole range later,
       * so that a bucket and its point here are of equally many days. NULL unless it was asked for, and for more than ten years.
       */
      previous: z.object({ range: usageRange, points: z.array(usageFigures).max(maxChartPoints) }).nullable(),
      freshness,
    }),
  }),
  breakdown: query({ scope: 'schema', input: breakdownInput, output: listOutput(breakdownRow) }),
  exportCsv: file({ scope: 'schema', input: breakdownInput, output: z.null() }),
};
