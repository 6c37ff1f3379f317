import type { Change } from '../../changes/change';
import { refusedReturns } from './refused-returns';
import { subscriptionsChange } from '../subscriptions-change';

/**
 * Writes down that subscriptions expired. They count as expired since their end passed, so nothing changes for anybody;
 * another one of the same person and model can be active from then on.
 */
export const expireChange: Change = {
  ...subscriptionsChange,
  actions: { ...subscriptionsChange.actions, update: 'SUBSCRIPTION_EXPIRE' },
  fields: ['status'],
  cause: 'expiry',
  grade: () => 'reversible',
  rules: () => [],
  rulesOfEach: refusedReturns,
};
