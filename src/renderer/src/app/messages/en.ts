import { apiKeysMessages } from './api-keys';
import { appMessages } from './app';
import { commonMessages } from './common';
import { databaseMessages } from './database';
import { overviewMessages } from './overview';
import { recordsMessages } from './records';
import { setupMessages } from './setup';
import { subscriptionsMessages } from './subscriptions';
import { syncMessages } from './sync';
import { teamsMessages } from './teams';
import { usageMessages } from './usage';
import { usersMessages } from './users';

/** The English catalogue: one part per area of screens. Keys are read as `area.place.text`. */
export const english = {
  app: appMessages,
  common: commonMessages,
  setup: setupMessages,
  overview: overviewMessages,
  records: recordsMessages,
  users: usersMessages,
  teams: teamsMessages,
  subscriptions: subscriptionsMessages,
  apiKeys: apiKeysMessages,
  usage: usageMessages,
  sync: syncMessages,
  database: databaseMessages,
};
