import PrintIcon from '@mui/icons-material/PrintOutlined';
import { Alert, Button, Stack } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink, useSearchParams } from 'react-router';
import { useWorkspace } from '../api/app-state';
import { call } from '../api/client';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount, formatDay } from '../ui/format';
import { Freshness } from '../charts/freshness';
import { PageHeader } from '../ui/page-header';
import { EmptyState } from '../ui/states';
import { useIsPrinting } from '../ui/use-is-printing';
import { usePageAction } from '../ui/page-actions';
import { BreakdownTable } from './breakdown-table';
import { PrintHeader } from '../records/print-header';
import { TrendSection } from './trend-section';
import { UsageFilterBar } from './usage-filter-bar';
import { UsageTotals } from './usage-totals';
import { rangeBefore } from './usage-period';
import { useBreakdownList } from './use-breakdown-list';
import { readUsageView, writeUsageView } from './usage-url';

/** Requests, tokens, cost and errors over a period: in all, over time, and by model, user, team and key. */
export function UsageScreen(): ReactElement {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const timeZone = workspace?.reportingTimeZone ?? 'UTC';
  const isPrinting = useIsPrinting();
  const [params, setParams] = useSearchParams();
  const view = readUsageView(params, timeZone, new Date());
  const { range, filters } = view;
  const totals = useProcedureQuery('usage', 'totals', { range, filters }, { keepPrevious: true });
  const change = useCallback(
    (changes: Readonly<Record<string, string | null>>) =>
      setParams((current) => writeUsageView(current, changes), { replace: true }),
    [setParams],
  );
  const breakdown = useBreakdownList(view);
  const queryClient = useQueryClient();
  const [isPreparing, setIsPreparing] = useState(false);
  const hasNoUsage = totals.data !== undefined && totals.data.freshness.latestUsageAt === null;
  const unattributed = totals.data?.unattributedRequests ?? '0';
  /** More rows go on paper than on the screen: they are read first. Without them it prints those of the screen. */
  const print = async (): Promise<void> => {
    setIsPreparing(true);
    if (!hasNoUsage) {
      await queryClient
        .query({
          queryKey: ['usage', 'breakdown', breakdown.printed],
          queryFn: ({ signal }) => call('usage', 'breakdown', breakdown.printed, signal),
        })
        .catch(() => undefined);
    }
    setIsPreparing(false);
    window.print();
  };
  usePageAction('print', isPreparing ? undefined : () => void print());
  return (
    <>
      {isPrinting && workspace !== null && <PrintHeader workspace={workspace} printedAt={new Date()} />}
      <PageHeader
        title={t('app.navigation.usage')}
        description={
          <>
            <PeriodText range={range} />
            {totals.data !== undefined && (
              <div>
                <Freshness freshness={totals.data.freshness} />
              </div>
            )}
          </>
        }
        actions={
          <Button
            data-screen-only
            variant="outlined"
            startIcon={<PrintIcon />}
            loading={isPreparing}
            onClick={() => void print()}
          >
            {t('records.print.button')}
          </Button>
        }
      />
      {hasNoUsage ? (
        <EmptyState
          title={t('usage.empty')}
          body={t('usage.emptyBody')}
          action={
            <Button variant="outlined" component={RouterLink} to="/sync">
              {t('usage.emptyAction')}
            </Button>
          }
        />
      ) : (
        <Stack sx={{ gap: 2 }}>
          <UsageFilterBar view={view} timeZone={timeZone} onChange={change} />
          <UsageTotals query={totals} />
          {unattributed !== '0' && (
            <Alert severity="info">
              {t('usage.unattributed', { count: Number(unattributed), formatted: formatCount(unattributed) })}
            </Alert>
          )}
          <TrendSection view={view} onChange={change} />
          <BreakdownTable
            view={view}
            breakdown={breakdown}
            totals={totals.data?.totals}
            isPrinting={isPrinting}
            onChange={change}
          />
        </Stack>
      )}
    </>
  );
}

function PeriodText({ range }: { readonly range: { readonly from: string; readonly to: string } }) {
  const { t } = useTranslation();
  const before = rangeBefore(range);
  return range.from === range.to ? (
    <>{t('usage.oneDay', { day: formatDay(range.from), previousDay: formatDay(before.from) })}</>
  ) : (
    <>
      {t('usage.description', {
        from: formatDay(range.from),
        to: formatDay(range.to),
        previousFrom: formatDay(before.from),
        previousTo: formatDay(before.to),
      })}
    </>
  );
}
