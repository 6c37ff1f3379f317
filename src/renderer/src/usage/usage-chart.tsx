import { Skeleton, Typography } from '@mui/material';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { UsageDimension } from '../../../shared/contract/usage';
import type { ApiError } from '../api/api-error';
import { LazyTimeChart } from '../components/lazy-time-chart';
import { EmptyState, ErrorState } from '../components/states';
import { TimeTable } from '../components/time-table';
import { formatMetric, formatMetricShort, type UsageMetric } from '../components/usage-metric';
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
  if (data.series.every(({ points }) => points.every(({ requests }) => requests === '0'))) {
    return <EmptyState {...empty} />;
  }
  const drawn = {
    label,
    bucket: data.bucket,
    buckets: data.buckets,
    series: data.series.map((series) => toTimeSeries(t, series, metric, dimension)),
    format: (value: string) => formatMetric(metric, value),
  };
  if (isTable) return <TimeTable {...drawn} />;
  if (data.buckets.length === 1) {
    return (
      <>
        <Typography variant="body2" sx={{ color: 'text.secondary', mb: 1 }}>
          {t('usage.trend.oneBucket')}
        </Typography>
        <TimeTable {...drawn} />
      </>
    );
  }
  return (
    <LazyTimeChart {...drawn} heightPx={heightPx} formatAxis={(value) => formatMetricShort(metric, value)} />
  );
}
