import { Box, Button, Stack, TextField, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useJob } from '../api/use-job';
import { formatCount } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { Section } from '../ui/section';
import { Instant } from '../ui/values';
import { EntityCounts } from './entity-counts';
import { RunStateChip } from './run-state';

type Status = AnswerOf<Contract['sync']['status']>;

interface RunSectionProps {
  readonly status: Status;
  readonly canWrite: boolean;
}

const defaultDays = 31;
const mostDays = 1095;

/** Runs a pull, shows how far it is, and what the last one did. */
export function RunSection({ status, canWrite }: RunSectionProps): ReactElement {
  const { t } = useTranslation();
  const job = useJob('sync', 'run', () => notify('success', t('sync.run.done')));
  const [days, setDays] = useState(String(defaultDays));
  const backfillDays = Number(days);
  const isValid = Number.isInteger(backfillDays) && backfillDays >= 1 && backfillDays <= mostDays;
  const isFirst = status.spendUpTo === null;
  const start = (): void => job.start({ backfillDays: isValid ? backfillDays : defaultDays });
  const shown = job.result ?? status.lastRun;
  return (
    <Section title={t('sync.run.title')} description={t('sync.run.description')}>
      <Stack sx={{ gap: 2 }}>
        {status.link?.hasKey === true && canWrite && (
          <Stack direction="row" sx={{ gap: 1.5, alignItems: 'flex-start', flexWrap: 'wrap', mt: 0.5 }}>
            {isFirst && (
              <TextField
                type="number"
                label={t('sync.run.backfill')}
                value={days}
                onChange={(event) => setDays(event.target.value)}
                error={!isValid}
                helperText={t('sync.run.backfillHelp', { most: formatCount(mostDays) })}
                slotProps={{ htmlInput: { min: 1, max: mostDays, step: 1 } }}
                sx={{ width: 280 }}
              />
            )}
            <Button
              variant="contained"
              onClick={start}
              disabled={job.busy || !isValid}
              sx={{ minHeight: 38 }}
            >
              {t(status.resumable ? 'sync.run.resume' : 'sync.run.start')}
            </Button>
          </Stack>
        )}
        <JobOutcome job={job} onRetry={start} failedTitle={t('sync.run.failed')} />
        {shown === null ? (
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {t('sync.run.neverRun')}
          </Typography>
        ) : (
          <Box>
            <Stack direction="row" sx={{ gap: 1, alignItems: 'center', mb: 1, flexWrap: 'wrap' }}>
              <Typography variant="h3">
                {t(shown.state === 'running' ? 'sync.run.thisRun' : 'sync.run.lastRun')}
              </Typography>
              <RunStateChip state={shown.state} />
              <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                <Instant value={shown.startedAt} />
              </Typography>
            </Stack>
            <EntityCounts entities={shown.entities} />
            {shown.error !== null && (
              <Typography variant="body2" sx={{ mt: 1, overflowWrap: 'anywhere' }}>
                {shown.error}
              </Typography>
            )}
          </Box>
        )}
        {status.spendUpTo !== null && (
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            <Trans
              i18nKey="sync.run.spendUpTo"
              components={{ moment: <Instant value={status.spendUpTo} /> }}
            />
          </Typography>
        )}
      </Stack>
    </Section>
  );
}
