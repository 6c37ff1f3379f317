import { Box, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useWorkspace } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { lastDays } from '../charts/calendar';
import { PageHeader } from '../ui/page-header';
import { PeriodSwitch } from '../charts/period-switch';
import { UnfinishedHost } from '../review/unfinished-host';
import { AttentionList } from './attention-list';
import { CountTiles } from './count-tiles';
import { FirstSteps } from './first-steps';
import { TrendCard } from './trend-card';
import { UsageTiles } from './usage-tiles';

const periods = [7, 30, 90] as const;

/** How the whole workspace is doing: who is in it, what they used, and what needs a look. */
export function OverviewScreen(): ReactElement {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const [params, setParams] = useSearchParams();
  const days = periods.find((period) => String(period) === params.get('days')) ?? 30;
  const range = lastDays(days, workspace?.reportingTimeZone ?? 'UTC', new Date());
  const counts = useProcedureQuery('overview', 'counts', {});
  const totals = useProcedureQuery('usage', 'totals', { range, filters: {} }, { keepPrevious: true });
  const isEmpty =
    counts.data?.users.all === 0 &&
    counts.data.subscriptions.all === 0 &&
    totals.data?.totals.requests === '0';
  return (
    <>
      <PageHeader
        title={t('app.navigation.overview')}
        description={t('overview.description')}
        actions={
          isEmpty ? undefined : (
            <PeriodSwitch
              periods={periods}
              value={days}
              onChange={(period) => setParams({ days: String(period) }, { replace: true })}
            />
          )
        }
      />
      <UnfinishedHost />
      {isEmpty ? (
        <FirstSteps />
      ) : (
        <Stack sx={{ gap: 2 }}>
          <CountTiles query={counts} />
          <UsageTiles query={totals} days={days} />
          <Box
            sx={{
              display: 'grid',
              gap: 2,
              gridTemplateColumns: { xs: '1fr', lg: 'minmax(0, 2fr) minmax(300px, 1fr)' },
              alignItems: 'start',
            }}
          >
            <TrendCard range={range} bucket="day" />
            <AttentionList />
          </Box>
        </Stack>
      )}
    </>
  );
}
