import { apiKeyDefinition } from '../../shared/records/api-keys';
import type { PartKind } from '../changes/change';
import { recordTable } from '../changes/record-table';
import { apiKeys } from '../postgres/schema';
import { keptModels } from './model-scope';

/** API keys as changes read and write them: no value, no hash. */
export const apiKeysRecord = recordTable(apiKeys, {
  kind: 'api_key',
  resourceType: apiKeyDefinition.resourceType,
  relation: 'api_keys',
  idType: apiKeyDefinition.idType,
  label: 'name',
  editable: apiKeyDefinition.editable,
  lists: { models: keptModels },
  fixed: ['userId', 'subscriptionId'],
  context: ['teamId'],
});

/** A key that is switched off or on with whom it belongs to, or gets another owner or team. */
export const keyOfOwner: PartKind = {
  actions: { update: 'API_KEY_UPDATE' },
  record: apiKeysRecord,
  news(before, after) {
    const fields = ['isActive', 'userId', 'teamId'].filter((field) => before[field] !== after[field]);
    if (fields.length === 0) return null;
    return { fields, taken: fields.filter((field) => field === 'isActive' && after[field] === false) };
  },
};
