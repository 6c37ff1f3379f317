import type { Call, Endpoint } from '../context';
import { proxyException, pythonRepr, validationFailure } from '../http/failures';
import { pageOf, rotated, sortedBy } from '../http/paging';
import { QueryReader } from '../http/query-reader';
import { microsecondsOf } from '../instants';
import type { KeyRow, ProxyState, TeamRow } from '../state';
import type { VersionProfile } from '../version-profiles';
import { deletedOrLive } from './deleted-lists';

/** A team as this release shows it. */
export function shownTeam<Row extends TeamRow>(team: Row, profile: VersionProfile): Partial<Row> {
  const shown: Partial<Row> = { ...team };
  if (!profile.teamSoftBudgetColumn) {
    delete shown.soft_budget;
    delete shown.router_settings;
    delete shown.access_group_ids;
  }
  return shown;
}

function keysOfTeam(state: ProxyState, teamId: string): KeyRow[] {
  return [...state.keys.values()].filter((key) => key.team_id === teamId);
}

function isMember(team: TeamRow, userId: string): boolean {
  return team.members_with_roles.some((member) => member.user_id === userId);
}

function inOrganization(team: TeamRow, organizationId: string | null): boolean {
  if (organizationId === null) return true;
  if (organizationId === 'default_organization') return team.organization_id === null;
  return team.organization_id === organizationId;
}

/** Bare array, unpaginated, with memberships and keys; teams that fail validation are missing without a word. */
function listTeams({ state, profile, query }: Call): unknown {
  const userId = query.get('user_id');
  const organizationId = query.get('organization_id');
  return [...state.teams.values()]
    .filter((team) => !state.teamsFailingValidation.has(team.team_id))
    .filter((team) => userId === null || isMember(team, userId))
    .filter((team) => inOrganization(team, organizationId))
    .map((team) => ({
      ...shownTeam(team, profile),
      team_memberships: state.teamMemberships.filter((membership) => membership.team_id === team.team_id),
      keys: keysOfTeam(state, team.team_id),
    }));
}

function sortTeams<Row extends TeamRow>(
  call: Call,
  rows: Row[],
  sortBy: string | null,
  order: 'asc' | 'desc',
): Row[] {
  if (sortBy === 'team_id') return sortedBy(rows, (row) => row.team_id, order);
  if (sortBy === 'team_alias') return sortedBy(rows, (row) => row.team_alias, order);
  const instant = (row: Row): number => microsecondsOf(row.created_at);
  // An unknown column is ignored; the default order has no tie-break.
  const unstable = call.proxy.switches.unstableOrder ? rotated(rows, call.recorded.number) : rows;
  return sortedBy(unstable, instant, sortBy === 'created_at' ? order : 'desc');
}

function listTeamsV2(call: Call): unknown {
  const query = new QueryReader(call.query);
  const page = query.integer('page', 1, 1);
  const pageSize = query.integer('page_size', 10, 1, 100);
  const teamId = query.text('team_id');
  const alias = query.text('team_alias')?.toLowerCase() ?? null;
  const userId = query.text('user_id');
  const organizationId = query.text('organization_id');
  const order = query.text('sort_order')?.toLowerCase() === 'desc' ? 'desc' : 'asc';
  query.check();
  const { caller, state } = call;
  // A viewer is no admin here: only its own teams come back.
  const memberId = caller.role === 'proxy_admin' ? userId : (caller.userId ?? '');
  const rows: TeamRow[] = deletedOrLive(call, state.deletedTeams, [...state.teams.values()]);
  const found = rows
    .filter((team) => teamId === null || team.team_id === teamId)
    .filter((team) => alias === null || (team.team_alias ?? '').toLowerCase().includes(alias))
    .filter((team) => memberId === null || isMember(team, memberId))
    .filter((team) => inOrganization(team, organizationId));
  const part = pageOf(sortTeams(call, found, query.text('sort_by'), order), page, pageSize);
  return {
    teams: part.rows.map((team) => shownTeam(team, call.profile)),
    total: part.total,
    page,
    page_size: pageSize,
    total_pages: part.totalPages,
  };
}

/** LiteLLM's refusal for a team that does not exist, in the `error` envelope. */
function unknownTeam(teamId: string): Error {
  const message = pythonRepr({ message: `Team not found, passed team id: ${teamId}.` });
  return proxyException(404, message, 'not_found_error', 'team_id');
}

function teamInfo({ state, profile, query }: Call): unknown {
  const teamId = query.get('team_id');
  if (teamId === null) {
    throw validationFailure([
      { type: 'missing', loc: ['query', 'team_id'], msg: 'Field required', input: null },
    ]);
  }
  const team = state.teams.get(teamId);
  if (!team) throw unknownTeam(teamId);
  return {
    team_id: teamId,
    team_info: { ...shownTeam(team, profile), team_member_budget_table: null },
    keys: keysOfTeam(state, teamId),
    team_memberships: state.teamMemberships.filter((membership) => membership.team_id === teamId),
  };
}

export const teamEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/team/list', access: 'read', handle: listTeams },
  { method: 'GET', path: '/v2/team/list', access: 'read', handle: listTeamsV2 },
  { method: 'GET', path: '/team/info', access: 'read', handle: teamInfo },
];
