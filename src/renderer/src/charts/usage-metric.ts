import { addDecimals } from '../../../shared/decimal';
import type { UsageFigures } from '../../../shared/contract/usage';
import { formatCompact, formatCount, formatMoney, formatMoneyCompact } from '../ui/format';

/** What a usage chart can show, and tiles count. */
export const usageMetrics = ['requests', 'tokens', 'cost', 'errors'] as const;
export type UsageMetric = (typeof usageMetrics)[number];

/** One metric of some figures, as decimal text. */
export function metricOf(metric: UsageMetric, figures: UsageFigures): string {
  return metric === 'tokens' ? addDecimals(figures.inputTokens, figures.outputTokens) : figures[metric];
}

export function formatMetric(metric: UsageMetric, value: string): string {
  return metric === 'cost' ? formatMoney(value) : formatCount(value);
}

export function formatMetricShort(metric: UsageMetric, value: string | number): string {
  return metric === 'cost' ? formatMoneyCompact(value) : formatCompact(value);
}
