import type { TFunction } from 'i18next';
import type { SettableStatus, SubscriptionRow } from '../../../shared/contract/subscriptions';
import { refusingObstacles, type SubscriptionStatus } from '../../../shared/records/subscriptions';
import { showReview } from '../review/review-store';
import type { ReviewVerb } from '../review/review-words';
import { visibleName } from '../ui/visible-name';
import { reviewSubscriptionsFrom, type SubscriptionTargets } from './review-subscriptions';

/** What can be done with a subscription besides editing it. */
export const subscriptionSteps = [
  'approve',
  'deny',
  'reopen',
  'suspend',
  'reactivate',
  'reset',
  'cancel',
  'delete',
] as const;
export type SubscriptionStep = (typeof subscriptionSteps)[number];

/** Those that make something else of the status. */
type StatusStep = Exclude<SubscriptionStep, 'reset' | 'delete'>;

/** What each of them makes of the status. */
const becomes: Readonly<Record<StatusStep, SettableStatus>> = {
  approve: 'active',
  deny: 'cancelled',
  reopen: 'pending',
  suspend: 'suspended',
  reactivate: 'active',
  cancel: 'cancelled',
};

/** What each of them leads from: several may have been selected, or found unseen, that it is not for. */
const leadsFrom: Readonly<Record<StatusStep, readonly SubscriptionStatus[]>> = {
  approve: ['pending'],
  deny: ['pending'],
  reopen: ['cancelled'],
  suspend: ['active'],
  reactivate: ['suspended'],
  cancel: ['active', 'suspended', 'expired'],
};

const verbs: Readonly<Partial<Record<SubscriptionStep, ReviewVerb>>> = { approve: 'approve', deny: 'deny' };

/** The letters by which requests are gone through. */
export const stepKeys: Readonly<Partial<Record<SubscriptionStep, string>>> = { approve: 'a', deny: 'd' };

type Judged = Pick<SubscriptionRow, 'status' | 'isDenied' | 'obstacles'>;

/** What can be done with a subscription as it is; the review has the last word. */
export function stepsOf({ status, isDenied }: Judged): readonly SubscriptionStep[] {
  switch (status) {
    case 'pending':
      return ['approve', 'deny'];
    case 'active':
      return ['suspend', 'reset', 'cancel'];
    case 'suspended':
      return ['reactivate', 'reset', 'cancel'];
    case 'expired':
      return ['cancel'];
    case 'cancelled':
      return isDenied ? ['reopen'] : ['delete'];
  }
}

/** Whether it let requests through before, and lets none through now: its page says why. */
export function isStopped({ status }: Pick<SubscriptionRow, 'status'>): boolean {
  return status === 'suspended' || status === 'expired';
}

/** Why a request that waits cannot be approved now; undefined where it can. */
export function approvalObstacle(t: TFunction, { obstacles }: Judged): string | undefined {
  const first = obstacles.find((obstacle) => refusingObstacles.includes(obstacle));
  return first === undefined ? undefined : t(`subscriptions.obstacle.${first}`);
}

/** How a subscription is spoken of. */
export function subscriptionName(
  t: TFunction,
  { user, model }: Pick<SubscriptionRow, 'user' | 'model'>,
): string {
  return t('subscriptions.title', { user: visibleName(user.label), model: visibleName(model.label) });
}

/** Which subscriptions a step is about. */
export interface StepTargets {
  readonly targets: SubscriptionTargets;
  readonly rows: ReadonlyMap<string, SubscriptionRow>;
  /** Periods begin at the date at which they were due, and no other one does; absent: at this moment. */
  readonly isDue?: boolean;
}

/** Shows what a step would do. */
export function reviewStep(
  step: SubscriptionStep,
  { targets, rows, isDue = false }: StepTargets,
  title: string,
  onDone?: () => void,
): void {
  const rest = { title, ...(onDone === undefined ? {} : { onDone }) };
  if (step === 'delete') {
    showReview({
      request: { area: 'subscriptions', procedure: 'previewDelete', input: { targets } },
      ...rest,
    });
    return;
  }
  if (step === 'reset') {
    const when = isDue ? 'due' : 'now';
    showReview({
      request: { area: 'subscriptions', procedure: 'previewReset', input: { targets, when } },
      ...rest,
    });
    return;
  }
  const verb = verbs[step];
  reviewSubscriptionsFrom(leadsFrom[step])({
    ...{ targets, rows, changes: { status: becomes[step] } },
    ...(verb === undefined ? {} : { verb }),
    ...rest,
  });
}
