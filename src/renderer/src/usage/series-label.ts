import type { TFunction } from 'i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { UsageDimension } from '../../../shared/contract/usage';
import type { TimeSeries } from '../charts/time-series';
import { metricOf, type UsageMetric } from '../charts/usage-metric';
import { visibleName } from '../ui/visible-name';

type Series = AnswerOf<Contract['usage']['series']>['series'][number];

const shownIdLength = 12;

/** What a usage series or row is called: by name, or by what is known of it where it has none. */
export function usageLabel(
  t: TFunction,
  dimension: UsageDimension,
  { id, label }: { readonly id: string | null; readonly label: string | null },
): string {
  if (label !== null) return visibleName(label);
  if (id === null) return t(`usage.without.${dimension}`);
  return t('usage.deleted', { id: shortId(id) });
}

function shortId(id: string): string {
  return id.length > shownIdLength ? `${id.slice(0, 8)}…` : id;
}

/** Answered series as a chart draws them; those of one name are told apart by their ids. */
export function toTimeSeries(
  t: TFunction,
  series: readonly Series[],
  metric: UsageMetric,
  dimension: UsageDimension | null,
): TimeSeries[] {
  const drawn = series.map((one) => drawnSeries(t, one, metric, dimension));
  const isShared = (label: string): boolean => drawn.filter((other) => other.label === label).length > 1;
  return drawn.map((one, place) => {
    const id = series[place]?.id ?? null;
    if (id === null || !isShared(one.label)) return one;
    return { ...one, label: t('usage.sameName', { name: one.label, id: shortId(id) }) };
  });
}

function drawnSeries(
  t: TFunction,
  series: Series,
  metric: UsageMetric,
  dimension: UsageDimension | null,
): TimeSeries {
  const values = series.points.map((point) => metricOf(metric, point));
  if (series.role === 'rest') return { key: 'rest', label: t('usage.rest'), values, isRest: true };
  if (series.role === 'all' || dimension === null) {
    return { key: 'all', label: t(`common.metric.${metric}`), values };
  }
  return { key: series.id ?? 'none', label: usageLabel(t, dimension, series), values };
}
