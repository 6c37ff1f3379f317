import type { IncomingHttpHeaders } from 'node:http';
import type { Access, Proxy } from './context';
import { proxyException, type Failure } from './http/failures';
import { microsecondsOf } from './instants';
import { keyNameOf, tokenOf } from './rows';
import type { KeyRow } from './state';

/** Who is calling. `default_user_id` is the id behind the master key. */
export interface Caller {
  readonly role: 'proxy_admin' | 'proxy_admin_viewer' | 'other' | 'nobody';
  readonly userId: string | null;
  readonly token: string;
  readonly key: KeyRow | null;
}

export const nobody: Caller = { role: 'nobody', userId: null, token: '', key: null };

const plainHeaders = ['api-key', 'x-api-key', 'x-goog-api-key', 'ocp-apim-subscription-key'];

function headerText(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name.toLowerCase()];
  return (Array.isArray(value) ? value[0] : value)?.trim() ?? '';
}

function withoutOptionalPrefix(value: string): string {
  return value.replace(/^(Bearer|bearer|Basic) /, '').trim();
}

/** A bare key in `Authorization` counts as no key at all. */
function withRequiredPrefix(value: string): string {
  return /^(Bearer|bearer|Basic) /.test(value) ? withoutOptionalPrefix(value) : '';
}

/** The first non-empty key in LiteLLM's order of headers, or an empty string. */
export function presentedKey(headers: IncomingHttpHeaders, renamedHeader: string | null): string {
  if (renamedHeader !== null) return withoutOptionalPrefix(headerText(headers, renamedHeader));
  const candidates = [
    withoutOptionalPrefix(headerText(headers, 'x-litellm-api-key')),
    withRequiredPrefix(headerText(headers, 'authorization')),
    ...plainHeaders.map((name) => headerText(headers, name)),
  ];
  return candidates.find((candidate) => candidate !== '') ?? '';
}

function authError(message: string, type = 'auth_error', param = 'None'): Failure {
  return proxyException(401, `Authentication Error, ${message}`, type, param);
}

function callerOfKey(proxy: Proxy, plaintextKey: string): Caller {
  const token = tokenOf(plaintextKey);
  const key = proxy.state.keys.get(token);
  if (!key) {
    const message = `Invalid proxy server token passed. Received API Key = ${keyNameOf(plaintextKey)}, Key Hash (Token) =${token}. Unable to find token in cache or \`LiteLLM_VerificationTokenTable\``;
    throw authError(message, 'token_not_found_in_db', 'key');
  }
  if (key.blocked === true) throw authError('Key is blocked. Update via `/key/unblock` if you are an admin.');
  if (key.expires !== null && microsecondsOf(key.expires) / 1000 < proxy.now().getTime()) {
    const message = `Authentication Error - Expired Key. Key Expiry time ${key.expires}`;
    throw proxyException(400, message, 'expired_key', token);
  }
  if (key.team_id !== null && proxy.state.teams.get(key.team_id)?.blocked === true) {
    throw authError(`Team=${key.team_id} is blocked. Update via \`/team/unblock\` if you are an admin.`);
  }
  const role = key.user_id === null ? null : (proxy.state.users.get(key.user_id)?.user_role ?? null);
  const knownRole = role === 'proxy_admin' || role === 'proxy_admin_viewer' ? role : 'other';
  return { role: knownRole, userId: key.user_id, token, key };
}

/** Finds out who calls; throws LiteLLM's refusal when the key is missing, malformed, unknown, blocked or expired. */
export function authenticate(proxy: Proxy, headers: IncomingHttpHeaders): Caller {
  const key = presentedKey(headers, proxy.keyHeaderName);
  if (key === '') throw authError('No api key passed in.');
  if (key === proxy.masterKey) {
    return { role: 'proxy_admin', userId: 'default_user_id', token: tokenOf(key), key: null };
  }
  if (!key.startsWith('sk-')) {
    throw authError(
      `LiteLLM Virtual Key expected. Received=${key.slice(0, 4)}****, expected to start with 'sk-'.`,
    );
  }
  if (!proxy.switches.databaseConnected) {
    throw proxyException(400, 'No connected db.', 'no_db_connection');
  }
  return callerOfKey(proxy, key);
}

/** Throws unless this caller may use an endpoint of this kind. */
export function authorise(caller: Caller, access: Access, path: string): void {
  if (access === 'public' || access === 'any' || access === 'own' || caller.role === 'proxy_admin') return;
  if (caller.role === 'proxy_admin_viewer') {
    if (access === 'read') return;
    const message = `user not allowed to access this route, role= proxy_admin_viewer. Trying to access: ${path}`;
    throw proxyException(403, message, 'auth_error');
  }
  throw authError(
    `Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route=${path}`,
  );
}
