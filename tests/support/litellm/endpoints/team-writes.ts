import { randomUUID } from 'node:crypto';
import type { Call, Endpoint } from '../context';
import { bodyFields, sentFields, textOf, textsOf } from '../http/body-reader';
import { httpException, licenceRefusal } from '../http/failures';
import { teamRow } from '../rows';
import type { JsonObject, TeamMember } from '../state';
import { removeKeys } from './key-writes';
import { existingTeam, userOfMember } from './team-members';
import { shownTeam } from './teams';
import { deletionMark, nowText, refuseLicensedFields, resetFields, writtenMetadata } from './write-rules';

/** `/team/update` does not know `max_parallel_requests`. */
const updatableFields = [
  ...[
    'team_alias',
    'organization_id',
    'tpm_limit',
    'rpm_limit',
    'max_budget',
    'soft_budget',
    'budget_duration',
  ],
  ...[
    'models',
    'blocked',
    'team_member_permissions',
    'router_settings',
    'access_group_ids',
    'object_permission_id',
  ],
];

const newFields = [...updatableFields, 'max_parallel_requests', 'admins', 'members'];

/** Columns without NULL: a sent null does not reach them. */
const neverNull = ['models', 'blocked', 'team_member_permissions', 'access_group_ids', 'admins', 'members'];

function columns(fields: JsonObject, names: readonly string[]): JsonObject {
  const sent = Object.entries(sentFields(fields, names));
  return Object.fromEntries(sent.filter(([name, value]) => value !== null || !neverNull.includes(name)));
}

function askedMembers(fields: JsonObject): TeamMember[] {
  if (!Array.isArray(fields.members_with_roles)) return [];
  return fields.members_with_roles.map((value) => {
    const member = bodyFields(value);
    return {
      role: member.role === 'admin' ? 'admin' : 'user',
      user_id: textOf(member, 'user_id'),
      user_email: textOf(member, 'user_email'),
    };
  });
}

/** The caller becomes an admin member of every team it makes; for the master key that is `default_user_id`. */
function withCaller(call: Call, members: TeamMember[]): TeamMember[] {
  const { userId } = call.caller;
  if (userId === null || members.some((member) => member.user_id === userId)) return members;
  return [...members, { role: 'admin', user_id: userId, user_email: null }];
}

function newTeam(call: Call): unknown {
  const { state, proxy } = call;
  const fields = { ...(proxy.switches.defaultTeamSettings as JsonObject), ...bodyFields(call.body) };
  refuseLicensedFields(fields);
  const teamId = textOf(fields, 'team_id') ?? randomUUID();
  if (state.teams.has(teamId)) {
    throw httpException(400, {
      error: `Team id = ${teamId} already exists. Please use a different team id.`,
    });
  }
  const cap = proxy.switches.licensedTeams;
  if (cap !== null && state.teams.size >= cap) throw licenceRefusal(403, `more than ${cap} teams`);
  const now = nowText(call);
  const members = withCaller(call, askedMembers(fields));
  const team = teamRow({
    team_id: teamId,
    ...columns(fields, newFields),
    ...resetFields(call, fields),
    metadata: writtenMetadata(fields, {}),
    created_at: now,
    updated_at: now,
  });
  state.teams.set(teamId, team);
  team.members_with_roles = members.map((member) => {
    const user = userOfMember(call, member);
    if (!user.teams.includes(teamId)) user.teams.push(teamId);
    return { ...member, user_id: user.user_id, user_email: user.user_email };
  });
  return shownTeam(team, call.profile);
}

function updateTeam(call: Call): unknown {
  const fields = bodyFields(call.body, ['team_id']);
  refuseLicensedFields(fields);
  const team = existingTeam(call, textOf(fields, 'team_id') ?? '');
  Object.assign(team, columns(fields, updatableFields), resetFields(call, fields), {
    metadata: writtenMetadata(fields, team.metadata),
    updated_at: nowText(call),
  });
  return { team_id: team.team_id, data: shownTeam(team, call.profile) };
}

/** All or nothing; keys and memberships of the teams go with them. */
function deleteTeams(call: Call): unknown {
  const { state, profile } = call;
  const ids = textsOf(bodyFields(call.body, ['team_ids']), 'team_ids');
  const teams = ids.map((teamId) => existingTeam(call, teamId));
  const doomed = new Set(ids);
  removeKeys(
    call,
    [...state.keys.values()].filter((key) => key.team_id !== null && doomed.has(key.team_id)),
  );
  state.teamMemberships = state.teamMemberships.filter((membership) => !doomed.has(membership.team_id));
  for (const user of state.users.values()) user.teams = user.teams.filter((teamId) => !doomed.has(teamId));
  for (const team of teams) {
    state.teams.delete(team.team_id);
    if (profile.deletedLists) state.deletedTeams.push({ ...team, ...deletionMark(call) });
  }
  return { deleted_teams: ids };
}

function setBlocked(call: Call, blocked: boolean): unknown {
  const team = existingTeam(call, textOf(bodyFields(call.body, ['team_id']), 'team_id') ?? '');
  Object.assign(team, { blocked, updated_at: nowText(call) });
  return shownTeam(team, call.profile);
}

export const teamWriteEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: '/team/new', access: 'write', handle: newTeam },
  { method: 'POST', path: '/team/update', access: 'write', handle: updateTeam },
  { method: 'POST', path: '/team/delete', access: 'write', handle: deleteTeams },
  { method: 'POST', path: '/team/block', access: 'write', handle: (call) => setBlocked(call, true) },
  { method: 'POST', path: '/team/unblock', access: 'write', handle: (call) => setBlocked(call, false) },
];
