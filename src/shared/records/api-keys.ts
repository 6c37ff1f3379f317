import type { RecordDefinition } from './definition';

/** One SQL expression everywhere: revoked, then inactive, then expired, else active. */
export const apiKeyStates = ['active', 'inactive', 'expired', 'revoked'] as const;

export const apiKeyDefinition = {
  kind: 'apiKey',
  area: 'apiKeys',
  path: 'api-keys',
  resourceType: 'API_KEY',
  idType: 'uuid',
  sortFields: ['name', 'user', 'prefix', 'maxBudget', 'currentSpend', 'expiresAt', 'lastUsedAt', 'createdAt'],
  order: { field: 'createdAt', direction: 'desc' },
  filters: {
    state: { kind: 'choice', values: apiKeyStates },
    userId: { kind: 'record', of: 'user' },
    teamId: { kind: 'record', of: 'team' },
    modelId: { kind: 'record', of: 'model' },
    allModels: { kind: 'boolean' },
    subscriptionId: { kind: 'record', of: 'subscription', byLink: true },
    /** LiteLLM was not told something of them yet. */
    untold: { kind: 'boolean', byLink: true },
  },
  editable: ['name', 'isActive'],
} as const satisfies RecordDefinition;
