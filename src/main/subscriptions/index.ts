import type { AreaHandlers } from '../router/handlers';
import { previewCreate } from './create-subscriptions';
import { getSubscription } from './get-subscription';
import { previewDelete, previewEdits, previewExtend, previewUpdate } from './preview-subscriptions';
import { exportSubscriptions, listSubscriptions } from './subscriptions-list';
import { whySuspended } from './suspension/why-suspended';

export const subscriptionsHandlers: AreaHandlers<'subscriptions'> = {
  list: listSubscriptions,
  get: getSubscription,
  whySuspended,
  previewUpdate,
  previewEdits,
  previewCreate,
  previewExtend,
  previewDelete,
  exportCsv: exportSubscriptions,
};
