import { missingEmailDomain } from '../../../shared/missing-email';
import type { UserRow } from './user-rows';
import { isTooLong, type Mapped, truncate } from '../mapping/fields';
import { clampFinding, findingOf, limitFields, resetsDaily } from '../mapping/limits';

/** LiteLLM's own administrator; it stands for the master key and is no person. */
export const systemUserId = 'default_user_id';
const maxText = 255;

/** The import rules for users (design: "LiteLLM"). Username and e-mail may still have to be made unique. */
export function mapUser(row: UserRow): Mapped {
  if (row.user_id === systemUserId) return { home: false, reason: 'system_object', name: row.user_alias };
  if (isTooLong(row.user_id, maxText)) return { home: false, reason: 'id_too_long', name: row.user_alias };
  const email = row.user_email === null || isTooLong(row.user_email, maxText) ? null : row.user_email;
  const limits = limitFields(row);
  return {
    home: true,
    fields: {
      username: usernameOf(row),
      email: email ?? missingEmail(row.user_id),
      oauth_id: row.user_id,
      roles: rolesOf(row.user_role),
      ...limits.fields,
      created_at: row.created_at,
      user_role: row.user_role,
      models: row.models,
      budget_duration: row.budget_duration,
    },
    finding: findingOf([
      row.user_email === null && 'email_missing',
      row.user_email !== null && email === null && 'email_too_long',
      resetsDaily(row.budget_duration) && 'budget_resets_daily',
      clampFinding(limits.clamped),
    ]),
  };
}

/** A domain that can never exist (RFC 2606), so that nobody writes there; screens show such an address as missing. */
export function missingEmail(userId: string): string {
  return `${truncate(userId, maxText - missingEmailDomain.length - 1)}@${missingEmailDomain}`;
}

function usernameOf({ user_alias: alias, user_email: email, user_id: userId }: UserRow): string {
  const localPart = email?.split('@')[0]?.trim();
  const name = alias?.trim() || localPart || userId;
  return truncate(name, maxText);
}

function rolesOf(role: string | null): string[] {
  if (role === 'proxy_admin') return ['admin', 'user'];
  if (role === 'proxy_admin_viewer') return ['admin-readonly', 'user'];
  return ['user'];
}
