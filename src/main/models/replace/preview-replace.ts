import { randomUUID } from 'node:crypto';
import type { ChangeValue } from '../../../shared/contract/changes';
import type { Contract } from '../../../shared/contract/index';
import { modelsNamedByNobody } from '../../../shared/records/api-keys';
import { AppError } from '../../../shared/errors';
import type { Change, PartKind, RecordFinding } from '../../changes/change';
import type { PartWish, Wish } from '../../changes/judge';
import { previewChange } from '../../changes/preview';
import { type Image, nothing, type RecordNow, readRecordsNow } from '../../changes/record-table';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import type { Handler } from '../../router/handlers';
import { nextResetOf } from '../../subscriptions/periods/next-reset';
import { rulesOfEach } from '../../subscriptions/subscription-rules';
import { subscriptionsRecord } from '../../subscriptions/subscriptions-record';
import { modelsRecord } from '../models-record';
import { replaceChange, successor, suspendedSuccessors } from './replace-change';
import { replaceFindings } from './replace-findings';
import { heldFindings } from './held-since';
import { readReplacedKeys } from './replaced-keys';
import { readReplaced, type ReplacedSubscriptions } from './replaced-subscriptions';

/** So many subscriptions are read by one statement. */
const groupSize = 2_000;
const mostFindings = 50;

/**
 * What replacing a model by another would do, for everybody or some: who gets which subscription, and what becomes of
 * their keys.
 * @throws AppError `validation` where the other model can't take its place, or there are too many; `not_found`.
 */
export const previewReplace: Handler<Contract['models']['previewReplace']> = (
  { modelId, byModelId, whose },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const names = await namesOfModels(connection, modelId, byModelId);
    const replaced = await readReplaced(connection, modelId, byModelId, whose);
    const ending = [...replaced.opening, ...replaced.having];
    const userIds = ending.map(({ userId }) => userId);
    const keys = await readReplacedKeys(connection, modelId, byModelId, userIds);
    const now = await recordsInGroups(
      connection,
      ending.map(({ id }) => id),
    );
    const successors = successorsOf(byModelId, replaced, now);
    const wishes = ending.flatMap(({ id, userId, label }): Wish[] => {
      const record = now.get(id);
      if (record === undefined) return [];
      const opened = successors.get(id);
      const parts = [...(opened === undefined ? [] : [opened]), ...(keys.parts.get(userId) ?? [])];
      const expected = { version: record.version };
      return [{ id, way: 'update', label, expected, set: { status: 'cancelled' }, undoes: null, parts }];
    });
    const change = changeOf(successors, replaced);
    const preview = await previewChange(connection, workspace, change, change.actions.update, wishes);
    const findings = await replaceFindings(connection, {
      modelId,
      byModelId,
      names,
      replaced,
      keys,
      userIds,
    });
    return { ...preview, findings: [...findings, ...preview.findings].slice(0, mostFindings) };
  });

/** What people call the two. */
export interface NamesOfModels {
  readonly from: string;
  readonly to: string;
}

async function namesOfModels(
  connection: Connection,
  modelId: string,
  byModelId: string,
): Promise<NamesOfModels> {
  if (modelId === byModelId) throw new AppError('validation', say('changes.models.replace.same'));
  const models = await readRecordsNow(connection, modelsRecord, [modelId, byModelId]);
  const [one, other] = [models.get(modelId), models.get(byModelId)];
  if (one === undefined || other === undefined) {
    throw new AppError('not_found', say('records.gone.model'), { hint: say('records.goneHint.model') });
  }
  const nameOf = ({ id, image }: RecordNow): string => String(image['name'] ?? id);
  if (modelsNamedByNobody.includes(byModelId)) {
    throw new AppError('validation', say('changes.models.replace.noModel', { name: byModelId }));
  }
  if (other.image['isActive'] !== true) {
    throw new AppError('validation', say('changes.models.replace.isOff', { name: nameOf(other) }), {
      hint: say('changes.models.replace.isOffHint'),
    });
  }
  return { from: nameOf(one), to: nameOf(other) };
}

async function recordsInGroups(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RecordNow>> {
  const all = new Map<string, RecordNow>();
  for (let first = 0; first < ids.length; first += groupSize) {
    const group = ids.slice(first, first + groupSize);
    for (const [id, record] of await readRecordsNow(connection, subscriptionsRecord, group)) {
      all.set(id, record);
    }
  }
  return all;
}

/** What a subscription hands on: its team, its limits in full, its period and its end. Counters begin at 0. */
const handedOn = [
  'teamId',
  'quotaRequests',
  'quotaTokens',
  'maxBudget',
  'budgetDuration',
  'tpmLimit',
  'rpmLimit',
  'expiresAt',
] as const;

/** The subscription to the other model that each opens, by the one that ends. */
function successorsOf(
  byModelId: string,
  { opening }: ReplacedSubscriptions,
  now: ReadonlyMap<string, RecordNow>,
): ReadonlyMap<string, PartWish> {
  return new Map(
    opening.flatMap(({ id, userId, status, cause }): (readonly [string, PartWish])[] => {
      const record = now.get(id);
      if (record === undefined) return [];
      const set: Image = {
        ...Object.fromEntries(handedOn.map((field) => [field, record.image[field] ?? null])),
        ...{ userId, modelId: byModelId, status, resetAt: null },
      };
      const kind = kindOf(status, cause);
      return [[id, { kind, id: randomUUID(), way: 'create', set, expected: null, undoes: null }]];
    }),
  );
}

/** The period of what is opened begins with the run. What was never due stays so. */
async function withResets(
  connection: Connection,
  wishes: readonly Wish[],
  now: ReadonlyMap<string, RecordNow>,
): Promise<readonly Wish[]> {
  const due = ({ id }: Wish): boolean => typeof now.get(id)?.image['resetAt'] === 'string';
  const periodOf = ({ id }: Wish) => now.get(id)?.image['budgetDuration'] ?? null;
  const resets = new Map<ChangeValue, string | null>();
  for (const period of new Set(wishes.filter(due).map(periodOf))) {
    resets.set(period, await nextResetOf(connection, period));
  }
  return wishes.map((wish) => {
    if (!due(wish)) return wish;
    const resetAt = resets.get(periodOf(wish)) ?? null;
    const parts = wish.parts?.map((part) =>
      part.way === 'create' ? { ...part, set: { ...part.set, resetAt } } : part,
    );
    return { ...wish, parts: parts ?? null };
  });
}

function kindOf(status: string, cause: string | null): PartKind {
  const suspended = status === 'suspended' ? suspendedSuccessors.get(cause) : undefined;
  return suspended ?? successor;
}

/** The change that the run makes, which judges the subscriptions to the other model as the preview did. */
function changeOf(successors: ReadonlyMap<string, PartWish>, { having }: ReplacedSubscriptions): Change {
  const held = new Map(having.map(({ id, held: other }) => [id, other]));
  return {
    ...replaceChange,
    settle: withResets,
    async rulesOfEach(connection, changed) {
      const found = new Map(await rulesOfEach(connection, changed, ['active', 'suspended']));
      const add = (id: string, findings: readonly RecordFinding[]): void => {
        found.set(id, [...(found.get(id) ?? []), ...findings]);
      };
      const opened = changed.flatMap(({ id, label }) => {
        const part = successors.get(id);
        return part === undefined ? [] : [{ of: id, label, part }];
      });
      const ofOpened = await rulesOfEach(
        connection,
        opened.map(({ label, part: { id, set } }) => ({
          ...{ id, label, way: 'create' as const, before: nothing, after: set, set, undoes: null },
        })),
      );
      for (const { of, part } of opened) {
        // Limits and ends are handed on: only what keeps it from being opened is new.
        const errors = (ofOpened.get(part.id) ?? []).filter(({ severity }) => severity === 'error');
        add(of, errors);
      }
      for (const [id, findings] of await heldFindings(connection, changed, held)) add(id, findings);
      return found;
    },
  };
}
