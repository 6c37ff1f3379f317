import type { Contract } from '../../shared/contract/index';
import type { SubscriptionRow } from '../../shared/contract/subscriptions';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { readAllIds } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { subscriptionRows } from './subscription-rows';
import { subscriptionsSource } from './subscriptions-source';

const columns: readonly CsvColumn<SubscriptionRow>[] = [
  { heading: 'id', value: (subscription) => subscription.id },
  { heading: 'user_id', value: (subscription) => subscription.user.id },
  { heading: 'username', value: (subscription) => subscription.user.label },
  { heading: 'model_id', value: (subscription) => subscription.model.id },
  { heading: 'model', value: (subscription) => subscription.model.label },
  { heading: 'team_id', value: (subscription) => subscription.team?.id ?? null },
  { heading: 'team', value: (subscription) => subscription.team?.label ?? null },
  { heading: 'status', value: (subscription) => subscription.status },
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

/** Every subscription the list would show, page limit aside. An empty quota or budget is unlimited. */
export const exportSubscriptions: Handler<Contract['subscriptions']['exportCsv']> = (
  input,
  { workspace: { database } },
) =>
  Promise.resolve(
    csvFile({
      name: 'subscriptions',
      columns,
      database,
      async *rows(connection, signal) {
        const source = await subscriptionsSource(connection, input);
        for await (const ids of readAllIds(connection, source, signal)) {
          yield await subscriptionRows(connection, ids);
        }
      },
    }),
  );
