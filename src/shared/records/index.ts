import { apiKeyDefinition } from './api-keys';
import type { RecordDefinition } from './definition';
import { modelDefinition } from './models';
import { subscriptionDefinition } from './subscriptions';
import { teamDefinition } from './teams';
import { userDefinition } from './users';

/** The records that have a page of their own, in the order in which they are offered. */
export const recordKinds = ['user', 'team', 'model', 'subscription', 'apiKey'] as const;
export type RecordKind = (typeof recordKinds)[number];

export const recordDefinitions = {
  user: userDefinition,
  team: teamDefinition,
  model: modelDefinition,
  subscription: subscriptionDefinition,
  apiKey: apiKeyDefinition,
} as const satisfies Record<RecordKind, RecordDefinition>;
