import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../../shared/contract/changes';
import { uuid } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import { apiKeysChange } from '../../api-keys/api-keys-change';
import { allowsAllModels } from '../../api-keys/model-scope';
import { placeFindings } from '../../api-keys/key-places';
import type { Change, ChangedRecord, PartKind } from '../../changes/change';
import type { ChangedPart, PartWish } from '../../changes/judge';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { heardSubscriptions } from '../../subscriptions/heard-subscriptions';
import { subscriptionsChange } from '../../subscriptions/subscriptions-change';
import { saidTogether, reopenedFindings } from '../reopened-subscriptions';
import { findingAbout } from '../model-use-findings';

/** The subscription to the other model: LiteLLM hears of it as of one that is made by itself. */
export const successor: PartKind = {
  actions: subscriptionsChange.actions,
  record: subscriptionsChange.record,
  news: (before, after) => subscriptionsChange.news(before, after),
  heardOf: heardSubscriptions,
};

/** Suspended as the one before it, for the same cause: a period that begins anew opens what its quota had shut. */
export const suspendedSuccessors: ReadonlyMap<string | null, PartKind> = new Map([
  ['quota', { ...successor, cause: 'quota' as const }],
  ['sync', { ...successor, cause: 'sync' as const }],
]);

/** A key in whose list the other model takes the place of the one: LiteLLM gets the whole list by one call. */
export const keyOfReplaced: PartKind = {
  actions: { update: apiKeysChange.actions.update },
  record: apiKeysChange.record,
  news: (before, after) => apiKeysChange.news(before, after),
};

/**
 * Subscriptions to a model end, and their persons get one to another model, in their keys as well. What was counted stays
 * with the one that ended.
 */
export const replaceChange: Change = {
  ...subscriptionsChange,
  actions: { ...subscriptionsChange.actions, update: 'SUBSCRIPTION_REPLACE' },
  fields: ['status'],
  partKinds: [successor, keyOfReplaced],
  // Each brings another subscription and keys along, and usage that comes in waits for all of them.
  sliceSize: 50,
  rulesOfAll: () => Promise.resolve([]),
  rulesOfParts: async (connection, _changed, parts) => [
    ...(await reopenedFindings(connection, parts, isOpenedAgain)),
    ...endedFindings(parts),
    ...(await keyFindings(connection, parts)),
  ],
  async beforeParts(connection, parts) {
    const reopened = await reopenedFindings(connection, parts, isOpenedAgain);
    const refused = reopened.find(({ severity }) => severity === 'error');
    if (refused !== undefined) throw new AppError('validation', refused.text);
    const used = await readUsed(
      connection,
      parts.filter(isTakenBack).map(({ id }) => id),
    );
    if (used.size > 0) throw new AppError('validation', say('changes.models.replace.usedSince'));
  },
  async hold(connection, changed) {
    await keepNoKeyBehind(
      connection,
      changed.filter(({ undoes }) => undoes === null),
    );
  },
  async wayBack(connection, wishes) {
    const parts = wishes.flatMap((wish) => wish.parts ?? []);
    const used = await readUsed(
      connection,
      parts.filter(isTakenBack).map(({ id }) => id),
    );
    return wishes.map((wish) => ({
      ...wish,
      parts: wish.parts?.map((part) => wayBackOf(part, used)) ?? null,
    }));
  },
};

const isSuccessor = ({ kind }: PartWish): boolean => kind.record === subscriptionsChange.record;

/** Whether the making of a subscription to the other model is taken back. */
const isTakenBack = (part: PartWish): boolean => isSuccessor(part) && part.way === 'delete';

/** Whether one comes back with an undo of an undo. */
const isOpenedAgain = (part: ChangedPart): boolean =>
  isSuccessor(part) && part.undoes !== null && part.way !== 'delete' && part.after['status'] !== 'cancelled';

/** What was used ends instead, with whatever was set of it since. That a period began anew meanwhile changes nothing. */
function wayBackOf(part: PartWish, used: ReadonlySet<string>): PartWish {
  if (!isTakenBack(part)) return part;
  if (used.has(part.id)) return { ...part, way: 'update', set: { status: 'cancelled' }, expected: null };
  if (part.expected === null || typeof part.expected === 'string' || !('fields' in part.expected))
    return part;
  const { resetAt: _resetAt, ...fields } = part.expected.fields;
  return { ...part, expected: { fields } };
}

/** Those of them that something was counted to, or that a key was made for. */
async function readUsed({ select }: Connection, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await select(
    z.strictObject({ id: uuid }),
    sql`
    SELECT s.id FROM ${from('subscriptions', 's')} WHERE s.id = ANY(${sql.param([...ids])}::uuid[]) AND (
      s.used_requests > 0 OR s.used_tokens > 0 OR s.current_spend > 0
      OR EXISTS (SELECT FROM ${from('usage_logs', 'l')} WHERE l.subscription_id = s.id)
      OR EXISTS (SELECT FROM ${from('usage_daily', 'd')} WHERE d.subscription_id = s.id)
      OR EXISTS (SELECT FROM ${from('api_keys', 'k')} WHERE k.subscription_id = s.id))`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** What an undo ends because it was used. */
function endedFindings(parts: readonly ChangedPart[]): ChangeFinding[] {
  const ended = parts.filter(
    (part) => isSuccessor(part) && part.undoes !== null && part.after['status'] === 'cancelled',
  );
  const named = ended.map(({ id, before }) => ({ id, label: String(before['modelId'] ?? id) }));
  return findingAbout('warning', say('changes.models.replace.endsInstead'), named).map((finding) => ({
    ...finding,
    area: 'subscriptions' as const,
  }));
}

/** What a team does not allow of the lists that its keys get. */
async function keyFindings(connection: Connection, parts: readonly ChangedPart[]): Promise<ChangeFinding[]> {
  const keys = parts
    .filter(({ kind }) => kind === keyOfReplaced)
    .map((part) => ({ ...part, label: part.id }));
  if (keys.length === 0) return [];
  const names =
    (await apiKeysChange.namesOf?.(
      connection,
      keys.map(({ id, before }) => ({ id, image: before })),
    )) ?? new Map<string, string>();
  const found = await placeFindings(connection, keys);
  return saidTogether(found, names).map((finding) => ({ ...finding, area: 'api-keys' as const }));
}

/**
 * Asked after writing: a key that got the model since the review was read is not left with it.
 * @throws AppError `validation` where there is one.
 */
async function keepNoKeyBehind({ select }: Connection, changed: readonly ChangedRecord[]): Promise<void> {
  const [first] = changed;
  if (first === undefined) return;
  const users = changed.map(({ before }) => String(before['userId']));
  const [left] = await select(
    z.strictObject({ id: uuid }),
    sql`
    SELECT k.id FROM ${from('api_key_models', 'km')} JOIN ${from('api_keys', 'k')} ON k.id = km.api_key_id
    WHERE km.model_id = ${String(first.before['modelId'])} AND k.user_id = ANY(${sql.param(users)}::uuid[])
      AND k.revoked_at IS NULL AND NOT ${allowsAllModels} LIMIT 1`,
  );
  if (left === undefined) return;
  throw new AppError('validation', say('changes.models.replace.gotKey'), {
    hint: say('changes.models.retire.gotMoreHint'),
  });
}
