import { randomBytes } from 'node:crypto';
import type { Call, Endpoint } from '../context';
import { bodyFields, sentFields, textOf, textsOf } from '../http/body-reader';
import { httpException, licenceRefusal, proxyException } from '../http/failures';
import { keyRow, tokenOf } from '../rows';
import type { JsonObject, KeyRow, ProxyState } from '../state';
import { keyExpiry } from './key-expiry';
import { findKey, shownKey } from './keys';
import { deletionMark, nowText, refuseLicensedFields, resetFields, writtenMetadata } from './write-rules';

const generatedFields = [
  ...['key_alias', 'models', 'user_id', 'team_id', 'max_budget', 'budget_duration', 'tpm_limit', 'rpm_limit'],
  ...['max_parallel_requests', 'blocked', 'aliases', 'config', 'permissions', 'allowed_routes', 'spend'],
  ...['budget_id', 'object_permission'],
];

/** Column default that a sent null leaves in place: these are never null in the table. */
const neverNull = ['models', 'aliases', 'config', 'permissions', 'allowed_routes', 'spend'];

function withoutForbiddenNulls(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== null || !neverNull.includes(name)),
  );
}

function refuseTakenAlias(state: ProxyState, alias: string | null, ownToken: string | null): void {
  if (alias === null) return;
  const owner = [...state.keys.values()].find((key) => key.key_alias === alias);
  if (!owner || owner.token === ownToken) return;
  const message = `Key with alias '${alias}' already exists. Unique key aliases across all keys are required.`;
  throw proxyException(400, message, 'bad_request_error', 'key_alias');
}

function softBudgetTable(fields: JsonObject): JsonObject | null {
  const softBudget = fields.soft_budget;
  if (typeof softBudget !== 'number') return null;
  return { budget_id: `soft-${softBudget}`, soft_budget: softBudget, max_budget: null };
}

/** Makes a row and puts it into the table; a key that is there already stays as it is. */
export function insertKey(call: Call, plaintextKey: string, fields: JsonObject): KeyRow {
  const now = nowText(call);
  const row = keyRow(plaintextKey, {
    ...withoutForbiddenNulls(sentFields(fields, generatedFields)),
    ...resetFields(call, fields),
    metadata: writtenMetadata(fields, {}),
    expires: keyExpiry(call, textOf(fields, 'duration')),
    litellm_budget_table: softBudgetTable(fields),
    org_id: textOf(fields, 'organization_id'),
    created_at: now,
    updated_at: now,
    created_by: call.caller.userId,
    updated_by: call.caller.userId,
  });
  // The insert does nothing on an existing hash, and nobody is told (issue 20494).
  if (!call.state.keys.has(row.token)) call.state.keys.set(row.token, row);
  return row;
}

/** The generate-shaped answer: the only place where the plaintext appears. */
export function generatedAnswer(call: Call, plaintextKey: string, row: KeyRow): JsonObject {
  return { ...shownKey(row, call.profile), key: plaintextKey, token: row.token, token_id: row.token };
}

/** A new random plaintext key. */
export function newPlaintextKey(): string {
  return `sk-${randomBytes(16).toString('base64url')}`;
}

function generateKey(call: Call): unknown {
  const fields = bodyFields(call.body ?? {});
  refuseLicensedFields(fields);
  const asked = textOf(fields, 'key');
  if (asked !== null && !asked.startsWith('sk-')) {
    throw proxyException(
      400,
      `Invalid key format. LiteLLM Virtual Key must start with 'sk-'.`,
      'bad_request_error',
      'key',
    );
  }
  const alias = textOf(fields, 'key_alias');
  refuseTakenAlias(call.state, alias, asked === null ? null : tokenOf(asked));
  const plaintextKey = asked ?? newPlaintextKey();
  return generatedAnswer(call, plaintextKey, insertKey(call, plaintextKey, fields));
}

/** Old releases say of an unknown key that it is not allowed, each endpoint in its own words. */
const unknownKeyTexts = {
  update: {
    message: 'Authentication Error: invalid user key - user key does not exist in db.',
    type: 'auth_error',
  },
  block: {
    message: 'Authentication Error, Invalid proxy server token passed. Create key via `/key/generate` call.',
    type: 'token_not_found_in_db',
  },
};

function existingKey(call: Call, keyOrHash: string, endpoint: keyof typeof unknownKeyTexts): KeyRow {
  const key = findKey(call.state, keyOrHash);
  if (key) return key;
  if (call.profile.unknownKeyUpdateStatus === 404) {
    throw proxyException(404, 'Key not found.', 'not_found_error', 'key');
  }
  const { message, type } = unknownKeyTexts[endpoint];
  throw proxyException(401, message, type, endpoint === 'block' ? 'key' : 'None');
}

/** A key can only move to a team its owner belongs to. */
function refuseForeignTeam(call: Call, key: KeyRow, fields: JsonObject): void {
  const teamId = textOf(fields, 'team_id');
  if (teamId === null || teamId === key.team_id) return;
  const team = call.state.teams.get(teamId);
  const ownerId = textOf(fields, 'user_id') ?? key.user_id;
  const member = team?.members_with_roles.some((entry) => entry.user_id === ownerId) ?? false;
  if (ownerId !== null && !member) {
    throw httpException(403, { error: `User=${ownerId} is not a member of the team=${teamId}.` });
  }
}

function expiryFields(call: Call, fields: JsonObject): JsonObject {
  const duration = textOf(fields, 'duration');
  if (duration === null) return {};
  return { expires: duration === '-1' ? null : keyExpiry(call, duration) };
}

function updateKey(call: Call): unknown {
  const fields = bodyFields(call.body, ['key']);
  refuseLicensedFields(fields);
  // Old releases do not read `budget_duration: null` at all.
  if (fields.budget_duration === null && !call.profile.keyBudgetDurationCanBeCleared) {
    delete fields.budget_duration;
  }
  const key = existingKey(call, textOf(fields, 'key') ?? '', 'update');
  refuseTakenAlias(call.state, textOf(fields, 'key_alias'), key.token);
  refuseForeignTeam(call, key, fields);
  const temporary = sentFields(fields, ['temp_budget_increase', 'temp_budget_expiry']);
  Object.assign(
    key,
    withoutForbiddenNulls(sentFields(fields, generatedFields)),
    resetFields(call, fields),
    expiryFields(call, fields),
    { metadata: { ...writtenMetadata(fields, key.metadata), ...temporary } },
    { updated_at: nowText(call), updated_by: call.caller.userId },
  );
  return { ...shownKey(key, call.profile), key: textOf(fields, 'key') };
}

/** Takes keys out of the table; releases that have one copy them to the table of deleted keys. */
export function removeKeys(call: Call, keys: readonly KeyRow[]): void {
  for (const key of keys) {
    call.state.keys.delete(key.token);
    if (call.profile.deletedLists) call.state.deletedKeys.push({ ...key, ...deletionMark(call) });
  }
}

/** The answer repeats what was passed, so that a part that did not exist cannot be seen. */
function deleteKeys(call: Call): unknown {
  const fields = bodyFields(call.body);
  const keys = textsOf(fields, 'keys');
  const aliases = textsOf(fields, 'key_aliases');
  if (keys.length === 0 && aliases.length === 0) {
    throw proxyException(400, 'No keys or key_aliases passed.', 'bad_request_error', 'keys');
  }
  const found = [
    ...keys.flatMap((key) => findKey(call.state, key) ?? []),
    ...[...call.state.keys.values()].filter(
      (key) => key.key_alias !== null && aliases.includes(key.key_alias),
    ),
  ];
  if (found.length === 0) throw proxyException(404, 'No keys found', 'not_found_error', 'keys');
  removeKeys(call, [...new Set(found)]);
  return { deleted_keys: keys.length > 0 ? keys : aliases };
}

function setBlocked(call: Call, blocked: boolean): unknown {
  const fields = bodyFields(call.body, ['key']);
  const given = textOf(fields, 'key') ?? '';
  if (!given.startsWith('sk-') && !/^[0-9a-f]{64}$/.test(given)) {
    throw proxyException(400, 'Invalid key format. Pass a key or its hash.', 'bad_request_error', 'key');
  }
  const key = existingKey(call, given, 'block');
  Object.assign(key, { blocked, updated_at: nowText(call), updated_by: call.caller.userId });
  return shownKey(key, call.profile);
}

function severalKeyInfos(call: Call): unknown {
  const keys = textsOf(bodyFields(call.body, ['keys']), 'keys');
  const rows = keys.flatMap((key) => findKey(call.state, key) ?? []);
  return { key: keys, info: rows.map((row) => shownKey(row, call.profile)) };
}

function regenerateKey(): unknown {
  throw licenceRefusal(500, 'Regenerating Virtual Keys');
}

export const keyWriteEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: '/key/generate', access: 'write', handle: generateKey },
  { method: 'POST', path: '/key/update', access: 'write', handle: updateKey },
  { method: 'POST', path: '/key/delete', access: 'write', handle: deleteKeys },
  { method: 'POST', path: '/key/block', access: 'write', handle: (call) => setBlocked(call, true) },
  { method: 'POST', path: '/key/unblock', access: 'write', handle: (call) => setBlocked(call, false) },
  { method: 'POST', path: '/key/regenerate', access: 'write', handle: regenerateKey },
  { method: 'POST', path: '/v2/key/info', access: 'read', handle: severalKeyInfos },
];
