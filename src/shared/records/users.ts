import { syncStatus, type RecordDefinition } from './definition';

/** So many users can be named by a filter. */
const mostNamed = 2_000;

/** What may be odd about a user, as the overview finds it. */
export const userAttentions = ['over_budget', 'both_admins', 'inactive_with_keys'] as const;
export type UserAttention = (typeof userAttentions)[number];

export const userDefinition = {
  kind: 'user',
  area: 'users',
  path: 'users',
  resourceType: 'USER',
  idType: 'uuid',
  sortFields: ['username', 'email', 'fullName', 'maxBudget', 'lastLoginAt', 'createdAt'],
  order: { field: 'username', direction: 'asc' },
  filters: {
    active: { kind: 'boolean' },
    role: { kind: 'text', longest: 50 },
    teamId: { kind: 'record', of: 'team' },
    syncStatus,
    emailMissing: { kind: 'boolean' },
    ids: { kind: 'ids', most: mostNamed, byLink: true },
    /** Active, with an address that another active user has in other case. */
    sameEmail: { kind: 'boolean', byLink: true },
    /** What an administrator should look at. */
    attention: { kind: 'choice', values: userAttentions, byLink: true },
    /** LiteLLM was not told something of them yet. */
    untold: { kind: 'boolean', byLink: true },
  },
  editable: [
    'username',
    'email',
    'fullName',
    'roles',
    'isActive',
    'maxBudget',
    'tpmLimit',
    'rpmLimit',
    'oauthProvider',
    'oauthId',
  ],
} as const satisfies RecordDefinition;

/** The roles LiteMaaS knows; the database may hold others, which are shown as they stand. */
export const knownRoles = ['admin', 'admin-readonly', 'user'] as const;
