import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditRow } from '../../../shared/contract/audit';
import { NameText } from '../ui/name-text';
import { AppLink } from '../records/record-link';
import type { ServerGridColumn } from '../lists/server-grid';
import { TwoLines } from '../ui/two-lines';
import { useIsRoomy } from '../ui/use-is-roomy';
import { Instant, NotRecorded } from '../ui/values';
import { actionLabel, typeLabel } from './audit-words';
import { Actor, AuditedRecord, consoleUser } from './audited-record';

export const auditEntryPath = (id: string): string => `/audit/${id}`;

/** How a list shows entries of the audit log. */
export function useAuditColumns(): readonly ServerGridColumn<AuditRow>[] {
  const { t } = useTranslation();
  const isRoomy = useIsRoomy();
  return useMemo(
    () => [
      {
        field: 'createdAt',
        header: t('audit.column.when'),
        width: 184,
        render: ({ createdAt }) => <Instant value={createdAt} />,
      },
      {
        field: 'action',
        header: t('audit.column.action'),
        flex: 1.2,
        minWidth: 190,
        render: ({ id, action }) => <AppLink to={auditEntryPath(id)}>{actionLabel(t, action)}</AppLink>,
      },
      {
        field: 'record',
        header: t('audit.column.record'),
        flex: 1.3,
        minWidth: 170,
        render: (row) => (
          <TwoLines
            first={<AuditedRecord row={row} />}
            second={row.resourceType === null ? null : <NameText>{typeLabel(t, row.resourceType)}</NameText>}
          />
        ),
      },
      {
        field: 'who',
        header: t('audit.column.who'),
        flex: 1.1,
        minWidth: 150,
        render: (row) => {
          const console = consoleUser(t, row);
          return (
            <TwoLines
              first={<Actor row={row} />}
              second={row.user === null || console === null ? null : <NameText>{console}</NameText>}
            />
          );
        },
      },
      {
        field: 'reason',
        header: t('audit.column.reason'),
        flex: 1.2,
        minWidth: 130,
        initiallyHidden: !isRoomy,
        render: ({ reason }) => (reason === null ? <NotRecorded /> : <NameText>{reason}</NameText>),
      },
      {
        field: 'batchId',
        header: t('audit.column.batch'),
        width: 120,
        initiallyHidden: true,
        render: ({ batchId }) =>
          batchId === null ? <NotRecorded /> : <AppLink to={batchPath(batchId)}>{batchId}</AppLink>,
      },
      {
        field: 'code',
        header: t('audit.entry.code'),
        flex: 1,
        minWidth: 160,
        initiallyHidden: true,
        render: ({ action }) => <NameText>{action}</NameText>,
      },
      {
        field: 'resourceId',
        header: t('audit.column.resourceId'),
        flex: 1,
        minWidth: 160,
        initiallyHidden: true,
        render: ({ resourceId }) =>
          resourceId === null ? <NotRecorded /> : <NameText>{resourceId}</NameText>,
      },
    ],
    [t, isRoomy],
  );
}

/** The audit log narrowed to the entries of one bulk change. */
export function batchPath(batchId: string): string {
  return `/audit?${new URLSearchParams({ batchId }).toString()}`;
}

/** The audit log narrowed to one record. */
export function recordTrailPath(record: {
  readonly resourceType: string;
  readonly resourceId: string;
}): string {
  return `/audit?${new URLSearchParams({ ...record, withAccesses: 'true' }).toString()}`;
}
