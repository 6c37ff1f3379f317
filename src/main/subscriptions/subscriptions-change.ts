import { compareDecimals, isDecimal } from '../../shared/decimal';
import type { Change } from '../changes/change';
import { limitFindings } from '../changes/field-findings';
import { deletedField } from '../changes/outbox';
import { type Image, isThere } from '../changes/record-table';
import { sliceSize } from '../usage-log/archive-usage';
import { heardSubscriptions } from './heard-subscriptions';
import { lockPairs } from './lock-pairs';
import { settleResets } from './periods/next-reset';
import { subscriptionDeletionBy } from './subscription-deletion';
import { accessFindings, usageFindings } from './subscription-findings';
import { subscriptionNames } from './subscription-names';
import { rulesOfEach } from './subscription-rules';
import { subscriptionsRecord } from './subscriptions-record';

/**
 * Subscriptions: approved or denied, suspended and reactivated, cancelled, limited, put off; deleted once they are
 * cancelled.
 */
export const subscriptionsChange: Change = {
  actions: {
    create: 'SUBSCRIPTION_CREATE',
    update: 'SUBSCRIPTION_UPDATE',
    delete: 'SUBSCRIPTION_DELETE',
  },
  partKinds: [],
  record: subscriptionsRecord,
  // Usage that comes in waits for the rows of one transaction.
  sliceSize: 200,
  settle: settleResets,
  grade(before, after) {
    if (!isThere(after)) return 'destroys';
    if (!isThere(before)) return 'reversible';
    const isSwitched = before['status'] !== after['status'];
    const isRequest = before['status'] === 'pending' && after['status'] === 'active';
    const isOpenedAgain = before['status'] === 'cancelled' && after['status'] === 'pending';
    const reaches = isSwitched ? !isRequest && !isOpenedAgain : !worksNow(before) && worksNow(after);
    return reaches || isLowered(before, after) ? 'reaches_people' : 'reversible';
  },
  rules: (before, after) => (isThere(after) ? limitFindings(before, after) : []),
  lockAround: lockPairs,
  rulesOfEach,
  rulesOfAll: async (connection, changed) => [
    ...(await accessFindings(connection, changed)),
    ...(await usageFindings(connection, changed)),
  ],
  namesOf: subscriptionNames,
  deletion: subscriptionDeletionBy(sliceSize),
  news(before, after) {
    const [was, is] = [worksNow(before), worksNow(after)];
    if (!isThere(after)) return was ? { fields: [deletedField], taken: [deletedField] } : null;
    if (was === is) return null;
    return { fields: ['status'], taken: is ? [] : ['status'] };
  },
  heardOf: heardSubscriptions,
};

/** A quota below the one before may end the use at once. */
function isLowered(before: Image, after: Image): boolean {
  return (['quotaRequests', 'quotaTokens'] as const).some((quota) => {
    const [was, is] = [before[quota] ?? null, after[quota] ?? null];
    if (typeof is !== 'string' || !isDecimal(is)) return false;
    return typeof was !== 'string' || !isDecimal(was) || compareDecimals(is, was) < 0;
  });
}

/** Whether a subscription lets calls through, by the clock of this machine: LiteLLM hears of it, and a reason is asked for. */
function worksNow({ status, expiresAt }: Image): boolean {
  if (status !== 'active') return false;
  if (typeof expiresAt !== 'string' || expiresAt === 'infinity') return true;
  return Date.parse(expiresAt) > Date.now();
}
