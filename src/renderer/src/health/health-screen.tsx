import { Alert, Stack } from '@mui/material';
import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RepairRequest } from '../../../shared/contract/health';
import { useCanWrite, useWorkspace } from '../api/app-state';
import { useJob } from '../api/use-job';
import { DatabaseNote } from '../browse/database-note';
import { JobProgress } from '../ui/job-progress';
import { notify } from '../ui/notifications';
import { PageHeader } from '../ui/page-header';
import { DatabaseTabs } from '../database/database-tabs';
import { usePageAction } from '../ui/page-actions';
import { GroupSection } from './group-section';
import { HealthSummary } from './health-summary';
import { ReconcileSection } from './reconcile-section';
import { RepairDialog } from './repair-dialog';
import { useHealthCheck } from './use-health-check';

/** What is wrong with the open database, and mending it. */
export function HealthScreen(): ReactElement | null {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const canWrite = useCanWrite();
  const check = useHealthCheck();
  usePageAction('checkHealth', check.isChecking ? undefined : check.checkAgain);
  const [asked, setAsked] = useState<RepairRequest | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  // The finding goes with its repair, and the button that would get the focus back with it.
  const isMended = useRef(false);
  const repair = useJob('health', 'repair', (result) => {
    notify('success', result.summary);
    isMended.current = true;
    check.checkAgain();
    setIsOpen(false);
  });
  if (workspace === null) return null;
  const ask = (request: RepairRequest): void => {
    if (!repair.busy) repair.dismiss();
    setAsked(request);
    setIsOpen(true);
  };
  return (
    <>
      <PageHeader title={t('health.title')} description={t('health.description')} />
      <DatabaseTabs />
      <DatabaseNote />
      <Stack sx={{ gap: 2 }}>
        {!canWrite && workspace.schema === 'current' && (
          <Alert severity="info">{t('health.summary.readOnly')}</Alert>
        )}
        {repair.job !== null && !isOpen && (
          <JobProgress job={repair.job} onCancel={repair.cancel} failedTitle={t('health.repair.failed')} />
        )}
        <HealthSummary check={check} ref={summary} />
        {check.groups.map(({ group, query }) => (
          <GroupSection
            key={group}
            group={group}
            query={query}
            saysFailure={check.failure === null}
            canWrite={canWrite}
            onRepair={ask}
          />
        ))}
        {workspace.schema === 'current' && <ReconcileSection onRepair={ask} />}
      </Stack>
      {asked !== null && (
        <RepairDialog
          open={isOpen}
          request={asked}
          repair={repair}
          canWrite={canWrite}
          onClose={() => setIsOpen(false)}
          onClosed={() => {
            if (isMended.current) summary.current?.focus();
            isMended.current = false;
          }}
        />
      )}
    </>
  );
}
