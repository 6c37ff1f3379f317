import type { AreaHandlers } from '../router/handlers';
import { overviewAttention } from './attention';
import { overviewCounts } from './counts';

export const overviewHandlers: AreaHandlers<'overview'> = {
  counts: overviewCounts,
  attention: overviewAttention,
};
