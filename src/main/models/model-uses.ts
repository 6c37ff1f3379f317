import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../shared/contract/values';
import { apiKeyState } from '../api-keys/api-key-rows';
import { allowsAllModels, hasOtherModels } from '../api-keys/model-scope';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { effectiveStatus } from '../subscriptions/subscription-rows';

const subscriptionRow = z.strictObject({
  id: uuid,
  /** The person's name. */
  label: z.string(),
  modelId: z.string(),
  /** As it counts now, and as it stands in the row: active past its end is expired. */
  status: z.string(),
  storedStatus: z.string(),
});

const keyRow = z.strictObject({
  id: uuid,
  label: z.string(),
  /** The last of the models that it names, in the order in which they are asked for. */
  modelId: z.string(),
  /** Some active model, or an entry of LiteLLM's that is no model of ours, is left to it. */
  hasOthers: z.boolean(),
});

/** Who uses models now. */
export interface ModelUses {
  /** Those that are active, suspended or pending. */
  readonly subscriptions: readonly z.infer<typeof subscriptionRow>[];
  /** Those that work and name one of the models. */
  readonly keys: readonly z.infer<typeof keyRow>[];
  /** How many working keys may use every model. */
  readonly keysOfAll: number;
}

/** SQL: whether key `k` has a model left that is none of `ids`. */
const hasOthers = (ids: SQL): SQL => sql`(${hasOtherModels} OR EXISTS (
  SELECT FROM ${from('api_key_models', 'others')} JOIN ${from('models', 'other')} ON other.id = others.model_id
  WHERE others.api_key_id = k.id AND other.is_active AND NOT other.id = ANY(${ids}::text[])))`;

/** How many of these keys name an active model, or have an entry of LiteLLM's that is no model of ours. */
export async function countKeysWithModels(
  { select }: Connection,
  keyIds: readonly string[],
): Promise<number> {
  if (keyIds.length === 0) return 0;
  const [row] = await select(
    z.strictObject({ count: z.int() }),
    sql`SELECT count(*)::int AS count FROM ${from('api_keys', 'k')}
      WHERE k.id = ANY(${sql.param([...keyIds])}::uuid[]) AND ${hasOthers(sql`'{}'`)}`,
  );
  return row?.count ?? 0;
}

/**
 * Who uses these models: subscriptions that are not over, and keys that work and name one of them.
 * @param ids the models.
 */
export async function readModelUses({ select }: Connection, ids: readonly string[]): Promise<ModelUses> {
  const these = sql`${sql.param([...ids])}`;
  const subscriptions = await select(
    subscriptionRow,
    sql`
    SELECT s.id, u.username AS label, s.model_id AS "modelId", ${effectiveStatus}::text AS status,
      s.status::text AS "storedStatus"
    FROM ${from('subscriptions', 's')} JOIN ${from('users', 'u')} ON u.id = s.user_id
    WHERE s.model_id = ANY(${these}::text[]) AND ${effectiveStatus} IN ('active', 'suspended', 'pending')
    ORDER BY u.username, s.id`,
  );
  const keys = await select(
    keyRow,
    sql`
    SELECT k.id, coalesce(k.name, k.key_prefix, k.id::text) AS label, named.model_id AS "modelId",
      ${hasOthers(these)} AS "hasOthers"
    FROM (
      SELECT km.api_key_id, (array_agg(km.model_id ORDER BY asked.place DESC))[1] AS model_id
      FROM ${from('api_key_models', 'km')}
      JOIN unnest(${these}::text[]) WITH ORDINALITY AS asked (id, place) ON asked.id = km.model_id
      GROUP BY km.api_key_id
    ) AS named JOIN ${from('api_keys', 'k')} ON k.id = named.api_key_id
    WHERE ${apiKeyState} = 'active'
    ORDER BY 2, k.id`,
  );
  const [row] = await select(
    z.strictObject({ count: z.int() }),
    sql`SELECT count(*)::int AS count FROM ${from('api_keys', 'k')} WHERE ${apiKeyState} = 'active' AND ${allowsAllModels}`,
  );
  return { subscriptions, keys, keysOfAll: row?.count ?? 0 };
}
