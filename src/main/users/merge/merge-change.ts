import { sql } from 'drizzle-orm';
import type { Change } from '../../changes/change';
import { say } from '../../kernel/say';
import { subscriptionOfUser } from '../../subscriptions/subscriptions-record';
import { usersChange } from '../users-change';
import { doubledSinceFindings, keepNothingBehind, keepUsage, usedSinceFindings } from './merge-rules';
import { mergePartFindings } from './part-rules';
import { keepSiteRowsOfParts } from './site-rows';

/** A duplicate is deactivated, and what it has goes to the other record. */
export const mergeChange: Change = {
  ...usersChange,
  actions: { ...usersChange.actions, update: 'USER_MERGE' },
  fields: ['isActive'],
  partKinds: [...usersChange.partKinds, subscriptionOfUser],
  rulesOfAll: async (connection, changed) => [
    ...((await usersChange.rulesOfAll?.(connection, changed)) ?? []),
    ...(await usedSinceFindings(connection, changed)),
    ...(await doubledSinceFindings(connection, changed)),
  ],
  rulesOfParts: mergePartFindings,
  beforeParts: keepSiteRowsOfParts,
  async hold(connection, changed, parts) {
    await usersChange.hold?.(connection, changed, parts);
    await keepUsage(connection, changed);
    // Who takes it back gives the duplicate what it had; who takes that back merges again.
    await keepNothingBehind(
      connection,
      changed.filter(({ after }) => after['isActive'] === false),
      {
        keys: sql`true`,
        text: say('changes.users.merge.gotMore'),
        hint: say('changes.users.merge.gotMoreHint'),
      },
    );
  },
};
