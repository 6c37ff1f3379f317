import { apiKeysMessages } from './api-keys';
import { appMessages } from './app';
import { auditMessages } from './audit';
import { browseMessages } from './browse';
import { commonMessages } from './common';
import { connectMessages } from './connect';
import { databaseMessages } from './database';
import { editMessages } from './edit';
import { healthMessages } from './health';
import { listsMessages } from './lists';
import { modelsMessages } from './models';
import { overviewMessages } from './overview';
import { recordsMessages } from './records';
import { reviewMessages } from './review';
import { searchMessages } from './search';
import { settingsMessages } from './settings';
import { setupMessages } from './setup';
import { sqlMessages } from './sql';
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
  models: modelsMessages,
  audit: auditMessages,
  browse: browseMessages,
  sql: sqlMessages,
  health: healthMessages,
  connect: connectMessages,
  search: searchMessages,
  lists: listsMessages,
  edit: editMessages,
  review: reviewMessages,
  settings: settingsMessages,
};
