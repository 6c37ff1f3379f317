import type { TFunction } from 'i18next';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { TagRow } from '../components/tag';

/** The roles LiteMaaS knows; the database may hold others, which are shown as they stand. */
export const knownRoles = ['admin', 'admin-readonly', 'user'] as const;

/** A role in words. */
export function roleLabel(t: TFunction, role: string): string {
  const known = knownRoles.find((name) => name === role);
  return known === undefined ? role : t(`users.role.${known}`);
}

export function RoleTags({
  roles,
  show = roles.length,
}: {
  readonly roles: readonly string[];
  readonly show?: number;
}): ReactElement {
  const { t } = useTranslation();
  return <TagRow labels={roles.map((role) => roleLabel(t, role))} show={show} />;
}
