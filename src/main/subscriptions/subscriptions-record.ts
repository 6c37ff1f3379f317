import { subscriptionDefinition } from '../../shared/records/subscriptions';
import type { PartKind } from '../changes/change';
import { recordTable } from '../changes/record-table';
import { subscriptions } from '../postgres/schema';

/** Subscriptions as changes read and write them: what was used is counted by the triggers of the usage log alone. */
export const subscriptionsRecord = recordTable(subscriptions, {
  kind: 'subscription',
  resourceType: subscriptionDefinition.resourceType,
  relation: 'subscriptions',
  idType: subscriptionDefinition.idType,
  label: 'modelId',
  editable: subscriptionDefinition.editable,
  fixed: ['userId', 'modelId', 'resetAt'],
});

/** A subscription that is opened, moved or ended with its user. LiteLLM knows none: it hears of their keys. */
export const subscriptionOfUser: PartKind = {
  actions: { update: 'SUBSCRIPTION_UPDATE' },
  record: subscriptionsRecord,
  news: () => null,
};

/** A subscription that is made with its user, or goes with that being taken back. */
export const subscriptionOfNewUser: PartKind = {
  ...subscriptionOfUser,
  actions: { create: 'SUBSCRIPTION_CREATE', update: 'SUBSCRIPTION_UPDATE', delete: 'SUBSCRIPTION_DELETE' },
};
