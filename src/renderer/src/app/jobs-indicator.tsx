import { Box, Button, CircularProgress, Divider, Popover, Stack, Typography } from '@mui/material';
import { Fragment, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState } from '../../../shared/contract/app';
import { useJobs } from '../api/app-state';
import { call } from '../api/client';
import { formatDuration, toDate } from '../components/format';
import { JobProgress } from '../components/job-progress';
import { StatusChip } from '../components/status-chip';
import { VisuallyHidden } from '../components/visually-hidden';
import type { ToneName } from './theme';
import { jobName } from './job-name';

const tones: Record<JobState['state'], ToneName> = {
  running: 'info',
  succeeded: 'success',
  failed: 'error',
  cancelled: 'neutral',
};

const shownJobs = 6;

/** How much is running; opens what runs and what ended lately. No button while there is nothing to tell. */
export function JobsIndicator(): ReactElement {
  const { t } = useTranslation();
  const jobs = useJobs();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const running = jobs.filter(({ state }) => state === 'running');
  const latest = jobs.slice(-shownJobs).reverse();
  const newest = latest[0];
  // Heard when work begins and when it ends; its progress would be too much.
  const announced =
    newest === undefined ? '' : `${t(jobName(newest.procedure))}: ${t(`common.job.${newest.state}`)}`;
  return (
    <>
      <VisuallyHidden>
        <span role="status">{announced}</span>
      </VisuallyHidden>
      {jobs.length > 0 && (
        <Button
          color="inherit"
          size="small"
          aria-haspopup="dialog"
          aria-expanded={anchor !== null}
          onClick={({ currentTarget }) => setAnchor(currentTarget)}
          startIcon={
            running.length > 0 ? <CircularProgress size={14} color="inherit" aria-hidden /> : undefined
          }
        >
          {running.length > 0 ? t('app.jobs.running', { count: running.length }) : t('app.jobs.recent')}
        </Button>
      )}
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
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
          {latest.map((job, index) => (
            <Fragment key={job.id}>
              {index > 0 && <Divider />}
              <JobEntry job={job} />
            </Fragment>
          ))}
        </Stack>
      </Popover>
    </>
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
