import type { RecordDefinition } from './definition';

/** One SQL expression everywhere: revoked, then inactive, then expired, else active. */
export const apiKeyStates = ['active', 'inactive', 'expired', 'revoked'] as const;

/** What a key that works is exposed by: each can be looked at and mended by itself. */
export const keyExposures = [
  'never_used',
  'unused',
  'no_expiry',
  'all_models',
  'owner_inactive',
  'no_ceiling',
  'over_budget',
  'seen_in_audit',
] as const;
export type KeyExposure = (typeof keyExposures)[number];

/** Why LiteLLM refuses a request, as far as its text says so. */
export const refusalReasons = ['budget', 'rate', 'expired', 'blocked', 'model', 'key'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** By which LiteLLM's lists name every model of the proxy. */
export const everyModelOfProxy = 'all-proxy-models';

/** Entries that name no model and mean every model (of the proxy, or of the team). */
export const namesOfEveryModel: readonly string[] = [everyModelOfProxy, 'all-team-models', '*'];

/** Entries of LiteLLM's lists that mean every model or none: no model can be called that. */
export const modelsNamedByNobody: readonly string[] = [...namesOfEveryModel, 'no-default-models'];

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
    exposure: { kind: 'choice', values: keyExposures },
    subscriptionId: { kind: 'record', of: 'subscription', byLink: true },
    /** LiteLLM was not told something of them yet. */
    untold: { kind: 'boolean', byLink: true },
  },
  editable: [
    'name',
    'litellmKeyAlias',
    'isActive',
    'maxBudget',
    'budgetDuration',
    'tpmLimit',
    'rpmLimit',
    'expiresAt',
    'revokedAt',
    'teamId',
    'models',
  ],
} as const satisfies RecordDefinition;
