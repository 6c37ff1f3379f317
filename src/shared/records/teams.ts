import { syncStatus, type ListedRecords, type RecordDefinition } from './definition';

export const teamDefinition = {
  kind: 'team',
  area: 'teams',
  path: 'teams',
  resourceType: 'TEAM',
  idType: 'uuid',
  sortFields: ['name', 'alias', 'memberCount', 'maxBudget', 'currentSpend', 'createdAt'],
  order: { field: 'name', direction: 'asc' },
  filters: {
    active: { kind: 'boolean' },
    /** Of whom it has as a member. */
    userId: { kind: 'record', of: 'user' },
    syncStatus,
    createdBy: { kind: 'record', of: 'user', byLink: true },
    /** LiteLLM was not told something of them, or of their members, yet. */
    untold: { kind: 'boolean', byLink: true },
  },
  editable: [
    'name',
    'alias',
    'description',
    'isActive',
    'maxBudget',
    'budgetDuration',
    'tpmLimit',
    'rpmLimit',
    'allowedModels',
  ],
} as const satisfies RecordDefinition;

/** Who belongs to a team: a list on the team's page. */
/** The teams of one person. */
export const membershipDefinition = {
  sortFields: ['team', 'role', 'joinedAt'],
  order: { field: 'team', direction: 'asc' },
  filters: {},
} as const satisfies ListedRecords;

export const teamMemberDefinition = {
  sortFields: ['username', 'role', 'joinedAt'],
  order: { field: 'username', direction: 'asc' },
  filters: {},
} as const satisfies ListedRecords;
