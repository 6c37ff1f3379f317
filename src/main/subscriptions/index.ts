import type { SendNews } from '../changes/send-news';
import type { AreaHandlers } from '../router/handlers';
import { previewCreate } from './create-subscriptions';
import { getSubscription } from './get-subscription';
import {
  previewDelete,
  previewEdits,
  previewExtend,
  previewReset,
  previewUpdate,
} from './preview-subscriptions';
import { runDue } from './periods/run-due';
import { exportSubscriptions, listSubscriptions } from './subscriptions-list';
import { whySuspended } from './suspension/why-suspended';

/** @param sendNews tells LiteLLM whose requests get through again. */
export const createSubscriptionsHandlers = (sendNews: SendNews): AreaHandlers<'subscriptions'> => ({
  list: listSubscriptions,
  get: getSubscription,
  whySuspended,
  previewUpdate,
  previewEdits,
  previewCreate,
  previewExtend,
  previewReset,
  runDue: (_input, call) => runDue(call, sendNews),
  previewDelete,
  exportCsv: exportSubscriptions,
});
