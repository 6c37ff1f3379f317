import { Box, Divider, Popover, Stack, Typography } from '@mui/material';
import { Fragment, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState } from '../../../shared/contract/app';
import { call } from '../api/client';
import { formatDuration, toDate } from '../ui/format';
import { JobProgress } from '../ui/job-progress';
import { StatusChip } from '../ui/status-chip';
import { jobName } from './job-name';
import type { ToneName } from '../ui/theme';

const tones: Record<JobState['state'], ToneName> = {
  running: 'info',
  succeeded: 'success',
  failed: 'error',
  cancelled: 'neutral',
};

interface JobsPanelProps {
  /** What it hangs from; null while it is closed. */
  readonly anchor: HTMLElement | null;
  readonly jobs: readonly JobState[];
  readonly onClose: () => void;
}

/** Each job with its state and how far it is, and a way to stop it. */
export function JobsPanel({ anchor, jobs, onClose }: JobsPanelProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Popover
      open={anchor !== null}
      anchorEl={anchor}
      onClose={onClose}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
      transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      slotProps={{
        paper: {
          role: 'dialog',
          'aria-label': t('app.jobs.title'),
          variant: 'outlined',
          sx: { width: 400, p: 2 },
        },
      }}
    >
      <Stack sx={{ gap: 1.5 }}>
        {jobs.map((job, index) => (
          <Fragment key={job.id}>
            {index > 0 && <Divider />}
            <JobEntry job={job} />
          </Fragment>
        ))}
      </Stack>
    </Popover>
  );
}

function JobEntry({ job }: { readonly job: JobState }): ReactElement {
  const { t } = useTranslation();
  const started = toDate(job.startedAt);
  const finished = job.finishedAt === null ? null : toDate(job.finishedAt);
  return (
    <Box>
      <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'center', gap: 1, mb: 0.5 }}>
        <Typography variant="body2" sx={{ fontWeight: 650 }}>
          {t(jobName(job.procedure))}
        </Typography>
        <StatusChip tone={tones[job.state]} label={t(`common.job.${job.state}`)} />
      </Stack>
      {started !== null && finished !== null && (
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {t('common.job.took', { duration: formatDuration(finished.getTime() - started.getTime()) })}
        </Typography>
      )}
      <JobProgress
        job={job}
        onCancel={() => void call('app', 'cancelJob', { jobId: job.id }).catch(() => undefined)}
      />
    </Box>
  );
}
