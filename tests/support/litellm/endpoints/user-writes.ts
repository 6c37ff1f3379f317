import { randomUUID } from 'node:crypto';
import type { Call, Endpoint } from '../context';
import { bodyFields, objectOf, sentFields, textOf, textsOf } from '../http/body-reader';
import { licenceRefusal, proxyException, pythonRepr } from '../http/failures';
import { userRow } from '../rows';
import type { JsonObject, UserRow } from '../state';
import { generatedAnswer, insertKey, newPlaintextKey, removeKeys } from './key-writes';
import { nowText, refuseLicensedFields, resetFields, writtenMetadata } from './write-rules';

const columnFields = [
  ...[
    'user_alias',
    'user_email',
    'user_role',
    'max_budget',
    'models',
    'tpm_limit',
    'rpm_limit',
    'sso_user_id',
  ],
  ...['budget_duration', 'spend'],
];

function refusal(status: 400 | 404 | 409, message: string, type: string, param: string): Error {
  return proxyException(status, pythonRepr({ error: message }), type, param);
}

function userByEmail(call: Call, email: string | null): UserRow | undefined {
  if (email === null) return undefined;
  return [...call.state.users.values()].find(
    (user) => user.user_email?.toLowerCase() === email.toLowerCase(),
  );
}

/** Teams that do not exist are passed over without a word. */
function joinTeams(call: Call, user: UserRow, teamIds: readonly string[]): void {
  for (const teamId of teamIds) {
    const team = call.state.teams.get(teamId);
    if (!team) continue;
    if (!user.teams.includes(teamId)) user.teams.push(teamId);
    if (team.members_with_roles.some((member) => member.user_id === user.user_id)) continue;
    team.members_with_roles.push({ role: 'user', user_id: user.user_id, user_email: user.user_email });
  }
}

/** What the request says, above what the site says, without nulls: LiteLLM keeps its column defaults for those. */
function withSiteDefaults(call: Call): JsonObject {
  const sent = bodyFields(call.body ?? {});
  const given = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null));
  return { ...(call.proxy.switches.defaultUserSettings as JsonObject), ...given };
}

function createUser(call: Call, userId: string, fields: JsonObject): UserRow {
  const now = nowText(call);
  const user = userRow({
    user_id: userId,
    ...sentFields(fields, columnFields),
    ...resetFields(call, fields),
    metadata: writtenMetadata(fields, {}),
    created_at: now,
    updated_at: now,
  });
  call.state.users.set(userId, user);
  return user;
}

/** The key-generate answer with the user's fields; `key` is empty when no key was made. */
function newUserAnswer(call: Call, user: JsonObject, autoCreateKey: boolean, fields: JsonObject): unknown {
  if (!autoCreateKey) return { ...user, key: '', token: '', expires: null };
  const plaintextKey = newPlaintextKey();
  const row = insertKey(call, plaintextKey, {
    ...sentFields(fields, ['models', 'max_budget']),
    user_id: user.user_id,
  });
  return { ...generatedAnswer(call, plaintextKey, row), ...user, key: plaintextKey };
}

function newUser(call: Call): unknown {
  const { state, profile, proxy } = call;
  const fields = withSiteDefaults(call);
  refuseLicensedFields(fields);
  const userId = textOf(fields, 'user_id') ?? randomUUID();
  if (state.users.has(userId)) {
    if (profile.existingUser === 'echo') return { ...fields, user_id: userId, key: '' };
    throw refusal(409, `User with id ${userId} already exists`, 'bad_request_error', 'user_id');
  }
  const email = textOf(fields, 'user_email');
  if (userByEmail(call, email)) {
    const message = `User with email ${email ?? ''} already exists`;
    throw refusal(profile.duplicateEmailStatus, message, 'bad_request_error', 'user_email');
  }
  const cap = proxy.switches.licensedUsers;
  if (cap !== null && state.users.size >= cap) throw licenceRefusal(403, `more than ${cap} users`);
  const user = createUser(call, userId, fields);
  joinTeams(call, user, textsOf(fields, 'teams'));
  return newUserAnswer(call, { ...user }, fields.auto_create_key !== false, fields);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Null, empty lists and empty objects are dropped; late releases let `max_budget: null` through. */
function effectiveFields(call: Call, fields: JsonObject): JsonObject {
  const clears = (name: string, value: unknown): boolean =>
    value === null && name === 'max_budget' && call.profile.userMaxBudgetCanBeCleared;
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => clears(name, value) || (value !== null && !isEmpty(value)),
    ),
  );
}

/** An unknown `user_id` creates the user: the reason why a push must look first. */
function updateUser(call: Call): unknown {
  const fields = effectiveFields(call, bodyFields(call.body));
  refuseLicensedFields(fields);
  const userId = textOf(fields, 'user_id');
  const email = textOf(fields, 'user_email');
  if (userId === null && email === null) {
    throw refusal(400, 'Either user_id or user_email must be provided', 'bad_request_error', 'user_id');
  }
  const known = userId === null ? userByEmail(call, email) : call.state.users.get(userId);
  if (!known && userId === null)
    throw refusal(404, `User not found, passed user_email=${email ?? ''}`, 'not_found_error', 'user_email');
  const user = known ?? createUser(call, userId ?? '', fields);
  const metadata = fields.metadata === undefined ? user.metadata : objectOf(fields, 'metadata');
  Object.assign(user, sentFields(fields, columnFields), resetFields(call, fields), {
    metadata,
    updated_at: nowText(call),
  });
  return { user_id: user.user_id, data: { ...user } };
}

/** All or nothing. Member lists of teams keep the id: membership there is only text. */
function deleteUsers(call: Call): unknown {
  const { state } = call;
  const ids = textsOf(bodyFields(call.body, ['user_ids']), 'user_ids');
  const unknown = ids.find((userId) => !state.users.has(userId));
  if (unknown !== undefined)
    throw refusal(404, `User not found, passed user_id=${unknown}`, 'not_found_error', 'user_ids');
  const doomed = new Set(ids);
  removeKeys(
    call,
    [...state.keys.values()].filter((key) => key.user_id !== null && doomed.has(key.user_id)),
  );
  state.teamMemberships = state.teamMemberships.filter((membership) => !doomed.has(membership.user_id));
  for (const userId of doomed) state.users.delete(userId);
  return doomed.size;
}

export const userWriteEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: '/user/new', access: 'write', handle: newUser },
  { method: 'POST', path: '/user/update', access: 'write', handle: updateUser },
  { method: 'POST', path: '/user/delete', access: 'write', handle: deleteUsers },
];
