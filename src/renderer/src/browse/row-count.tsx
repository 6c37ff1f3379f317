import { Button, CircularProgress, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contract, InputOf } from '../../../shared/contract/index';
import { useCancellableCall } from '../api/use-cancellable-call';
import { formatCount } from '../ui/format';

interface RowCountProps {
  readonly input: InputOf<Contract['browse']['count']>;
  readonly estimatedRows: string | null;
}

/** About how many rows there are; exactly when a person asks, because that may read the whole table. */
export function RowCount({ input, estimatedRows }: RowCountProps): ReactElement {
  const { t } = useTranslation();
  const { current, run, cancel } = useCancellableCall('browse', 'count');
  const isRunning = current.state === 'running';
  return (
    <Stack direction="row" sx={{ gap: 1, alignItems: 'center', minHeight: 30, flexWrap: 'wrap' }}>
      <Typography variant="body2" role="status" sx={{ color: 'text.secondary' }}>
        {current.state === 'done'
          ? t('browse.rows.counted', {
              count: Number(current.answer.rows),
              formatted: formatCount(current.answer.rows),
            })
          : current.state === 'failed'
            ? t('browse.rows.countFailed', { message: current.error.message })
            : isRunning
              ? t('browse.rows.counting')
              : estimatedRows === null
                ? ''
                : t('browse.rows.about', { formatted: formatCount(estimatedRows) })}
      </Typography>
      {isRunning && <CircularProgress size={14} aria-hidden />}
      <Button size="small" onClick={() => (isRunning ? cancel() : run(input))}>
        {t(
          isRunning
            ? 'common.cancel'
            : current.state === 'done'
              ? 'browse.rows.countAgain'
              : 'browse.rows.count',
        )}
      </Button>
    </Stack>
  );
}
