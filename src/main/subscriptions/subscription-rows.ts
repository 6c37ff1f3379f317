import { sql } from 'drizzle-orm';
import { type SubscriptionRow, subscriptionRow } from '../../shared/contract/subscriptions';
import { untoldOf } from '../changes/outbox';
import { versionOf } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { pageRelation } from '../records/list-query';
import { from } from '../postgres/relations';
import { isDenied, requestObstaclesOf, waitsSince } from './request-obstacles';
import { subscriptionsRecord } from './subscriptions-record';

/** The status of a subscription `s` as it counts now: `active` past its end is expired (the schema's one rule). */
export const effectiveStatus = sql`public.effective_subscription_status(s.status, s.expires_at)`;

/** The given subscriptions in the given order. */
export function subscriptionRows({ select }: Connection, ids: readonly string[]): Promise<SubscriptionRow[]> {
  return select(
    subscriptionRow,
    sql`
      SELECT
        s.id, jsonb_build_object('id', u.id, 'label', u.username) AS "user",
        jsonb_build_object('id', m.id, 'label', m.name) AS model,
        CASE WHEN t.id IS NOT NULL THEN jsonb_build_object('id', t.id, 'label', t.name) END AS team,
        ${effectiveStatus} AS status, s.quota_requests AS "quotaRequests", s.used_requests AS "usedRequests",
        s.quota_tokens AS "quotaTokens", s.used_tokens AS "usedTokens", trim_scale(s.max_budget) AS "maxBudget",
        trim_scale(s.current_spend) AS "currentSpend", s.budget_duration AS "budgetDuration",
        s.expires_at AS "expiresAt", s.sync_status AS "syncStatus", s.created_at AS "createdAt",
        s.status AS "storedStatus", ${isDenied} AS "isDenied", ${waitsSince} AS "waitsSince",
        CASE WHEN s.status = 'pending' THEN ${requestObstaclesOf} ELSE '{}' END AS obstacles,
        ${versionOf(subscriptionsRecord, 's')} AS version, ${untoldOf('subscription', sql`s.id`)} AS untold
      FROM ${pageRelation(ids)}
      JOIN ${from('subscriptions', 's')} ON s.id = page.id
      JOIN ${from('users', 'u')} ON u.id = s.user_id
      JOIN ${from('models', 'm')} ON m.id = s.model_id
      LEFT JOIN ${from('teams', 't')} ON t.id = s.team_id
      ORDER BY page.position`,
  );
}
