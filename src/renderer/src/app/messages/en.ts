import { appMessages } from './app';
import { commonMessages } from './common';
import { databaseMessages } from './database';
import { overviewMessages } from './overview';
import { setupMessages } from './setup';
import { syncMessages } from './sync';

/** The English catalogue: one part per area of screens. Keys are read as `area.place.text`. */
export const english = {
  app: appMessages,
  common: commonMessages,
  setup: setupMessages,
  overview: overviewMessages,
  sync: syncMessages,
  database: databaseMessages,
};
