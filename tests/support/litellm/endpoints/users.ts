import type { Call, Endpoint } from '../context';
import { proxyException, pythonRepr, httpException } from '../http/failures';
import { pageOf, rotated, sortedBy } from '../http/paging';
import { QueryReader } from '../http/query-reader';
import { microsecondsOf } from '../instants';
import type { ProxyState, UserRow } from '../state';
import { shownTeam } from './teams';

const sortColumns: Readonly<Record<string, (user: UserRow) => string | number | null>> = {
  user_id: (user) => user.user_id,
  user_email: (user) => user.user_email,
  created_at: (user) => microsecondsOf(user.created_at),
  spend: (user) => user.spend,
  user_alias: (user) => user.user_alias,
  user_role: (user) => user.user_role,
};

function keyCounts(state: ProxyState): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { user_id: userId } of state.keys.values()) {
    if (userId !== null) counts.set(userId, (counts.get(userId) ?? 0) + 1);
  }
  return counts;
}

/** One id matches as a substring, two or more exactly: the reference names both. */
function idFilter(userIds: string | null): (user: UserRow) => boolean {
  if (userIds === null || userIds === '') return () => true;
  const ids = userIds.split(',').map((id) => id.trim());
  const only = ids.length === 1 ? (ids[0] ?? '') : null;
  if (only !== null) return (user) => user.user_id.includes(only);
  return (user) => ids.includes(user.user_id);
}

function sortUsers(call: Call, users: UserRow[], sortBy: string | null, order: 'asc' | 'desc'): UserRow[] {
  if (sortBy === null)
    return call.proxy.switches.unstableOrder ? rotated(users, call.recorded.number) : users;
  const column = sortColumns[sortBy];
  if (!column)
    throw httpException(400, {
      error: `Invalid sort column. Must be one of: ${Object.keys(sortColumns).join(', ')}`,
    });
  return sortedBy(users, column, order);
}

function listUsers(call: Call): unknown {
  const query = new QueryReader(call.query);
  const page = query.integer('page', 1, 1);
  const pageSize = query.integer('page_size', 25, 1, 100);
  const role = query.text('role');
  const email = query.text('user_email')?.toLowerCase() ?? null;
  const team = query.text('team');
  const ssoIds = query.text('sso_user_ids')?.split(',') ?? null;
  const order = query.text('sort_order')?.toLowerCase() === 'desc' ? 'desc' : 'asc';
  query.check();
  const found = [...call.state.users.values()]
    .filter((user) => role === null || user.user_role === role)
    .filter(idFilter(query.text('user_ids')))
    .filter((user) => ssoIds === null || (user.sso_user_id !== null && ssoIds.includes(user.sso_user_id)))
    .filter((user) => email === null || (user.user_email ?? '').toLowerCase().includes(email))
    .filter((user) => team === null || user.teams.includes(team));
  const part = pageOf(sortUsers(call, found, query.text('sort_by'), order), page, pageSize);
  const counts = keyCounts(call.state);
  return {
    users: part.rows.map((user) => ({ ...user, key_count: counts.get(user.user_id) ?? 0 })),
    total: part.total,
    page,
    page_size: pageSize,
    total_pages: part.totalPages,
  };
}

/** Without an id an admin gets every team and key in one answer, which has exhausted real proxies: a violation. */
function everything({ proxy, recorded, state, caller, profile }: Call): unknown {
  proxy.recorder.violation(recorded);
  return {
    user_id: caller.userId,
    user_info: (caller.userId === null ? undefined : state.users.get(caller.userId)) ?? null,
    keys: [...state.keys.values()],
    teams: [...state.teams.values()].map((team) => shownTeam(team, profile)),
  };
}

function unknownUser(userId: string): Error {
  const message = pythonRepr({ error: `User not found, passed user_id=${userId}` });
  return proxyException(404, message, 'not_found_error', 'user_id');
}

function requireOwn(call: Call, userId: string | null): void {
  if (call.caller.role !== 'other' || (userId !== null && userId === call.caller.userId)) return;
  const message = 'Authentication Error, Only proxy admin can be used to read other users. Route=/user/info';
  throw proxyException(401, message, 'auth_error');
}

function userInfo(call: Call): unknown {
  const { state, profile } = call;
  const userId = call.query.get('user_id');
  requireOwn(call, userId);
  if (userId === null || userId === '') return everything(call);
  const user = state.users.get(userId);
  if (!user && profile.unknownUserInfo === 'not-found') throw unknownUser(userId);
  return {
    user_id: userId,
    user_info: user ?? { spend: 0 },
    keys: [...state.keys.values()].filter((key) => key.user_id === userId),
    teams: [...state.teams.values()]
      .filter((team) => team.members_with_roles.some((member) => member.user_id === userId))
      .map((team) => shownTeam(team, profile)),
  };
}

function userInfoV2(call: Call): unknown {
  const userId = call.query.get('user_id') ?? call.caller.userId ?? '';
  requireOwn(call, userId);
  const user = call.state.users.get(userId);
  if (!user) throw unknownUser(userId);
  const { user_email, user_alias, user_role, spend, max_budget, models, budget_duration } = user;
  const { budget_reset_at, metadata, created_at, updated_at, sso_user_id, teams } = user;
  return {
    ...{ user_id: userId, user_email, user_alias, user_role, spend, max_budget, models, budget_duration },
    ...{ budget_reset_at, metadata, created_at, updated_at, sso_user_id, teams },
  };
}

export const userEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/user/list', access: 'read', handle: listUsers },
  { method: 'GET', path: '/user/info', access: 'own', handle: userInfo },
  {
    method: 'GET',
    path: '/v2/user/info',
    access: 'own',
    exists: (profile) => profile.userInfoV2,
    handle: userInfoV2,
  },
];
