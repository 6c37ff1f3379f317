import { Skeleton, Typography } from '@mui/material';
import type { UseQueryResult } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import type { ComponentProps, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { addDecimals } from '../../../shared/decimal';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { UsageDimension } from '../../../shared/contract/usage';
import type { ApiError } from '../api/api-error';
import { LazyTimeChart } from '../charts/lazy-time-chart';
import { EmptyState, ErrorState } from '../ui/states';
import { TimeTable } from '../charts/time-table';
import type { TimeSeries } from '../charts/time-series';
import { formatMetric, formatMetricShort, metricOf, type UsageMetric } from '../charts/usage-metric';
import { differenceOf, formatDifference, formatRelativeDifference } from './difference';
import { toTimeSeries } from './series-label';

interface UsageChartProps {
  readonly query: UseQueryResult<AnswerOf<Contract['usage']['series']>, ApiError>;
  readonly label: string;
  readonly metric: UsageMetric;
  /** What the series were split by. */
  readonly dimension: UsageDimension | null;
  readonly isTable: boolean;
  readonly empty: { readonly title: string; readonly body?: string };
  readonly heightPx?: number;
}

/** Usage over time as a chart or as a table, with its loading, empty and failed states. */
export function UsageChart(props: UsageChartProps): ReactElement {
  const { query, label, metric, dimension, isTable, empty, heightPx = 280 } = props;
  const { t } = useTranslation();
  const { data } = query;
  if (data === undefined) {
    return query.error === null ? (
      <Skeleton variant="rounded" height={heightPx} role="status" aria-label={t('common.chart.loading')} />
    ) : (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const all = [...data.series, ...(data.previous === null ? [] : [data.previous])];
  if (all.every(({ points }) => points.every(({ requests }) => requests === '0'))) {
    return <EmptyState {...empty} />;
  }
  const drawn = {
    label,
    bucket: data.bucket,
    buckets: data.buckets,
    series: toTimeSeries(t, data.series, metric, dimension),
    format: (value: string) => formatMetric(metric, value),
  };
  const compared =
    data.previous === null
      ? undefined
      : {
          key: 'compared',
          label: t('usage.compare.before'),
          values: data.previous.points.map((point) => metricOf(metric, point)),
        };
  const table = (
    <TimeTable
      {...drawn}
      extra={compared === undefined ? [] : comparedColumns(t, metric, drawn.series, compared)}
    />
  );
  if (isTable) return table;
  if (data.buckets.length === 1) {
    return (
      <>
        <Typography variant="body2" sx={{ color: 'text.secondary', mb: 1 }}>
          {t('usage.trend.oneBucket')}
        </Typography>
        {table}
      </>
    );
  }
  return (
    <LazyTimeChart
      {...drawn}
      compared={compared}
      heightPx={heightPx}
      formatAxis={(value) => formatMetricShort(metric, value)}
      isWhole={metric !== 'cost'}
    />
  );
}

/** What was before, and how much all series together differ from it. */
function comparedColumns(
  t: TFunction,
  metric: UsageMetric,
  series: readonly TimeSeries[],
  compared: TimeSeries,
): NonNullable<ComponentProps<typeof TimeTable>['extra']> {
  const now = compared.values.map((_value, index) =>
    series.reduce((sum, { values }) => addDecimals(sum, values[index] ?? '0'), '0'),
  );
  const before = (index: number): string => compared.values[index] ?? '0';
  return [
    { label: compared.label, texts: compared.values.map((value) => formatMetric(metric, value)) },
    {
      label: t('usage.compare.difference'),
      texts: now.map((value, index) => formatDifference(t, metric, differenceOf(value, before(index)))),
    },
    {
      label: t('usage.compare.percent'),
      texts: now.map((value, index) => formatRelativeDifference(t, value, before(index))),
    },
  ];
}
