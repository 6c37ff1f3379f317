import { Button, Skeleton, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import type { DayRange } from '../charts/calendar';
import { Freshness } from '../charts/freshness';
import { LazyTimeChart } from '../charts/lazy-time-chart';
import { Section } from '../ui/section';
import { EmptyState, ErrorState } from '../ui/states';
import { TimeTable } from '../charts/time-table';
import {
  formatMetric,
  formatMetricShort,
  metricOf,
  usageMetrics,
  type UsageMetric,
} from '../charts/usage-metric';

/** One metric over the period, as a chart or as a table. */
export function TrendCard({
  range,
  bucket,
}: {
  readonly range: DayRange;
  readonly bucket: 'day' | 'month';
}): ReactElement {
  const { t } = useTranslation();
  const [metric, setMetric] = useState<UsageMetric>('requests');
  const [isTable, setIsTable] = useState(false);
  const query = useProcedureQuery('usage', 'series', { range, filters: {}, bucket }, { keepPrevious: true });
  const { data } = query;
  const hasUsage =
    data?.series.some(({ points }) => points.some(({ requests }) => requests !== '0')) ?? false;
  const drawn = data && {
    label: t('overview.trend.label', { metric: t(`common.metric.${metric}`) }),
    bucket: data.bucket,
    buckets: data.buckets,
    series: data.series.map((series, index) => ({
      key: series.id ?? `${series.role}${index}`,
      label: series.label ?? t(`common.metric.${metric}`),
      values: series.points.map((point) => metricOf(metric, point)),
    })),
    format: (value: string) => formatMetric(metric, value),
  };
  return (
    <Section
      title={t('overview.trend.title')}
      description={data === undefined ? undefined : <Freshness freshness={data.freshness} />}
      actions={
        <>
          <ToggleButtonGroup
            exclusive
            size="small"
            value={metric}
            aria-label={t('overview.trend.metric')}
            onChange={(_event, next: UsageMetric | null) => {
              if (next !== null) setMetric(next);
            }}
          >
            {usageMetrics.map((name) => (
              <ToggleButton key={name} value={name} sx={{ px: 1.25, py: 0.5 }}>
                {t(`common.metric.${name}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          <Button size="small" onClick={() => setIsTable(!isTable)}>
            {t(isTable ? 'common.chart.showChart' : 'common.chart.showTable')}
          </Button>
        </>
      }
    >
      {query.error !== null && drawn === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : drawn === undefined ? (
        <Skeleton variant="rounded" height={260} />
      ) : !hasUsage ? (
        <EmptyState title={t('common.chart.noData')} />
      ) : isTable ? (
        <TimeTable {...drawn} />
      ) : (
        <LazyTimeChart
          {...drawn}
          formatAxis={(value) => formatMetricShort(metric, value)}
          isWhole={metric !== 'cost'}
        />
      )}
    </Section>
  );
}
