import { Button, Stack, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { ConfirmDialog } from '../ui/dialogs';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { Instant } from '../ui/values';

/** Loading the demo into an empty workspace, and taking it out again. */
export function DemoSection({ canWrite }: { readonly canWrite: boolean }): ReactElement {
  const { t } = useTranslation();
  const status = useProcedureQuery('demo', 'status', {});
  const load = useJob('demo', 'load');
  const remove = useJob('demo', 'remove', () => notify('success', t('database.demo.removed')));
  const [isAsking, setIsAsking] = useState(false);
  const isBusy = load.busy || remove.busy;
  const { data } = status;
  return (
    <Section
      title={t('database.demo.title')}
      description={t('database.demo.description')}
      actions={
        canWrite &&
        data !== undefined &&
        (data.loaded ? (
          <Button size="small" color="error" disabled={isBusy} onClick={() => setIsAsking(true)}>
            {t('database.demo.remove')}
          </Button>
        ) : (
          data.canLoad && (
            <Button size="small" variant="outlined" disabled={isBusy} onClick={() => load.start({})}>
              {t('database.demo.load')}
            </Button>
          )
        ))
      }
    >
      <Stack sx={{ gap: 1.5 }}>
        {status.error !== null && data === undefined ? (
          <ErrorState error={status.error} onRetry={() => void status.refetch()} />
        ) : data === undefined ? (
          <LoadingLines lines={1} />
        ) : data.loaded ? (
          <Typography variant="body2">
            <Trans
              i18nKey="database.demo.loaded"
              components={{ moment: <Instant value={data.loadedAt} /> }}
            />
          </Typography>
        ) : (
          !data.canLoad &&
          data.reason !== null && (
            <Typography variant="body2">{t('database.demo.cannotLoad', { reason: data.reason })}</Typography>
          )
        )}
        <JobOutcome job={load} failedTitle={t('database.demo.loadFailed')} />
        <JobOutcome job={remove} failedTitle={t('database.demo.removeFailed')} />
      </Stack>
      <ConfirmDialog
        open={isAsking}
        title={t('database.demo.removeTitle')}
        confirmLabel={t('database.demo.removeConfirm')}
        destructive
        onConfirm={() => remove.start({})}
        onClose={() => setIsAsking(false)}
      >
        {t('database.demo.removeBody')}
      </ConfirmDialog>
    </Section>
  );
}
