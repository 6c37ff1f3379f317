import { randomUUID } from 'node:crypto';
import type { Reference } from '../../../shared/contract/values';
import { keyOfOwner } from '../../api-keys/api-keys-record';
import type { PartWish } from '../../changes/judge';
import type { RecordNow } from '../../changes/record-table';
import { subscriptionOfUser } from '../../subscriptions/subscriptions-record';
import { membershipOfTeam } from '../../teams/team-members-record';
import type { Belongings, Membership, Subscription } from '../merge/belongings';
import { changed, isLive } from '../merge/plan-merge';

/** A team whose last admin leaves. */
export interface Handed {
  readonly team: Reference;
  /** Who becomes its admin; NULL: it goes on without one. */
  readonly to: Reference | null;
  /** The membership that this person has already. */
  readonly membership: RecordNow | null;
}

/** Somebody who leaves, and what that takes. */
export interface Leaver extends Reference {
  readonly version: string;
  /** Those that are on. */
  readonly keys: readonly (Reference & { readonly teamId: string | null })[];
  readonly memberships: readonly Membership[];
  readonly subscriptions: readonly Subscription[];
  readonly handedOn: readonly Handed[];
  /** In the order in which they are written and LiteLLM hears of them. */
  readonly parts: readonly PartWish[];
}

/**
 * Decides what a leaving takes: keys are off and somebody else is admin before the memberships end, with which LiteLLM
 * deletes the keys in the team. Pure.
 */
export function planOffboard(
  person: Reference & { readonly version: string },
  { keys, memberships, subscriptions }: Belongings,
  handedOn: readonly Handed[],
): Leaver {
  const working = keys.filter(({ image }) => image['isActive'] === true);
  const open = subscriptions.filter(isLive);
  return {
    ...person,
    keys: working.map(({ id, image }) => ({
      id,
      label: labelOf(id, image),
      teamId: textOf(image['teamId']),
    })),
    memberships,
    subscriptions: open,
    handedOn,
    parts: [
      ...open.map((each) => changed(subscriptionOfUser, each, { status: 'cancelled' })),
      ...working.map((key) => changed(keyOfOwner, key, { isActive: false })),
      ...handedOn.flatMap(successorPart),
      ...memberships.map((each) => ({ ...changed(membershipOfTeam, each, {}), way: 'delete' as const })),
    ],
  };
}

function successorPart({ team, to, membership }: Handed): PartWish[] {
  if (to === null) return [];
  if (membership !== null) return [changed(membershipOfTeam, membership, { role: 'admin' })];
  const set = { teamId: team.id, userId: to.id, role: 'admin' };
  const made = { kind: membershipOfTeam, id: randomUUID(), way: 'create' as const, set };
  return [{ ...made, expected: null, undoes: null }];
}

function labelOf(id: string, image: RecordNow['image']): string {
  return textOf(image['name']) ?? textOf(image['litellmKeyAlias']) ?? id;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
