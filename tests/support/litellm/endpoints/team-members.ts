import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Call, Endpoint } from '../context';
import { bodyFields, textOf } from '../http/body-reader';
import { httpException, licenceRefusal, proxyException } from '../http/failures';
import { userRow } from '../rows';
import type { JsonObject, TeamMember, TeamMembership, TeamRow, UserRow } from '../state';
import { removeKeys } from './key-writes';
import { shownTeam } from './teams';
import { nowText } from './write-rules';

const bulkMaximum = 500;

/** The team, or the 404 in the `detail` envelope. */
export function existingTeam(call: Call, teamId: string): TeamRow {
  const team = call.state.teams.get(teamId);
  if (!team) throw httpException(404, { error: `No team found, passed team_id=${teamId}` });
  return team;
}

function memberFrom(value: unknown): TeamMember {
  const fields = bodyFields(value ?? null);
  const member: TeamMember = {
    role: fields.role === 'admin' ? 'admin' : 'user',
    user_id: textOf(fields, 'user_id'),
    user_email: textOf(fields, 'user_email'),
  };
  if (member.user_id === null && member.user_email === null) {
    throw httpException(400, { error: 'Either user_id or user_email must be provided' });
  }
  return member;
}

function userByEmail(call: Call, email: string | null): UserRow | undefined {
  if (email === null) return undefined;
  return [...call.state.users.values()].find(
    (user) => user.user_email?.toLowerCase() === email.toLowerCase(),
  );
}

function refuseMismatch(call: Call, member: TeamMember): void {
  if (!call.profile.memberMismatchRefused || member.user_id === null || member.user_email === null) return;
  const user = call.state.users.get(member.user_id);
  if (!user || user.user_email === null || user.user_email === member.user_email) return;
  throw httpException(400, {
    error: `user_id=${member.user_id} does not belong to user_email=${member.user_email}`,
  });
}

/** The user behind a member; an unknown one is created. */
export function userOfMember(call: Call, member: TeamMember): UserRow {
  const known =
    member.user_id === null ? userByEmail(call, member.user_email) : call.state.users.get(member.user_id);
  if (known) return known;
  const now = nowText(call);
  const created = userRow({
    user_id: member.user_id ?? randomUUID(),
    user_email: member.user_email,
    created_at: now,
    updated_at: now,
  });
  call.state.users.set(created.user_id, created);
  return created;
}

function isListed(members: readonly TeamMember[], member: TeamMember): boolean {
  return members.some(
    (listed) =>
      (member.user_id !== null && listed.user_id === member.user_id) ||
      (member.user_email !== null && listed.user_email === member.user_email),
  );
}

/**
 * Reads the member list, waits, writes it back: as LiteLLM does without a lock, so of two writers on one team at the
 * same time one is lost.
 */
async function rewriteMembers(
  call: Call,
  team: TeamRow,
  change: (members: TeamMember[]) => TeamMember[],
): Promise<void> {
  const members = [...team.members_with_roles];
  const changed = change(members);
  await pause(call.proxy.switches.memberWriteGapMs);
  team.members_with_roles = changed;
  team.updated_at = nowText(call);
}

function membershipFor(call: Call, team: TeamRow, user: UserRow, budget: number): TeamMembership {
  const budgetId = `member-${team.team_id}-${user.user_id}`;
  const membership: TeamMembership = {
    user_id: user.user_id,
    team_id: team.team_id,
    budget_id: budgetId,
    spend: 0,
    litellm_budget_table: { budget_id: budgetId, max_budget: budget, soft_budget: null },
  };
  call.state.teamMemberships.push(membership);
  return membership;
}

async function addMembers(
  call: Call,
  team: TeamRow,
  wanted: TeamMember[],
  budget: unknown,
): Promise<unknown> {
  if (wanted.some((member) => member.role === 'admin')) throw licenceRefusal(400, 'Assigning team admins');
  for (const member of wanted) refuseMismatch(call, member);
  const added = wanted.filter((member) => !isListed(team.members_with_roles, member));
  if (added.length === 0) {
    const message = `All users are already in team=${team.team_id}. Existing members: ${wanted.map((member) => member.user_id ?? member.user_email).join(', ')}`;
    throw proxyException(400, message, 'team_member_already_in_team', 'user_id');
  }
  const users = added.map((member) => userOfMember(call, member));
  await rewriteMembers(call, team, (members) => [
    ...members,
    ...users.map((user, place) => ({
      role: added[place]?.role ?? 'user',
      user_id: user.user_id,
      user_email: user.user_email,
    })),
  ]);
  for (const user of users) if (!user.teams.includes(team.team_id)) user.teams.push(team.team_id);
  const memberships =
    typeof budget === 'number' ? users.map((user) => membershipFor(call, team, user, budget)) : [];
  return { ...shownTeam(team, call.profile), updated_users: users, updated_team_memberships: memberships };
}

function memberAdd(call: Call): Promise<unknown> {
  const fields = bodyFields(call.body, ['team_id', 'member']);
  const team = existingTeam(call, textOf(fields, 'team_id') ?? '');
  const wanted = Array.isArray(fields.member) ? fields.member.map(memberFrom) : [memberFrom(fields.member)];
  return addMembers(call, team, wanted, fields.max_budget_in_team);
}

function bulkMemberAdd(call: Call): Promise<unknown> {
  const fields = bodyFields(call.body, ['team_id']);
  const team = existingTeam(call, textOf(fields, 'team_id') ?? '');
  const everybody = (): TeamMember[] =>
    [...call.state.users.values()].map((user) => ({
      role: 'user',
      user_id: user.user_id,
      user_email: user.user_email,
    }));
  const listed = Array.isArray(fields.members) ? fields.members.map(memberFrom) : [];
  const wanted = fields.all_users === true ? everybody() : listed;
  if (wanted.length > bulkMaximum)
    throw httpException(400, { error: `Maximum ${bulkMaximum} members can be added at once` });
  return addMembers(call, team, wanted, fields.max_budget_in_team);
}

function listedMember(team: TeamRow, fields: JsonObject): TeamMember {
  const userId = textOf(fields, 'user_id');
  const email = textOf(fields, 'user_email');
  const found = team.members_with_roles.find(
    (member) =>
      (userId !== null && member.user_id === userId) || (email !== null && member.user_email === email),
  );
  if (!found)
    throw httpException(400, {
      error: `User not found in team. Team members: ${team.members_with_roles.length}`,
    });
  return found;
}

async function memberDelete(call: Call): Promise<unknown> {
  const fields = bodyFields(call.body, ['team_id']);
  const team = existingTeam(call, textOf(fields, 'team_id') ?? '');
  const member = listedMember(team, fields);
  await rewriteMembers(call, team, (members) =>
    members.filter((other) => other.user_id !== member.user_id || other.user_email !== member.user_email),
  );
  const user = member.user_id === null ? undefined : call.state.users.get(member.user_id);
  if (user) user.teams = user.teams.filter((teamId) => teamId !== team.team_id);
  call.state.teamMemberships = call.state.teamMemberships.filter(
    (membership) => membership.team_id !== team.team_id || membership.user_id !== member.user_id,
  );
  if (call.profile.memberDeleteRemovesKeys && member.user_id !== null) {
    const keys = [...call.state.keys.values()];
    removeKeys(
      call,
      keys.filter((key) => key.team_id === team.team_id && key.user_id === member.user_id),
    );
  }
  return shownTeam(team, call.profile);
}

function memberUpdate(call: Call): unknown {
  const fields = bodyFields(call.body, ['team_id', 'user_id']);
  const team = existingTeam(call, textOf(fields, 'team_id') ?? '');
  const member = listedMember(team, fields);
  if (fields.role === 'admin' && member.role !== 'admin') throw licenceRefusal(400, 'Assigning team admins');
  if (fields.role === 'user') member.role = 'user';
  const user = userOfMember(call, member);
  const budget = fields.max_budget_in_team;
  if (typeof budget === 'number') {
    call.state.teamMemberships = call.state.teamMemberships.filter(
      (membership) => membership.team_id !== team.team_id || membership.user_id !== user.user_id,
    );
    membershipFor(call, team, user, budget);
  }
  return {
    team_id: team.team_id,
    user_id: user.user_id,
    user_email: user.user_email,
    max_budget_in_team: budget ?? null,
    tpm_limit: fields.tpm_limit ?? null,
    rpm_limit: fields.rpm_limit ?? null,
  };
}

export const teamMemberEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: '/team/member_add', access: 'write', handle: memberAdd },
  { method: 'POST', path: '/team/bulk_member_add', access: 'write', handle: bulkMemberAdd },
  { method: 'POST', path: '/team/member_delete', access: 'write', handle: memberDelete },
  { method: 'POST', path: '/team/member_update', access: 'write', handle: memberUpdate },
];
