import { sql, type SQL } from 'drizzle-orm';
import type { SubscriptionRow } from '../../shared/contract/subscriptions';
import { subscriptionDefinition } from '../../shared/records/subscriptions';
import { isUntold } from '../changes/outbox';
import type { CsvColumn } from '../export/csv-file';
import { exportHandler } from '../export/export-records';
import { modelSource } from '../models/models-list';
import { from } from '../postgres/relations';
import { listHandler, recordList } from '../records/record-list';
import type { RecordSource } from '../records/record-source';
import { userSource } from '../users/users-list';
import { isNearQuota } from './near-quota';
import { isDue } from './periods/due';
import { isDenied } from './request-obstacles';
import { effectiveStatus, subscriptionRows } from './subscription-rows';

/** Subscriptions `s`: without a name of their own, found through subscriber and model. */
export const subscriptionSource: RecordSource = {
  from: from('subscriptions', 's'),
  id: sql`s.id`,
  idType: subscriptionDefinition.idType,
  label: sql`owner.username`,
  fullLabel: sql`owner.username || ' · ' || subscribed.name`,
  details: [sql`subscribed.name`],
  labelJoin: sql`JOIN ${from('users', 'owner')} ON owner.id = s.user_id JOIN ${from('models', 'subscribed')} ON subscribed.id = s.model_id`,
  names: [],
  hasPrefixIndexes: false,
  ofKey: isUsedByKey,
  through: [
    { source: userSource, column: sql`s.user_id` },
    { source: modelSource, column: sql`s.model_id` },
  ],
};

function isUsedByKey(keyHash: string): SQL {
  return sql`s.id IN (
    SELECT used.id FROM ${from('api_keys', 'k')} JOIN ${from('subscriptions', 'used')} ON used.user_id = k.user_id
    WHERE k.key_hash = ${keyHash} AND (
      used.id = k.subscription_id
      OR EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND km.model_id = used.model_id)
    ))`;
}

export const subscriptionList = recordList({
  definition: subscriptionDefinition,
  source: subscriptionSource,
  rows: subscriptionRows,
  sort: {
    user: {
      expression: sql`owner.username`,
      text: true,
      join: sql`JOIN ${from('users', 'owner')} ON owner.id = s.user_id`,
    },
    model: {
      expression: sql`named.name`,
      text: true,
      join: sql`JOIN ${from('models', 'named')} ON named.id = s.model_id`,
    },
    // In the order of the type: from pending to expired.
    status: { expression: effectiveStatus },
    usedRequests: { expression: sql`s.used_requests` },
    usedTokens: { expression: sql`s.used_tokens` },
    currentSpend: { expression: sql`s.current_spend` },
    expiresAt: { expression: sql`s.expires_at`, nullable: true },
    createdAt: { expression: sql`s.created_at` },
  },
  filters: {
    status: (status) => sql`${effectiveStatus} = ${status}::public.subscription_status`,
    userId: sql`s.user_id`,
    teamId: sql`s.team_id`,
    modelId: sql`s.model_id`,
    denied: isDenied,
    nearQuota: isNearQuota,
    due: isDue,
    untold: isUntold('subscription', sql`s.id`),
  },
});

/** An empty quota or budget is unlimited. */
const columns: readonly CsvColumn<SubscriptionRow>[] = [
  { heading: 'id', value: (subscription) => subscription.id },
  { heading: 'user_id', value: (subscription) => subscription.user.id },
  { heading: 'username', value: (subscription) => subscription.user.label },
  { heading: 'model_id', value: (subscription) => subscription.model.id },
  { heading: 'model', value: (subscription) => subscription.model.label },
  { heading: 'team_id', value: (subscription) => subscription.team?.id ?? null },
  { heading: 'team', value: (subscription) => subscription.team?.label ?? null },
  { heading: 'status', value: (subscription) => subscription.status },
  { heading: 'is_denied', value: (subscription) => subscription.isDenied },
  { heading: 'quota_requests', type: 'number', value: (subscription) => subscription.quotaRequests },
  { heading: 'used_requests', type: 'number', value: (subscription) => subscription.usedRequests },
  { heading: 'quota_tokens', type: 'number', value: (subscription) => subscription.quotaTokens },
  { heading: 'used_tokens', type: 'number', value: (subscription) => subscription.usedTokens },
  { heading: 'max_budget', type: 'number', value: (subscription) => subscription.maxBudget },
  { heading: 'current_spend', type: 'number', value: (subscription) => subscription.currentSpend },
  { heading: 'budget_duration', value: (subscription) => subscription.budgetDuration },
  { heading: 'expires_at', type: 'instant', value: (subscription) => subscription.expiresAt },
  { heading: 'sync_status', value: (subscription) => subscription.syncStatus },
  { heading: 'created_at', type: 'instant', value: (subscription) => subscription.createdAt },
];

export const listSubscriptions = listHandler(subscriptionList);
export const exportSubscriptions = exportHandler(subscriptionDefinition.path, subscriptionList, columns);
