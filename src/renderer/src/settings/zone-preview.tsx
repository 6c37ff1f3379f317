import { Alert, Box, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount, formatDay } from '../ui/format';
import { ErrorState, LoadingLines } from '../ui/states';

interface ZonePreviewProps {
  readonly timeZone: string;
  /** Does it; shown only where it can be done. */
  readonly children: ReactNode;
}

/** What cutting usage into the days of another zone touches, before it is done. */
export function ZonePreview({ timeZone, children }: ZonePreviewProps): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('settings', 'previewReportingTimeZone', { timeZone });
  const { data, error } = query;
  if (error !== null) return <ErrorState error={error} onRetry={() => void query.refetch()} />;
  if (data === undefined) return <LoadingLines lines={3} />;
  if (data.obstacle !== null) return <Alert severity="warning">{data.obstacle}</Alert>;
  const { requests, firstDay, lastDay, months, rowsRewritten } = data;
  return (
    <Box component="section" aria-label={t('settings.zone.preview', { timeZone })}>
      <Typography variant="h3" sx={{ mb: 0.5 }}>
        {t('settings.zone.preview', { timeZone })}
      </Typography>
      <Typography component="ul" variant="body2" sx={{ m: 0, mb: 1.5, pl: 2.5 }}>
        {firstDay === null || lastDay === null ? (
          <li>{t('settings.zone.nothingRecorded')}</li>
        ) : (
          <>
            <li>
              {t('settings.zone.touched', {
                count: Number(requests),
                formatted: formatCount(requests),
                first: formatDay(firstDay),
                last: formatDay(lastDay),
              })}
            </li>
            <li>{t('settings.zone.months', { count: months, formatted: formatCount(months) })}</li>
            <li>
              {t('settings.zone.rows', {
                count: Number(rowsRewritten),
                formatted: formatCount(rowsRewritten),
              })}
            </li>
          </>
        )}
        <li>{t('settings.zone.stays')}</li>
        <li>{t('settings.zone.waits')}</li>
      </Typography>
      {children}
    </Box>
  );
}
