import type { RecordDefinition } from './definition';

export const subscriptionStatuses = ['pending', 'active', 'suspended', 'cancelled', 'expired'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** Why a request that waits cannot be approved, and what else stands beside it; the first four keep it from being. */
export const requestObstacles = [
  'user_inactive',
  'model_inactive',
  'left_team',
  'already_active',
  'suspended_one',
  'second_request',
] as const;
export type RequestObstacle = (typeof requestObstacles)[number];

/** Those that keep a request from being approved. */
export const refusingObstacles: readonly RequestObstacle[] = requestObstacles.slice(0, 4);

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
    /** Cancelled before it was ever approved. */
    denied: { kind: 'boolean' },
    /** Active, and nine tenths of a quota are used up. */
    nearQuota: { kind: 'boolean', byLink: true },
    /** The date has come at which its period begins anew. */
    due: { kind: 'boolean', byLink: true },
    /** LiteLLM was not told something of them yet. */
    untold: { kind: 'boolean', byLink: true },
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
