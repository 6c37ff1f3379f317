import {
  Alert,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Stack,
  Typography,
} from '@mui/material';
import { useId, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RepairPreview, RepairRequest } from '../../../shared/contract/health';
import type { JobHandle } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { Field, FieldList } from '../ui/field-list';
import { JobOutcome } from '../ui/job-outcome';
import { ErrorState, LoadingLines } from '../ui/states';
import { FactList } from './fact-list';
import { SqlText } from '../ui/sql-text';

interface RepairDialogProps {
  readonly open: boolean;
  readonly request: RepairRequest;
  readonly repair: JobHandle<{ repair: RepairRequest; version: string }, { summary: string }>;
  readonly canWrite: boolean;
  readonly onClose: () => void;
  /** Once it is gone from the screen. */
  readonly onClosed: () => void;
}

/** What a repair would do, exactly, then doing it with its progress. Closing it does not stop what runs. */
export function RepairDialog(props: RepairDialogProps): ReactElement {
  const { open, request, repair, canWrite, onClose, onClosed } = props;
  const { t } = useTranslation();
  const id = useId();
  // Each time it opens it looks anew: a preview of yesterday is no preview.
  const preview = useProcedureQuery(
    'health',
    'previewRepair',
    { repair: request },
    { enabled: open, staleTimeMs: 0 },
  );
  const { data } = preview;
  const isRunning = repair.job?.state === 'running' || repair.busy;
  const isReady = data?.needed === true && !preview.isFetching;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      aria-labelledby={id}
      maxWidth="md"
      fullWidth
      slotProps={{ transition: { onExited: onClosed } }}
    >
      <DialogTitle id={id}>{data?.title ?? t('health.finding.preview')}</DialogTitle>
      <DialogContent>
        <Stack sx={{ gap: 2 }}>
          {preview.isPending && <LoadingLines lines={5} />}
          {preview.error !== null && (
            <ErrorState
              error={preview.error}
              title={t('health.repair.previewFailed')}
              onRetry={() => void preview.refetch()}
            />
          )}
          {data !== undefined && !data.needed && !isRunning && (
            <Alert severity="info">{t('health.repair.nothing')}</Alert>
          )}
          {data?.needed === true && <PreviewDetails preview={data} />}
          {!canWrite && <Alert severity="info">{t('health.repair.readOnly')}</Alert>}
        </Stack>
      </DialogContent>
      <RepairState repair={repair} />
      <DialogActions sx={{ px: 3, py: 2 }}>
        <Button onClick={onClose}>{t(isRunning ? 'common.close' : 'common.cancel')}</Button>
        {canWrite && (
          <Button
            variant="contained"
            disabled={!isReady || isRunning}
            onClick={() => {
              if (data !== undefined) repair.start({ repair: request, version: data.version });
            }}
          >
            {t('health.repair.run')}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

/** How far it is or how it ended: below what scrolls, so that it is seen whatever was read last. */
function RepairState({ repair }: Pick<RepairDialogProps, 'repair'>): ReactElement | null {
  const { t } = useTranslation();
  if (repair.job === null && repair.startError === null) return null;
  return (
    <Stack sx={{ gap: 1.5, px: 3, pt: 1.5 }}>
      {repair.job?.state === 'cancelled' && <Alert severity="info">{t('health.repair.cancelled')}</Alert>}
      <JobOutcome job={repair} failedTitle={t('health.repair.failed')} />
    </Stack>
  );
}

function PreviewDetails({ preview }: { readonly preview: RepairPreview }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Stack sx={{ gap: 1 }}>
        <Typography variant="h3">{t('health.repair.touches')}</Typography>
        <FactList facts={preview.facts} />
      </Stack>
      <FieldList>
        <Field label={t('health.repair.blocks.title')} wide>
          {t(`health.repair.blocks.${preview.blocks}`)}
        </Field>
        <Field label={t('health.repair.stopping.title')} wide>
          {t(preview.oneTransaction ? 'health.repair.stopping.all' : 'health.repair.stopping.steps')}
        </Field>
        <Field label={t('health.repair.duration.title')} wide>
          {t(`health.repair.duration.${preview.duration}`)}
        </Field>
      </FieldList>
      <SqlText
        label={t('health.repair.statements')}
        fullLabel={t('health.repair.statements')}
        sql={preview.statements.join('\n')}
      />
    </>
  );
}
