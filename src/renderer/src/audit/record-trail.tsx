import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditResourceType } from '../../../shared/contract/audit';
import { useProcedureQuery } from '../api/use-procedure';
import { defineList } from '../lists/list-url';
import { RelatedList } from '../records/related-list';
import { useListState } from '../lists/use-list-state';
import { recordTrailPath, useAuditColumns } from './audit-columns';

const pageSize = 5;
const related = defineList({ sortFields: ['createdAt'], filters: {}, prefix: 'audit.', pageSize });
const shownFields = ['createdAt', 'action', 'who', 'reason'];

interface RecordTrailProps {
  readonly resourceType: AuditResourceType;
  /** The record's id, as the audit log has it. */
  readonly resourceId: string;
}

/** What was done to the record on this page, the newest first. */
export function RecordTrail({ resourceType, resourceId }: RecordTrailProps): ReactElement {
  const { t } = useTranslation();
  const list = useListState(related);
  const { page } = list.input;
  const query = useProcedureQuery(
    'audit',
    'list',
    { page, pageSize, filters: { resourceType, resourceId, withAccesses: true } },
    { keepPrevious: true },
  );
  return (
    <RelatedList
      title={t('audit.trail.title')}
      query={query}
      columns={useAuditColumns().filter(({ field }) => shownFields.includes(field))}
      rowId={({ id }) => id}
      page={page}
      pageSize={pageSize}
      onPage={(next) => list.setPage(next, pageSize)}
      allPath={recordTrailPath({ resourceType, resourceId })}
      emptyText={t('audit.trail.empty')}
    />
  );
}
