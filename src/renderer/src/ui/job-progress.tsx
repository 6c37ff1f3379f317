import { Box, Button, LinearProgress, Stack, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState } from '../../../shared/contract/app';
import { ApiError } from '../api/api-error';
import { formatCount } from './format';
import { ErrorState } from './states';

interface JobProgressProps {
  readonly job: JobState;
  readonly onCancel?: (() => void) | undefined;
  readonly onRetry?: (() => void) | undefined;
  /** Title when the work failed: "Setting up failed". */
  readonly failedTitle?: string;
}

/** Long work under way: what is being done, how far, and a way to stop it; or why it failed. */
export function JobProgress({ job, onCancel, onRetry, failedTitle }: JobProgressProps): ReactElement | null {
  const { t } = useTranslation();
  const [cancelledId, setCancelledId] = useState<string | null>(null);
  if (job.state === 'failed' && job.error !== null) {
    return (
      <ErrorState
        error={new ApiError(job.error)}
        title={failedTitle ?? t('common.job.failed')}
        onRetry={onRetry}
      />
    );
  }
  if (job.state !== 'running') return null;
  const share = job.done !== null && job.total !== null && job.total > 0 ? job.done / job.total : null;
  const title = job.title === '' ? t('common.job.starting') : job.title;
  return (
    <Box>
      <Stack
        direction="row"
        sx={{ justifyContent: 'space-between', gap: 2, mb: 0.75, alignItems: 'baseline' }}
      >
        <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }} aria-live="polite">
          {title}
        </Typography>
        {job.done !== null && job.total !== null && (
          <Typography variant="caption" sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>
            {t('common.job.ofTotal', { done: formatCount(job.done), total: formatCount(job.total) })}
          </Typography>
        )}
      </Stack>
      <LinearProgress
        aria-label={title}
        {...(share === null
          ? { variant: 'indeterminate' as const }
          : { variant: 'determinate' as const, value: Math.min(100, share * 100) })}
      />
      <Stack
        direction="row"
        sx={{ justifyContent: 'space-between', alignItems: 'center', gap: 2, mt: 0.75, minHeight: 32 }}
      >
        <Typography variant="caption" noWrap sx={{ color: 'text.secondary', minWidth: 0 }}>
          {job.detail ?? ''}
        </Typography>
        {onCancel !== undefined && (
          <Button
            size="small"
            disabled={cancelledId === job.id}
            onClick={() => {
              setCancelledId(job.id);
              onCancel();
            }}
          >
            {cancelledId === job.id ? t('common.job.cancelling') : t('common.job.cancel')}
          </Button>
        )}
      </Stack>
    </Box>
  );
}
