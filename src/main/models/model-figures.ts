import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { type ModelFigures, modelFiguresRow } from '../../shared/contract/models';
import { apiKeyState } from '../api-keys/api-key-rows';
import type { Connection } from '../postgres/database';
import { pageRelation } from '../records/list-query';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { effectiveStatus } from '../subscriptions/subscription-rows';

const usageDays = 30;

/** Subscriptions, keys and the usage of the last 30 days of some models. */
export const readModelFigures: Handler<Contract['models']['figures']> = (
  { ids },
  { signal, workspace: { database } },
) => database.read(signal, async (connection) => ({ figures: await modelFigures(connection, ids) }));

/** The figures of each id in the given order; zeros for a model that nobody has or uses. */
export function modelFigures({ select }: Connection, ids: readonly string[]): Promise<ModelFigures[]> {
  const these = sql`ANY (${sql.param(ids)}::text[])`;
  return select(
    modelFiguresRow,
    sql`
      WITH subscribed AS (
        SELECT s.model_id, count(*)::int AS total, count(*) FILTER (WHERE ${effectiveStatus} = 'active')::int AS active
        FROM ${from('subscriptions', 's')} WHERE s.model_id = ${these} GROUP BY s.model_id
      ), allowed AS (
        SELECT km.model_id, count(*)::int AS total, count(*) FILTER (WHERE ${apiKeyState} = 'active')::int AS active
        FROM ${from('api_key_models', 'km')} JOIN ${from('api_keys', 'k')} ON k.id = km.api_key_id
        WHERE km.model_id = ${these} GROUP BY km.model_id
      ), used AS (
        SELECT model_id, sum(requests) AS requests, sum(request_tokens + response_tokens) AS tokens,
          trim_scale(sum(cost)) AS cost
        FROM ${from('usage_daily')}
        WHERE model_id = ${these} AND day > (
          CURRENT_TIMESTAMP AT TIME ZONE litemaas_console.reporting_time_zone())::date - ${usageDays}::int
        GROUP BY model_id
      )
      SELECT page.id,
        coalesce(subscribed.active, 0) AS "activeSubscriptions", coalesce(subscribed.total, 0) AS subscriptions,
        coalesce(allowed.active, 0) AS "activeApiKeys", coalesce(allowed.total, 0) AS "apiKeys",
        jsonb_build_object('requests', coalesce(used.requests, 0)::text, 'tokens', coalesce(used.tokens, 0)::text,
          'cost', coalesce(used.cost, 0)::text) AS usage
      FROM ${pageRelation(ids, 'text')}
      LEFT JOIN subscribed ON subscribed.model_id = page.id
      LEFT JOIN allowed ON allowed.model_id = page.id
      LEFT JOIN used ON used.model_id = page.id
      ORDER BY page.position`,
  );
}
