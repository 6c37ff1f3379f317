import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { from, table } from '../../postgres/relations';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import { operatorName, writeAudit } from '../../changes/write-audit';

export interface UserAndModel {
  readonly userId: string;
  readonly model: string;
}

export interface FoundSubscriptions {
  /** The one that usage goes to: an active one, else the latest. */
  readonly best: string;
  readonly all: ReadonlySet<string>;
}

export type EnsureSubscriptions = (
  connection: Connection,
  pairs: readonly UserAndModel[],
) => Promise<Map<string, FoundSubscriptions>>;

export function pairKey(userId: string, model: string): string {
  return `${userId} ${model}`;
}

/**
 * Every user who used a model gets a subscription to it if there is none in any state, so that usage has a home
 * (design: "LiteLLM"). Its quotas and budget are NULL: LiteLLM decides what may be used, this only records it. Each is
 * in the audit trail with its source.
 */
export function subscriptionsForUsage(workspace: OpenWorkspace, proxyId: string): EnsureSubscriptions {
  return async (connection, pairs) => {
    const wanted = [...new Map(pairs.map((pair) => [pairKey(pair.userId, pair.model), pair])).values()];
    const found = await readSubscriptions(connection, wanted);
    const missing = wanted.filter((pair) => !found.has(pairKey(pair.userId, pair.model)));
    if (missing.length === 0) return found;
    await createSubscriptions(connection, workspace, proxyId, missing);
    return readSubscriptions(connection, wanted);
  };
}

const pairsRelation = (pairs: readonly UserAndModel[]) => sql`
  jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) AS pair ("userId" uuid, model text)`;

const foundRow = z.strictObject({ user_id: uuid, model_id: z.string(), ids: z.array(uuid) });
const createdRow = z.strictObject({ id: uuid, user_id: uuid, model_id: z.string() });

async function readSubscriptions(
  { select }: Connection,
  pairs: readonly UserAndModel[],
): Promise<Map<string, FoundSubscriptions>> {
  const rows = await select(
    foundRow,
    sql`
    SELECT s.user_id, s.model_id, array_agg(s.id ORDER BY s.status = 'active' DESC, s.created_at DESC, s.id) AS ids
    FROM ${pairsRelation(pairs)}
    JOIN ${from('subscriptions', 's')} ON s.user_id = pair."userId" AND s.model_id = pair.model
    GROUP BY s.user_id, s.model_id`,
  );
  return new Map(
    rows.flatMap(({ user_id: userId, model_id: model, ids }) => {
      const [best] = ids;
      return best === undefined ? [] : [[pairKey(userId, model), { best, all: new Set(ids) }]];
    }),
  );
}

async function createSubscriptions(
  connection: Connection,
  workspace: OpenWorkspace,
  proxyId: string,
  pairs: readonly UserAndModel[],
): Promise<void> {
  const { select, run } = connection;
  await run(sql`
    SELECT set_config('litemaas.cause', 'sync', true), set_config('litemaas.actor', ${operatorName()}, true)`);
  const created = await select(
    createdRow,
    sql`
    INSERT INTO ${table('subscriptions')} (user_id, model_id, status, quota_requests, quota_tokens, max_budget,
      budget_duration, tpm_limit, rpm_limit, sync_status)
    SELECT pair."userId", pair.model, 'active', NULL, NULL, NULL, 'lifetime', NULL, NULL, 'synced'
    FROM ${pairsRelation(pairs)}
    ORDER BY pair."userId", pair.model
    ON CONFLICT DO NOTHING
    RETURNING id, user_id, model_id`,
  );
  await writeAudit(
    connection,
    workspace,
    created.map(({ id, user_id: userId, model_id: modelId }) => ({
      action: 'SUBSCRIPTION_CREATE',
      resourceType: 'SUBSCRIPTION',
      resourceId: id,
      metadata: {
        source: 'litellm_pull',
        proxy: proxyId,
        reason: 'usage without a subscription',
        after: { userId, modelId, status: 'active', quotaRequests: null, quotaTokens: null },
      },
    })),
  );
}
