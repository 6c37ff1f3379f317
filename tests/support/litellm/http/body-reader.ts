import type { JsonObject } from '../state';
import { validationFailure, type ValidationIssue } from './failures';

type FieldKind = 'number' | 'text' | 'flag' | 'list' | 'object';

const kindOfField: Readonly<Record<string, FieldKind>> = {
  ...Object.fromEntries(
    [
      ...['tpm_limit', 'rpm_limit', 'max_parallel_requests', 'max_budget', 'soft_budget', 'spend'],
      ...['max_budget_in_team', 'team_member_budget', 'team_member_tpm_limit', 'team_member_rpm_limit'],
    ].map((name) => [name, 'number' as const]),
  ),
  ...Object.fromEntries(
    [
      'metadata',
      'aliases',
      'config',
      'permissions',
      'model_tpm_limit',
      'model_rpm_limit',
      'model_aliases',
    ].map((name) => [name, 'object' as const]),
  ),
  ...Object.fromEntries(
    [
      'models',
      'teams',
      'team_ids',
      'user_ids',
      'keys',
      'key_aliases',
      'members_with_roles',
      'allowed_routes',
    ].map((name) => [name, 'list' as const]),
  ),
  ...Object.fromEntries(
    [
      'team_id',
      'team_alias',
      'user_id',
      'user_alias',
      'user_email',
      'user_role',
      'key',
      'key_alias',
      'duration',
    ].map((name) => [name, 'text' as const]),
  ),
  budget_duration: 'text',
  blocked: 'flag',
  auto_create_key: 'flag',
  send_invite_email: 'flag',
};

const complaints: Readonly<Record<FieldKind, { type: string; msg: string }>> = {
  number: { type: 'float_type', msg: 'Input should be a valid number' },
  text: { type: 'string_type', msg: 'Input should be a valid string' },
  flag: { type: 'bool_type', msg: 'Input should be a valid boolean' },
  list: { type: 'list_type', msg: 'Input should be a valid list' },
  object: { type: 'dict_type', msg: 'Input should be a valid dictionary' },
};

function isKind(value: unknown, kind: FieldKind): boolean {
  if (value === null) return true;
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'object') return typeof value === 'object' && !Array.isArray(value);
  if (kind === 'flag') return typeof value === 'boolean';
  return typeof value === (kind === 'text' ? 'string' : 'number');
}

/** Numbers written as text are taken for numbers, as pydantic does. */
function coerced(name: string, value: unknown): unknown {
  if (kindOfField[name] !== 'number' || typeof value !== 'string' || value.trim() === '') return value;
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}

function missing(loc: (string | number)[]): ValidationIssue {
  return { type: 'missing', loc, msg: 'Field required', input: null };
}

/** The fields of a JSON body. Throws the 422 of a body that is absent, no object, incomplete or of wrong types. */
export function bodyFields(body: unknown, required: readonly string[] = []): JsonObject {
  if (body === null) throw validationFailure([missing(['body'])]);
  if (typeof body !== 'object' || Array.isArray(body)) {
    const msg = 'Input should be a valid dictionary or object to extract fields from';
    throw validationFailure([{ type: 'model_attributes_type', loc: ['body'], msg, input: body }]);
  }
  const fields = Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, coerced(name, value)]),
  );
  const issues = required
    .filter((name) => fields[name] === undefined || fields[name] === null)
    .map((name) => missing(['body', name]));
  for (const [name, value] of Object.entries(fields)) {
    const kind = kindOfField[name];
    if (kind === undefined || isKind(value, kind)) continue;
    issues.push({ ...complaints[kind], loc: ['body', name], input: value });
  }
  if (issues.length > 0) throw validationFailure(issues);
  return fields;
}

/** A text field; null when absent or null. */
export function textOf(fields: JsonObject, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
}

/** The texts in a list field; empty when absent. */
export function textsOf(fields: JsonObject, name: string): string[] {
  const value = fields[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** An object field; empty when absent or null. */
export function objectOf(fields: JsonObject, name: string): JsonObject {
  const value = fields[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** Only the named fields that were sent, null ones included: what an update touches. */
export function sentFields(fields: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, fields[name]]));
}
