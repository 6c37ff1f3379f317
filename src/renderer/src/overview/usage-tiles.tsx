import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ApiError } from '../api/api-error';
import { changeBetween, formatChange, formatCount, formatShare } from '../ui/format';
import { ErrorState } from '../ui/states';
import { Tile, TileRow } from '../ui/tile';
import { metricOf, usageMetrics, type UsageMetric } from '../charts/usage-metric';
import { Count, Money } from '../ui/values';

type Totals = AnswerOf<Contract['usage']['totals']>;

interface UsageTilesProps {
  readonly query: UseQueryResult<Totals, ApiError>;
  readonly days: number;
}

/** What was used in the period, beside the equally long one before. */
export function UsageTiles({ query, days }: UsageTilesProps): ReactElement {
  const { t } = useTranslation();
  if (query.error !== null && query.data === undefined) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <TileRow>
      {usageMetrics.map((metric) => (
        <Tile
          key={metric}
          label={t('overview.usage.inDays', {
            metric: t(`common.metric.${metric}`),
            count: days,
            formatted: formatCount(days),
          })}
          to={`/usage`}
          value={query.data === undefined ? undefined : <Figure metric={metric} totals={query.data} />}
          note={query.data === undefined ? undefined : <Comparison metric={metric} totals={query.data} />}
        />
      ))}
    </TileRow>
  );
}

function Figure({ metric, totals }: { readonly metric: UsageMetric; readonly totals: Totals }): ReactElement {
  const value = metricOf(metric, totals.totals);
  return <>{metric === 'cost' ? <Money value={value} compact /> : <Count value={value} compact />}</>;
}

function Comparison({
  metric,
  totals,
}: {
  readonly metric: UsageMetric;
  readonly totals: Totals;
}): ReactElement {
  const { t } = useTranslation();
  const change = changeBetween(metricOf(metric, totals.previous), metricOf(metric, totals.totals));
  const { requests, errors } = totals.totals;
  const words = change === null ? t('overview.usage.noComparison') : formatChange(change);
  if (metric === 'errors' && requests !== '0') {
    const share = formatShare(Number(errors) / Number(requests));
    return <>{t('overview.usage.errorRate', { share, compared: words })}</>;
  }
  return <>{change === null ? words : t('overview.usage.change', { change: words })}</>;
}
