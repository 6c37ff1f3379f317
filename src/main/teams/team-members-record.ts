import type { Change, PartKind } from '../changes/change';
import { deletedField } from '../changes/outbox';
import { isThere, recordTable } from '../changes/record-table';
import { teamMembers } from '../postgres/schema';

/** Memberships of teams as changes read and write them. */
export const teamMembersRecord = recordTable(teamMembers, {
  kind: 'team_member',
  resourceType: 'TEAM',
  relation: 'team_members',
  idType: 'uuid',
  label: 'teamId',
  // A merge gives a membership to another person: whoever saw it before has not seen whose it is now.
  editable: ['role', 'teamId', 'userId'],
  fixed: ['joinedAt'],
  // The history of a team tells who came and went.
  audited: { resourceId: 'teamId', facts: ['teamId', 'userId'] },
});

/** What happens to memberships, by itself or with something else. */
export const membershipActions: Change['actions'] = {
  create: 'TEAM_MEMBER_ADD',
  update: 'TEAM_MEMBER_UPDATE',
  delete: 'TEAM_MEMBER_REMOVE',
};

/** A membership that is made with a user, and goes with the user again: LiteLLM hears of that with the user. */
export const membershipOfUser: PartKind = {
  actions: membershipActions,
  record: teamMembersRecord,
  news: (_before, after) => (isThere(after) ? { fields: ['teamId', 'userId', 'role'], taken: [] } : null),
};

/** A membership that ends because the same person has another one in the team. */
export const doubledMembership: PartKind = {
  ...membershipOfUser,
  news: () => ({ fields: [deletedField], taken: [] }),
};

/** A membership that changes by itself, or with the one that takes its place: LiteLLM hears of it alone. */
export const membershipOfTeam: PartKind = {
  actions: membershipActions,
  record: teamMembersRecord,
  news(before, after) {
    if (!isThere(after)) return { fields: [deletedField], taken: [deletedField] };
    if (!isThere(before)) return { fields: ['teamId', 'userId', 'role'], taken: [] };
    if (before['role'] === after['role']) return null;
    return { fields: ['role'], taken: before['role'] === 'admin' ? ['role'] : [] };
  },
};
