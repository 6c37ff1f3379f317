import { appMessages } from './app';
import { commonMessages } from './common';

/** The English catalogue: one part per area of screens. Keys are read as `area.place.text`. */
export const english = {
  app: appMessages,
  common: commonMessages,
};
