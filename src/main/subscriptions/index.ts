import type { AreaHandlers } from '../router/handlers';
import { exportSubscriptions } from './export-subscriptions';
import { getSubscription } from './get-subscription';
import { listSubscriptions } from './list-subscriptions';

export const subscriptionsHandlers: AreaHandlers<'subscriptions'> = {
  list: listSubscriptions,
  get: getSubscription,
  exportCsv: exportSubscriptions,
};
