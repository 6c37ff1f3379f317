import type { Contract, InputOf } from '../../../shared/contract/index';
import type { SubscriptionChanges, SubscriptionRow } from '../../../shared/contract/subscriptions';
import { reviewsOf } from '../review/review-changes';

export type SubscriptionTargets = InputOf<Contract['subscriptions']['previewUpdate']>['targets'];

/** The reviews of changing subscriptions. */
export const { reviewSame: reviewSubscriptions } = reviewsOf<
  SubscriptionTargets,
  SubscriptionChanges,
  SubscriptionRow
>({
  update: (targets, changes) => ({
    area: 'subscriptions',
    procedure: 'previewUpdate',
    input: { targets, changes },
  }),
  edits: (edits) => ({ area: 'subscriptions', procedure: 'previewEdits', input: { edits } }),
  // What counts now may differ from what the column says.
  seenOf: ({ storedStatus, team, ...row }) => ({ ...row, status: storedStatus, teamId: team?.id ?? null }),
});
