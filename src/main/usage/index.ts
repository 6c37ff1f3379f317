import type { AreaHandlers } from '../router/handlers';
import { usageBreakdown } from './breakdown';
import { exportBreakdown } from './export-breakdown';
import { usageSeries } from './series';
import { usageTotals } from './totals';

export const usageHandlers: AreaHandlers<'usage'> = {
  totals: usageTotals,
  series: usageSeries,
  breakdown: usageBreakdown,
  exportCsv: exportBreakdown,
};
