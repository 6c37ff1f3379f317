import type { TFunction } from 'i18next';
import { knownRoles } from '../../../shared/records/users';

/** A role in words. */
export function roleLabel(t: TFunction, role: string): string {
  const known = knownRoles.find((name) => name === role);
  return known === undefined ? role : t(`users.role.${known}`);
}
