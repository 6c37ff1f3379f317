import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditResourceType } from '../../../shared/contract/audit';
import { auditDefinition } from '../../../shared/records/audit';
import { RelatedList } from '../records/related-list';
import { useAuditColumns } from './audit-columns';

const shownFields = ['createdAt', 'action', 'who', 'reason'];

interface RecordTrailProps {
  readonly resourceType: AuditResourceType;
  /** The record's id, as the audit log has it. */
  readonly resourceId: string;
}

/** What was done to the record on this page, the newest first. */
export function RecordTrail({ resourceType, resourceId }: RecordTrailProps): ReactElement {
  const { t } = useTranslation();
  return (
    <RelatedList
      title={t('audit.trail.title')}
      definition={auditDefinition}
      prefix="audit."
      of={{ resourceType, resourceId, withAccesses: true }}
      columns={useAuditColumns().filter(({ field }) => shownFields.includes(field))}
      emptyText={t('audit.trail.empty')}
    />
  );
}
