import { appMessages } from './app';
import { commonMessages } from './common';
import { overviewMessages } from './overview';
import { recordsMessages } from './records';
import { setupMessages } from './setup';

/**
 * What the shell, the set-up and the overview say: all that the first screen loads of the catalogue. The other areas'
 * texts come with the first of their screens.
 */
export const firstMessages = {
  app: appMessages,
  common: commonMessages,
  setup: setupMessages,
  overview: overviewMessages,
  records: recordsMessages,
};
