import type { Call, Endpoint } from '../context';
import { httpException, proxyException } from '../http/failures';
import { pageOf, sortedBy } from '../http/paging';
import { QueryReader } from '../http/query-reader';
import { microsecondsOf } from '../instants';
import { tokenOf } from '../rows';
import type { KeyRow, ProxyState } from '../state';
import type { VersionProfile } from '../version-profiles';
import { deletedOrLive } from './deleted-lists';

/** Keys of LiteLLM's own dashboard sessions; lists leave them out. */
const dashboardTeam = 'litellm-dashboard';

const sortColumns: Readonly<Record<string, (key: KeyRow) => string | number | null>> = {
  spend: (key) => key.spend,
  max_budget: (key) => key.max_budget,
  created_at: (key) => microsecondsOf(key.created_at),
  updated_at: (key) => microsecondsOf(key.updated_at),
  token: (key) => key.token,
  key_alias: (key) => key.key_alias,
};

/** Fields of the authentication view that come along with every key, always empty in a list. */
const authViewFields = {
  team_alias: null,
  team_spend: null,
  team_tpm_limit: null,
  team_rpm_limit: null,
  team_max_budget: null,
  team_models: [],
  team_blocked: false,
  soft_budget: null,
  end_user_id: null,
  user_role: null,
  user_email: null,
};

/** A key as the lists of this release show it. */
export function shownKey(key: KeyRow, profile: VersionProfile): Record<string, unknown> {
  return {
    ...authViewFields,
    ...key,
    ...(profile.keyLastActive ? { last_active: null } : {}),
    ...(profile.settingsUpdatedAt ? { settings_updated_at: key.created_at } : {}),
  };
}

/** The row for a key given as plaintext or as hash. */
export function findKey(state: ProxyState, keyOrHash: string): KeyRow | undefined {
  return state.keys.get(keyOrHash.startsWith('sk-') ? tokenOf(keyOrHash) : keyOrHash);
}

function aliasFilter(alias: string | null, mode: VersionProfile['keyAliasFilter']): (key: KeyRow) => boolean {
  if (alias === null) return () => true;
  if (mode === 'exact') return (key) => key.key_alias === alias;
  return (key) => (key.key_alias ?? '').toLowerCase().includes(alias.toLowerCase());
}

/** Keys of a user; on request also those of its teams and those it created. */
function ownerFilter(call: Call, query: QueryReader): (key: KeyRow) => boolean {
  const userId = query.text('user_id');
  const withTeams = query.flag('include_team_keys', false);
  const withCreated = query.flag('include_created_by_keys', false);
  if (userId === null) return () => true;
  const teams = new Set(call.state.users.get(userId)?.teams ?? []);
  return (key) =>
    key.user_id === userId ||
    (withTeams && key.team_id !== null && teams.has(key.team_id)) ||
    (withCreated && key.created_by === userId);
}

function sortKeys(keys: KeyRow[], sortBy: string | null, order: 'asc' | 'desc'): KeyRow[] {
  const byToken = sortedBy(keys, (key) => key.token, 'desc');
  if (sortBy === null) return sortedBy(byToken, (key) => microsecondsOf(key.created_at), 'desc');
  const column = sortColumns[sortBy];
  if (!column)
    throw httpException(400, {
      error: `Invalid sort column. Must be one of: ${Object.keys(sortColumns).join(', ')}`,
    });
  return sortedBy(byToken, column, order);
}

function withUser(call: Call, row: Record<string, unknown>): Record<string, unknown> {
  const user = typeof row.user_id === 'string' ? call.state.users.get(row.user_id) : undefined;
  return { ...row, user: user ?? null };
}

function listKeys(call: Call): unknown {
  const query = new QueryReader(call.query);
  const page = query.integer('page', 1, 1);
  const size = query.integer('size', 10, 1, 100);
  const fullObjects = query.flag('return_full_object', false);
  const teamId = query.text('team_id');
  const organizationId = query.text('organization_id');
  const hash = query.text('key_hash');
  const owns = ownerFilter(call, query);
  const order = query.text('sort_order')?.toLowerCase() === 'asc' ? 'asc' : 'desc';
  query.check();
  const rows: KeyRow[] = deletedOrLive(call, call.state.deletedKeys, [...call.state.keys.values()]);
  const found = rows
    .filter((key) => key.team_id !== dashboardTeam)
    .filter(owns)
    .filter((key) => teamId === null || key.team_id === teamId)
    .filter((key) => organizationId === null || key.org_id === organizationId)
    .filter((key) => hash === null || key.token === hash)
    .filter(aliasFilter(query.text('key_alias'), call.profile.keyAliasFilter));
  const part = pageOf(sortKeys(found, query.text('sort_by'), order), page, size);
  const expandUser = call.profile.keyExpandUser && call.query.getAll('expand').includes('user');
  const shown = part.rows.map((key) => shownKey(key, call.profile));
  const objects = expandUser ? shown.map((row) => withUser(call, row)) : shown;
  return {
    keys: fullObjects || expandUser ? objects : part.rows.map((key) => key.token),
    total_count: part.total,
    current_page: page,
    total_pages: part.totalPages,
  };
}

/** Late releases find a deleted key, too. */
function deletedKey(call: Call, hash: string): KeyRow | undefined {
  if (!call.profile.keyInfoShowsDeleted) return undefined;
  const found = call.state.deletedKeys.find(({ token }) => token === hash);
  return found === undefined ? undefined : Object.assign({}, found, { status: 'deleted' });
}

/** The row without its token, as `/key/info` shows it. */
function keyInfoBody(key: KeyRow, profile: VersionProfile): Record<string, unknown> {
  const { token: _token, ...info } = shownKey(key, profile);
  return info;
}

function keyInfo(call: Call): unknown {
  const asked = call.query.get('key') ?? call.caller.token;
  const key = findKey(call.state, asked) ?? deletedKey(call, asked);
  if (call.caller.role === 'other' && key?.token !== call.caller.token) {
    const message =
      "Authentication Error, You are not allowed to access this key's info. Only proxy admin can be used.";
    throw proxyException(401, message, 'auth_error');
  }
  if (!key) throw proxyException(404, 'Key not found in database', 'not_found_error', 'key');
  const info = keyInfoBody(key, call.profile);
  return call.profile.flatKeyInfo ? { key: asked, ...info } : { key: asked, info };
}

function listAliases(call: Call): unknown {
  const aliases = [...call.state.keys.values()].flatMap((key) =>
    key.key_alias === null ? [] : [key.key_alias],
  );
  const sorted = sortedBy([...new Set(aliases)], (alias) => alias, 'asc');
  if (call.profile.keyAliases === 'bare') return { aliases: sorted };
  const query = new QueryReader(call.query);
  const page = query.integer('page', 1, 1);
  const size = query.integer('size', 50, 1, 100);
  const search = query.text('search')?.toLowerCase() ?? '';
  query.check();
  const part = pageOf(
    sorted.filter((alias) => alias.toLowerCase().includes(search)),
    page,
    size,
  );
  return {
    aliases: part.rows,
    total_count: part.total,
    current_page: page,
    total_pages: part.totalPages,
    size,
  };
}

export const keyEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/key/list', access: 'read', handle: listKeys },
  { method: 'GET', path: '/key/info', access: 'own', handle: keyInfo },
  {
    method: 'GET',
    path: '/key/aliases',
    access: 'read',
    exists: (profile) => profile.keyAliases !== 'absent',
    handle: listAliases,
  },
];
