import { Typography } from '@mui/material';
import type { TFunction } from 'i18next';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditRow } from '../../../shared/contract/audit';
import { NameText } from '../ui/name-text';
import { AppLink, recordPath } from '../records/record-link';
import { NotRecorded } from '../ui/values';

type AuditedRecord = NonNullable<AuditRow['record']>;

/** Where the page of the record is that an entry is about. */
export function auditedRecordPath({ area, id }: AuditedRecord): string {
  return recordPath(area === 'apiKeys' ? 'api-keys' : area, id);
}

/** The record an entry is about: a link while it exists, else its id. */
export function AuditedRecord({ row }: { readonly row: AuditRow }): ReactNode {
  const { record, resourceId } = row;
  if (record !== null) return <AppLink to={auditedRecordPath(record)}>{record.label}</AppLink>;
  return resourceId === null ? <NotRecorded /> : <NameText>{resourceId}</NameText>;
}

/** Who did it: the user of this database, else who was at the console. */
export function Actor({ row }: { readonly row: AuditRow }): ReactElement {
  const { t } = useTranslation();
  const { user } = row;
  if (user !== null) return <AppLink to={`/users/${user.id}`}>{user.label}</AppLink>;
  const console = consoleUser(t, row);
  if (console !== null) return <NameText>{console}</NameText>;
  return (
    <Typography component="span" variant="inherit" sx={{ color: 'text.secondary' }}>
      {t('audit.nobody')}
    </Typography>
  );
}

/** The account of the operating system that the console ran under, with its host; null for LiteMaaS's own entries. */
export function consoleUser(
  t: TFunction,
  { osUser, host }: Pick<AuditRow, 'osUser' | 'host'>,
): string | null {
  if (osUser === null) return null;
  return host === null ? osUser : t('audit.atHost', { osUser, host });
}
