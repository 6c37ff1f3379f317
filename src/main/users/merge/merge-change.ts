import type { Change } from '../../changes/change';
import { byKind } from '../../changes/judge';
import { subscriptionOfUser } from '../../subscriptions/subscriptions-record';
import { usersChange } from '../users-change';
import { doubledSinceFindings, keepNothingBehind, keepUsage, usedSinceFindings } from './merge-rules';
import { mergePartFindings } from './part-rules';
import { keepSiteRows } from './site-rows';

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
  async beforeParts(connection, parts) {
    for (const [{ record }, ending] of byKind(parts.filter(({ way }) => way === 'delete'))) {
      await keepSiteRows(
        connection,
        record,
        ending.map(({ id }) => id),
        'lock',
      );
    }
  },
  async hold(connection, changed, parts) {
    await usersChange.hold?.(connection, changed, parts);
    await keepUsage(connection, changed);
    // Who takes it back gives the duplicate what it had; who takes that back merges again.
    await keepNothingBehind(
      connection,
      changed.filter(({ after }) => after['isActive'] === false),
    );
  },
};
