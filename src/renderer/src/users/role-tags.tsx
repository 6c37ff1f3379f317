import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { roleLabel } from '../records/role-label';
import { TagCloud, TagRow } from '../ui/tag';
import { NotRecorded } from '../ui/values';

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
