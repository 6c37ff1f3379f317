import type { RecordDefinition } from './definition';

export const subscriptionStatuses = ['pending', 'active', 'suspended', 'cancelled', 'expired'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

export const subscriptionDefinition = {
  kind: 'subscription',
  area: 'subscriptions',
  path: 'subscriptions',
  resourceType: 'SUBSCRIPTION',
  idType: 'uuid',
  sortFields: [
    'user',
    'model',
    'status',
    'usedRequests',
    'usedTokens',
    'currentSpend',
    'expiresAt',
    'createdAt',
  ],
  order: { field: 'createdAt', direction: 'desc' },
  filters: {
    status: { kind: 'choice', values: subscriptionStatuses },
    userId: { kind: 'record', of: 'user' },
    teamId: { kind: 'record', of: 'team' },
    modelId: { kind: 'record', of: 'model' },
  },
  editable: [
    'status',
    'teamId',
    'quotaRequests',
    'quotaTokens',
    'maxBudget',
    'budgetDuration',
    'tpmLimit',
    'rpmLimit',
    'expiresAt',
  ],
} as const satisfies RecordDefinition;
