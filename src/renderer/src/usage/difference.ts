import type { TFunction } from 'i18next';
import { addDecimals, compareDecimals, multiplyDecimals } from '../../../shared/decimal';
import { changeBetween, formatChange } from '../ui/format';
import { formatMetric, type UsageMetric } from '../charts/usage-metric';

/** `now` less `before`, exactly; all are decimal text. */
export function differenceOf(now: string, before: string): string {
  return addDecimals(now, multiplyDecimals(before, '-1'));
}

/** A difference with its sign, as the metric is written: `+1,204`, `−€3.50`. */
export function formatDifference(t: TFunction, metric: UsageMetric, difference: string): string {
  const sign = compareDecimals(difference, '0');
  if (sign === 0) return t('usage.compare.same', { value: formatMetric(metric, '0') });
  const value = formatMetric(metric, difference.replace('-', ''));
  return t(sign > 0 ? 'usage.compare.more' : 'usage.compare.less', { value });
}

/** The difference as a share of what was before; words where there was nothing. */
export function formatRelativeDifference(t: TFunction, now: string, before: string): string {
  const change = changeBetween(before, now);
  return change === null ? t('usage.compare.nothingBefore') : formatChange(change);
}
