import type { Contract, InputOf } from '../../../shared/contract/index';
import type { SubscriptionChanges, SubscriptionRow } from '../../../shared/contract/subscriptions';
import type { SubscriptionStatus } from '../../../shared/records/subscriptions';
import { reviewsOf } from '../review/review-changes';

export type SubscriptionTargets = InputOf<Contract['subscriptions']['previewUpdate']>['targets'];

const reviewsFrom = (only: { readonly onlyFrom?: SubscriptionStatus[] }) =>
  reviewsOf<SubscriptionTargets, SubscriptionChanges, SubscriptionRow>({
    update: (targets, changes) => ({
      area: 'subscriptions',
      procedure: 'previewUpdate',
      input: { targets, changes, ...only },
    }),
    edits: (edits) => ({ area: 'subscriptions', procedure: 'previewEdits', input: { edits, ...only } }),
    // What counts now may differ from what the column says.
    seenOf: ({ storedStatus, team, ...row }) => ({ ...row, status: storedStatus, teamId: team?.id ?? null }),
  });

/** The reviews of changing subscriptions. */
export const { reviewSame: reviewSubscriptions } = reviewsFrom({});

/** The reviews of a step that leads from some statuses alone, also once conflicts were decided. */
export const reviewSubscriptionsFrom = (onlyFrom: readonly SubscriptionStatus[]) =>
  reviewsFrom({ onlyFrom: [...onlyFrom] }).reviewSame;
