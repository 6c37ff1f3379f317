import type { ApiKeyRow } from '../../shared/contract/api-keys';
import type { Contract } from '../../shared/contract/index';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { readAllIds } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { apiKeyRows } from './api-key-rows';
import { apiKeysSource } from './api-keys-source';

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

/** Every key the list would show, page limit aside, with all of its models and without any secret. */
export const exportApiKeys: Handler<Contract['apiKeys']['exportCsv']> = (
  input,
  { workspace: { database } },
) =>
  Promise.resolve(
    csvFile({
      name: 'api-keys',
      columns,
      database,
      async *rows(connection, signal) {
        const source = await apiKeysSource(connection, input);
        for await (const ids of readAllIds(connection, source, signal)) {
          yield await apiKeyRows(connection, ids, null);
        }
      },
    }),
  );
