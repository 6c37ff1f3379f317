import type { AreaHandlers } from '../router/handlers';
import { getSubscription } from './get-subscription';
import { previewDelete, previewEdits, previewExtend, previewUpdate } from './preview-subscriptions';
import { exportSubscriptions, listSubscriptions } from './subscriptions-list';

export const subscriptionsHandlers: AreaHandlers<'subscriptions'> = {
  list: listSubscriptions,
  get: getSubscription,
  previewUpdate,
  previewEdits,
  previewExtend,
  previewDelete,
  exportCsv: exportSubscriptions,
};
