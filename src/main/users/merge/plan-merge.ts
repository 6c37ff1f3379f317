import { randomUUID } from 'node:crypto';
import { keyOfOwner } from '../../api-keys/api-keys-record';
import type { PartKind } from '../../changes/change';
import type { PartWish } from '../../changes/judge';
import { type Image, nothing, type RecordNow } from '../../changes/record-table';
import { subscriptionOfUser } from '../../subscriptions/subscriptions-record';
import { doubledMembership, membershipOfUser } from '../../teams/team-members-record';
import { usersRecord } from '../users-record';
import type { ApiKey, Belongings, Membership, Subscription } from './belongings';

/** What becomes of what a duplicate has. */
export interface MergePlan {
  readonly memberships: {
    readonly moved: readonly Membership[];
    /** In teams where both are members: the one who stays keeps theirs. */
    readonly doubled: readonly Membership[];
    /** Those of the one who stays that become the stronger of both. */
    readonly raised: readonly Membership[];
  };
  readonly keys: readonly ApiKey[];
  readonly subscriptions: {
    /** Unused. */
    readonly moved: readonly Subscription[];
    /** Used: ended there, opened here. */
    readonly opened: readonly Subscription[];
    /** Ended, because the one who stays has one to the model. */
    readonly ended: readonly Subscription[];
    /** Those of the one who stays that ended by time long ago, and whose place another one takes. */
    readonly lapsed: readonly Subscription[];
    /** Of `ended`, those that worked where the one of who stays does not. */
    readonly weaker: readonly Subscription[];
  };
  /** In the order in which they are written. */
  readonly parts: readonly PartWish[];
}

const liveStatuses = new Set(['active', 'suspended', 'pending']);
/** Whether a subscription is open: used, suspended or asked for. */
export const isLive = ({ status }: Subscription): boolean => liveStatuses.has(status);

/** What an opened subscription takes over; what was used stays where it was. */
const takenOver = [...subscriptionOfUser.record.columns.keys()].filter((name) => name !== 'userId');

/** The record that stays is held while the other one's belongings move to it, and must be as it was seen. */
const heldUser: PartKind = { actions: { update: 'USER_UPDATE' }, record: usersRecord, news: () => null };

/**
 * Decides what moves from a duplicate to the record that stays. Pure.
 * @param into the record that stays, in the version that was seen.
 */
export function planMerge(
  into: { readonly id: string; readonly version: string },
  theirs: Belongings,
  ours: Belongings,
): MergePlan {
  const memberships = planMemberships(theirs.memberships, ours.memberships);
  const subscriptions = planSubscriptions(theirs.subscriptions, ours.subscriptions);
  const openedIds = new Map(subscriptions.opened.map(({ id }) => [id, randomUUID()]));
  const successor = (id: string | undefined): string | undefined => {
    const before = subscriptions.ended.find((each) => each.id === id);
    return before === undefined ? openedIds.get(id ?? '') : ourOwn(before, ours.subscriptions)?.id;
  };
  const owner: Image = { userId: into.id };
  return {
    memberships,
    keys: theirs.keys,
    subscriptions,
    parts: [
      { ...part(heldUser, into.id, nothing), expected: { version: into.version } },
      // What gives way comes first: nobody has two active subscriptions to a model.
      ...subscriptions.lapsed.map((each) => changed(subscriptionOfUser, each, { status: 'expired' })),
      ...[...subscriptions.ended, ...subscriptions.opened].map((each) => ({
        ...part(subscriptionOfUser, each.id, { status: 'cancelled' }),
        // The counters go on while the review is read.
        expected: { fields: picked(each.image, ['userId', ...takenOver]) },
      })),
      ...subscriptions.moved.map((each) => changed(subscriptionOfUser, each, owner)),
      ...subscriptions.opened.map(({ id, image }) => ({
        ...part(subscriptionOfUser, openedIds.get(id) ?? '', { ...picked(image, takenOver), ...owner }),
        way: 'create' as const,
      })),
      ...theirs.keys.map((key) => {
        const link = successor(textOf(key.image['subscriptionId']));
        return changed(keyOfOwner, key, link === undefined ? owner : { ...owner, subscriptionId: link });
      }),
      ...memberships.doubled.map((each) => ({
        ...changed(doubledMembership, each, nothing),
        way: 'delete' as const,
      })),
      ...memberships.raised.map((each) => changed(membershipOfUser, each, { role: 'admin' })),
      ...memberships.moved.map((each) => changed(membershipOfUser, each, owner)),
    ],
  };
}

function planMemberships(
  theirs: readonly Membership[],
  ours: readonly Membership[],
): MergePlan['memberships'] {
  const ourOf = new Map(ours.map((each) => [each.teamId, each]));
  const doubled = theirs.filter(({ teamId }) => ourOf.has(teamId));
  return {
    moved: theirs.filter(({ teamId }) => !ourOf.has(teamId)),
    doubled,
    raised: doubled.flatMap(({ teamId, image }) => {
      const own = ourOf.get(teamId);
      return own !== undefined && image['role'] === 'admin' && own.image['role'] !== 'admin' ? [own] : [];
    }),
  };
}

function planSubscriptions(
  theirs: readonly Subscription[],
  ours: readonly Subscription[],
): MergePlan['subscriptions'] {
  const live = theirs.filter(isLive);
  const ended = live.filter((each) => ourOwn(each, ours) !== undefined);
  const coming = live.filter((each) => !ended.includes(each));
  const comesActive = new Set(
    coming.filter(({ status }) => status === 'active').map(({ modelId }) => modelId),
  );
  return {
    moved: coming.filter(({ isUsed }) => !isUsed),
    opened: coming.filter(({ isUsed }) => isUsed),
    ended,
    lapsed: ours.filter(
      (each) => each.image['status'] === 'active' && !isLive(each) && comesActive.has(each.modelId),
    ),
    weaker: ended.filter((each) => each.status === 'active' && ourOwn(each, ours)?.status !== 'active'),
  };
}

/** The subscription to the same model that the one who stays has; an active one before others. */
function ourOwn({ modelId }: Subscription, ours: readonly Subscription[]): Subscription | undefined {
  const own = ours.filter((each) => isLive(each) && each.modelId === modelId);
  return own.find(({ status }) => status === 'active') ?? own.at(-1);
}

function part(kind: PartKind, id: string, set: Image): PartWish {
  return { kind, id, way: 'update', set, expected: null, undoes: null };
}

/** A part that must be exactly as the review showed it. */
export function changed(kind: PartKind, { id, image }: RecordNow, set: Image): PartWish {
  return { ...part(kind, id, set), expected: { fields: image } };
}

function picked(image: Image, fields: readonly string[]): Image {
  return Object.fromEntries(fields.map((field) => [field, image[field] ?? null]));
}

function textOf(value: Image[string] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
