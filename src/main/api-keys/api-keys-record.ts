import type { PartKind } from '../changes/change';
import { recordTable } from '../changes/record-table';
import { apiKeys } from '../postgres/schema';

/** API keys as changes read and write them: no value, no hash. */
export const apiKeysRecord = recordTable(apiKeys, {
  kind: 'api_key',
  resourceType: 'API_KEY',
  relation: 'api_keys',
  idType: 'uuid',
  label: 'name',
  editable: ['name', 'isActive'],
});

/** A key that is switched off or on with its owner. */
export const keyOfOwner: PartKind = {
  action: 'API_KEY_UPDATE',
  record: apiKeysRecord,
  news: (before, after) =>
    before['isActive'] === after['isActive']
      ? null
      : { fields: ['isActive'], taken: after['isActive'] === false ? ['isActive'] : [] },
};
