import { Link } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import type { Reference } from '../../../shared/contract/values';
import type { ListedArea, RecordDefinition } from '../../../shared/records/definition';
import { NameText } from '../ui/name-text';
import { NotRecorded } from '../ui/values';

export type RecordArea = RecordDefinition['path'];

/** Where the page of a record, or of an entry of the audit trail, is. */
export function recordPath(area: ListedArea['path'], id: string): string {
  return `/${area}/${encodeURIComponent(id)}`;
}

/** A record's page with the panel open, at a field. */
export function editPath(area: RecordArea, id: string, field: string): string {
  return `${recordPath(area, id)}?edit=${field}`;
}

/** A relation as a link to its page; null as a dash. */
export function RecordLink({
  area,
  reference,
}: {
  readonly area: RecordArea;
  readonly reference: Reference | null;
}): ReactNode {
  if (reference === null) return <NotRecorded />;
  return <AppLink to={recordPath(area, reference.id)}>{reference.label}</AppLink>;
}

/** A link inside the console whose text may be long. */
export function AppLink({ to, children }: { readonly to: string; readonly children: string }): ReactElement {
  return (
    <Link
      component={RouterLink}
      to={to}
      onClick={(event) => event.stopPropagation()}
      sx={{ display: 'inline-block', maxWidth: '100%', verticalAlign: 'bottom', fontWeight: 500 }}
    >
      <NameText>{children}</NameText>
    </Link>
  );
}
