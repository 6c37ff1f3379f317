import { apiKeysChange, revokeChange } from './api-keys/api-keys-change';
import type { Change } from './changes/change';
import type { OwnUndo } from './changes/own-undo';
import { modelsChange } from './models/models-change';
import { pricesChange } from './models/prices-change';
import { replaceChange } from './models/replace/replace-change';
import { retireChange } from './models/retire-change';
import { undoReportingTimeZone } from './settings/reporting-time-zone';
import { expireChange } from './subscriptions/periods/expire-change';
import { resetChange } from './subscriptions/periods/reset-change';
import { subscriptionsChange } from './subscriptions/subscriptions-change';
import { membersChange } from './teams/members-change';
import { teamsChange } from './teams/teams-change';
import { mergeChange } from './users/merge/merge-change';
import { offboardChange } from './users/offboard/offboard-change';
import { usersChange } from './users/users-change';

/** Every change of records that there is: an undo finds the one that it takes back, and docs/changes.md shows them. */
export const changesOfAreas: readonly Change[] = [
  usersChange,
  mergeChange,
  offboardChange,
  teamsChange,
  membersChange,
  apiKeysChange,
  revokeChange,
  subscriptionsChange,
  resetChange('now'),
  expireChange,
  replaceChange,
  modelsChange,
  pricesChange,
  retireChange,
];

/** How changes are taken back whose machinery is their own. */
export const ownUndos: readonly OwnUndo[] = [undoReportingTimeZone];
