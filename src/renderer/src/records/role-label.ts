import type { TFunction } from 'i18next';
import { knownRoles } from '../../../shared/records/users';

/** A role in words. */
export function roleLabel(t: TFunction, role: string): string {
  const known = knownRoles.find((name) => name === role);
  return known === undefined ? role : t(`users.role.${known}`);
}

/** A role in a team in words; the database may hold others than LiteLLM's two, which are shown as they stand. */
export function memberRoleLabel(t: TFunction, role: string): string {
  return role === 'admin' || role === 'member' ? t(`teams.page.memberRoles.${role}`) : role;
}
