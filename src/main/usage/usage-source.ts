import { sql, type SQL } from 'drizzle-orm';
import type * as z from 'zod';
import type { UsageFigures, usageFilters } from '../../shared/contract/usage';
import { from } from '../postgres/relations';
import { splitRange, type UsageRange } from './range';

export type UsageFilters = z.infer<typeof usageFilters>;

const keys = sql`api_key_id, subscription_id, user_id, team_id, model_id`;
const figures = sql`requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count`;

/**
 * The rollup rows of a range as a relation `usage` with `day` (for whole months the month's first day). With
 * `byDay` every row is of one day; without it whole months come from the monthly rollup.
 */
export function usageRelation(range: UsageRange, filters: UsageFilters, options: { byDay: boolean }): SQL {
  const { months, days } = options.byDay ? { months: null, days: [range] } : splitRange(range);
  const conditions = filterConditions(filters);
  const parts = days.map(
    (part) => sql`
      SELECT day, ${keys}, ${figures} FROM ${from('usage_daily')}
      WHERE ${sql.join([sql`day BETWEEN ${part.from} AND ${part.to}`, ...conditions], sql` AND `)}`,
  );
  if (months) {
    parts.push(sql`
      SELECT month AS day, ${keys}, ${figures} FROM ${from('usage_monthly')}
      WHERE ${sql.join([sql`month BETWEEN ${months.from} AND ${months.to}`, ...conditions], sql` AND `)}`);
  }
  return sql`(${sql.join(parts, sql` UNION ALL `)}) AS usage`;
}

function filterConditions({ modelId, userId, teamId, apiKeyId, subscriptionId }: UsageFilters): SQL[] {
  return [
    ...(modelId === undefined ? [] : [sql`model_id = ${modelId}`]),
    ...(userId === undefined ? [] : [sql`user_id = ${userId}`]),
    ...(teamId === undefined ? [] : [sql`team_id = ${teamId}`]),
    ...(apiKeyId === undefined ? [] : [sql`api_key_id = ${apiKeyId}`]),
    ...(subscriptionId === undefined ? [] : [sql`subscription_id = ${subscriptionId}`]),
  ];
}

/** Figures of nothing, as the contract has them. */
export const noUsage: UsageFigures = {
  requests: '0',
  errors: '0',
  inputTokens: '0',
  outputTokens: '0',
  cost: '0',
  averageLatencyMs: null,
};

/** The contract's figures as aggregates over `usage`, exact. */
export const summedFigures = sql`
  coalesce(sum(usage.requests), 0) AS requests,
  coalesce(sum(usage.errors), 0) AS errors,
  coalesce(sum(usage.request_tokens), 0) AS "inputTokens",
  coalesce(sum(usage.response_tokens), 0) AS "outputTokens",
  trim_scale(coalesce(sum(usage.cost), 0)) AS cost,
  (sum(usage.latency_ms_sum) / nullif(sum(usage.latency_count), 0))::float8 AS "averageLatencyMs"`;

/** {@link summedFigures} of a row as the contract has them. */
export const figuresAsJson = (row: SQL): SQL => sql`jsonb_build_object(
  'requests', ${row}.requests::text, 'errors', ${row}.errors::text,
  'inputTokens', ${row}."inputTokens"::text, 'outputTokens', ${row}."outputTokens"::text,
  'cost', ${row}.cost::text, 'averageLatencyMs', ${row}."averageLatencyMs")`;

/** What series and rows are ranked by. */
export const rankings = {
  requests: sql`sum(usage.requests)`,
  tokens: sql`sum(usage.request_tokens + usage.response_tokens)`,
  cost: sql`sum(usage.cost)`,
  errors: sql`sum(usage.errors)`,
} as const;
