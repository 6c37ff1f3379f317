import type { AreaHandlers } from '../router/handlers';
import { getSubscription } from './get-subscription';
import { exportSubscriptions, listSubscriptions } from './subscriptions-list';

export const subscriptionsHandlers: AreaHandlers<'subscriptions'> = {
  list: listSubscriptions,
  get: getSubscription,
  exportCsv: exportSubscriptions,
};
