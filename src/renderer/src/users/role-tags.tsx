import type { TFunction } from 'i18next';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { TagCloud, TagRow } from '../ui/tag';
import { NotRecorded } from '../ui/values';

/** The roles LiteMaaS knows; the database may hold others, which are shown as they stand. */
export const knownRoles = ['admin', 'admin-readonly', 'user'] as const;

/** A role in words. */
export function roleLabel(t: TFunction, role: string): string {
  const known = knownRoles.find((name) => name === role);
  return known === undefined ? role : t(`users.role.${known}`);
}

interface RoleTagsProps {
  readonly roles: readonly string[];
  /** How many fit into the one line there is; without it all are shown, in as many lines as they need. */
  readonly show?: number;
}

export function RoleTags({ roles, show }: RoleTagsProps): ReactElement {
  const { t } = useTranslation();
  if (roles.length === 0) return <NotRecorded />;
  const labels = roles.map((role) => roleLabel(t, role));
  return show === undefined ? <TagCloud labels={labels} /> : <TagRow labels={labels} show={show} />;
}
