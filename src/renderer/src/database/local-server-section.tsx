import { Button, Stack } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useJob } from '../api/use-job';
import { ConfirmDialog } from '../ui/dialogs';
import { Field, FieldList } from '../ui/field-list';
import { formatBytes } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { Section } from '../ui/section';
import { ServerLogDialog } from './server-log-dialog';

type LocalServer = NonNullable<AnswerOf<Contract['database']['status']>['local']>;

/** The PostgreSQL that came with the console: its folder, its log, stopping it, setting it aside. */
export function LocalServerSection({ local }: { readonly local: LocalServer }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'stop' | 'setAside' | null>(null);
  const [isLogOpen, setIsLogOpen] = useState(false);
  const stop = useJob('database', 'stopServer', () => void navigate('/'));
  const setAside = useJob('database', 'setAside', ({ movedTo }) => {
    notify('info', t('database.local.setAsideDone', { folder: movedTo }));
    void navigate('/');
  });
  const isBusy = stop.busy || setAside.busy;
  return (
    <Section
      title={t('database.local.title')}
      description={t(local.startedByUs ? 'database.local.startedByUs' : 'database.local.attached')}
      actions={
        <>
          <Button size="small" onClick={() => setIsLogOpen(true)}>
            {t('database.local.log')}
          </Button>
          <Button size="small" disabled={isBusy} onClick={() => setAsking('stop')}>
            {t('database.local.stop')}
          </Button>
          <Button size="small" color="error" disabled={isBusy} onClick={() => setAsking('setAside')}>
            {t('database.local.setAside')}
          </Button>
        </>
      }
    >
      <FieldList>
        <Field label={t('database.local.folder')} copy={local.dataFolder} wide>
          <code>{local.dataFolder}</code>
        </Field>
        <Field label={t('database.local.sizeOnDisk')}>{formatBytes(local.sizeOnDiskBytes)}</Field>
        <Field label={t('database.local.process')}>{local.processId}</Field>
        <Field label={t('database.local.osUser')}>{local.osUser}</Field>
      </FieldList>
      <Stack sx={{ gap: 2, mt: stop.job === null && setAside.job === null ? 0 : 2 }}>
        <JobOutcome job={stop} canCancel={false} failedTitle={t('database.local.stopFailed')} />
        <JobOutcome job={setAside} canCancel={false} failedTitle={t('database.local.setAsideFailed')} />
      </Stack>
      <ConfirmDialog
        open={asking === 'stop'}
        title={t('database.local.stopTitle')}
        confirmLabel={t('database.local.stopConfirm')}
        onConfirm={() => stop.start({})}
        onClose={() => setAsking(null)}
      >
        {t('database.local.stopBody')}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'setAside'}
        title={t('database.local.setAsideTitle')}
        confirmLabel={t('database.local.setAsideConfirm')}
        destructive
        typed={t('database.local.setAsideWord')}
        onConfirm={() => setAside.start({})}
        onClose={() => setAsking(null)}
      >
        {t('database.local.setAsideBody')}
      </ConfirmDialog>
      {isLogOpen && <ServerLogDialog onClose={() => setIsLogOpen(false)} />}
    </Section>
  );
}
