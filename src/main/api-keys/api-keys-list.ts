import { sql, type SQL } from 'drizzle-orm';
import type { ApiKeyRow } from '../../shared/contract/api-keys';
import { apiKeyDefinition, keyExposures } from '../../shared/records/api-keys';
import { isUntold } from '../changes/outbox';
import type { CsvColumn } from '../export/csv-file';
import { exportHandler } from '../export/export-records';
import { from } from '../postgres/relations';
import { optionsHandler } from '../records/options-query';
import { listHandler, recordList } from '../records/record-list';
import type { RecordSource } from '../records/record-source';
import { userSource } from '../users/users-list';
import { apiKeyRows, apiKeyState } from './api-key-rows';
import { keyExposure } from './key-exposure';
import { allowsAllModels } from './model-scope';

/** Keys `k`, found by name, alias, prefix and owner; a pasted one by its hash. Selects neither value nor hash. */
export const apiKeySource: RecordSource = {
  from: from('api_keys', 'k'),
  id: sql`k.id`,
  idType: apiKeyDefinition.idType,
  label: sql`coalesce(nullif(k.name, ''), nullif(k.litellm_key_alias, ''), k.key_prefix)`,
  details: [sql`k.key_prefix`, sql`owner.username`],
  labelJoin: sql`JOIN ${from('users', 'owner')} ON owner.id = k.user_id`,
  names: [sql`k.name`, sql`k.litellm_key_alias`],
  hasPrefixIndexes: true,
  ofKey: (keyHash) => sql`k.key_hash = ${keyHash}`,
  alsoNamed: ({ keyHash, startsWith }) => (keyHash === null ? [] : [sql`k.key_prefix LIKE ${startsWith}`]),
  through: [{ source: userSource, column: sql`k.user_id` }],
};

export const apiKeyList = recordList({
  definition: apiKeyDefinition,
  source: apiKeySource,
  rows: apiKeyRows,
  sort: {
    name: { expression: sql`k.name`, text: true, nullable: true },
    user: {
      expression: sql`owner.username`,
      text: true,
      join: sql`JOIN ${from('users', 'owner')} ON owner.id = k.user_id`,
    },
    prefix: { expression: sql`k.key_prefix`, text: true },
    maxBudget: { expression: sql`k.max_budget`, nullable: true },
    currentSpend: { expression: sql`k.current_spend` },
    expiresAt: { expression: sql`k.expires_at`, nullable: true },
    lastUsedAt: { expression: sql`k.last_used_at`, nullable: true },
    createdAt: { expression: sql`k.created_at` },
  },
  filters: {
    state: apiKeyState,
    userId: sql`k.user_id`,
    teamId: sql`k.team_id`,
    modelId: (modelId) =>
      sql`EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND km.model_id = ${modelId})`,
    allModels: allowsAllModels,
    exposure: (value) => keyExposure(keyExposures.find((each) => each === value) ?? 'never_used'),
    subscriptionId: usesSubscription,
    untold: isUntold('api_key', sql`k.id`),
  },
});

/** The keys that usage of a subscription comes through: tied to it, or its subscriber's with its model. */
function usesSubscription(subscriptionId: string): SQL {
  return sql`EXISTS (
    SELECT FROM ${from('subscriptions', 's')}
    WHERE s.id = ${subscriptionId} AND s.user_id = k.user_id AND (
      k.subscription_id = s.id
      OR EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND km.model_id = s.model_id)
    ))`;
}

const columns: readonly CsvColumn<ApiKeyRow>[] = [
  { heading: 'id', value: (key) => key.id },
  { heading: 'name', value: (key) => key.name },
  { heading: 'alias', value: (key) => key.alias },
  { heading: 'prefix', value: (key) => key.prefix },
  { heading: 'user_id', value: (key) => key.user.id },
  { heading: 'username', value: (key) => key.user.label },
  { heading: 'team_id', value: (key) => key.team?.id ?? null },
  { heading: 'team', value: (key) => key.team?.label ?? null },
  { heading: 'state', value: (key) => key.state },
  { heading: 'all_models', value: (key) => key.allModels },
  { heading: 'models', value: (key) => key.models.map((model) => model.id) },
  { heading: 'other_models', value: (key) => key.otherModels },
  { heading: 'max_budget', type: 'number', value: (key) => key.maxBudget },
  { heading: 'current_spend', type: 'number', value: (key) => key.currentSpend },
  { heading: 'budget_duration', value: (key) => key.budgetDuration },
  { heading: 'expires_at', type: 'instant', value: (key) => key.expiresAt },
  { heading: 'last_used_at', type: 'instant', value: (key) => key.lastUsedAt },
  { heading: 'sync_status', value: (key) => key.syncStatus },
  { heading: 'created_at', type: 'instant', value: (key) => key.createdAt },
];

export const listApiKeys = listHandler(apiKeyList);
export const apiKeyOptions = optionsHandler(apiKeySource);
export const exportApiKeys = exportHandler(apiKeyDefinition.path, apiKeyList, columns);
