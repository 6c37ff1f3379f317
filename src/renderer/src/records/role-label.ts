import type { TFunction } from 'i18next';

/** The roles LiteMaaS knows; the database may hold others, which are shown as they stand. */
export const knownRoles = ['admin', 'admin-readonly', 'user'] as const;

/** A role in words. */
export function roleLabel(t: TFunction, role: string): string {
  const known = knownRoles.find((name) => name === role);
  return known === undefined ? role : t(`users.role.${known}`);
}
