import type { ChangeFinding } from '../../shared/contract/changes';
import { AppError } from '../../shared/errors';
import { grouped } from '../../shared/grouped';
import { keyOfOwner } from '../api-keys/api-keys-record';
import { keepLostKeysOff, lostKeyFindings } from '../api-keys/taken-keys';
import type { Change, ChangedRecord, PartKind } from '../changes/change';
import type { ChangedPart } from '../changes/judge';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { subscriptionsChange } from '../subscriptions/subscriptions-change';
import { countKeysWithModels, readModelUses } from './model-uses';
import { general, modelUseFindings } from './model-use-findings';
import { isSwitchedOff, modelsChange } from './models-change';
import { reopenedFindings } from './reopened-subscriptions';

/** A subscription that ends with its model: LiteLLM hears of it as of one that ends by itself. */
export const subscriptionOfModel: PartKind = {
  actions: { update: subscriptionsChange.actions.update },
  record: subscriptionsChange.record,
  news: (before, after) => subscriptionsChange.news(before, after),
};

/**
 * A model is no longer offered and its subscriptions end; keys that it leaves without a model are switched off first. A
 * key with no model at all would be one with all of them in LiteLLM, so none is taken out of its list.
 */
export const retireChange: Change = {
  ...modelsChange,
  actions: { ...modelsChange.actions, update: 'MODEL_RETIRE' },
  fields: ['isActive'],
  partKinds: [subscriptionOfModel, keyOfOwner],
  sliceSize: 1,
  rulesOfAll: (connection, changed) =>
    retireFindings(
      connection,
      changed.filter(({ undoes }) => undoes === null),
    ),
  rulesOfParts: async (connection, changed, parts) => [
    ...tooManyFindings(parts),
    ...(await reopened(connection, parts)),
    ...(await lostKeyFindings(connection, changed, parts)),
  ],
  async beforeParts(connection, parts) {
    const refused = (await reopened(connection, parts)).find(({ severity }) => severity === 'error');
    if (refused !== undefined) throw new AppError('validation', refused.text);
  },
  async hold(connection, changed, parts) {
    await keepLostKeysOff(connection, changed, parts);
    await keepUsableKeysOn(connection, parts);
    await keepNothingOpen(
      connection,
      changed.filter(isSwitchedOff).map(({ id }) => id),
    );
  },
};

/** What ends, what is switched off, and what stays. */
async function retireFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const ids = changed.filter(isSwitchedOff).map(({ id }) => id);
  if (ids.length === 0) return [];
  return [
    ...(await modelUseFindings(connection, ids, {
      open: (of) => say('changes.models.retire.subscriptions', of),
      pending: (of) => say('changes.models.retire.pending', of),
      alone: (of) => say('changes.models.retire.keysEnd', of),
      others: (of) => say('changes.models.retire.keysStay', of),
    })),
    { ...general, severity: 'info' as const, text: say('changes.models.retire.usageStays') },
  ];
}

/**
 * Asked after writing: whoever opened a subscription, or made a key, since the review was read is not overruled.
 * @throws AppError `validation` where something would be left.
 */
async function keepNothingOpen(connection: Connection, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { subscriptions, keys } = await readModelUses(connection, ids);
  if (subscriptions.length === 0 && keys.every(({ hasOthers }) => hasOthers)) return;
  throw new AppError('validation', say('changes.models.retire.gotMore'), {
    hint: say('changes.models.retire.gotMoreHint'),
  });
}

/**
 * A key is blocked because it has no model left: asked after writing, for one of its models may have stayed after all.
 * @throws AppError `validation` where it has one.
 */
async function keepUsableKeysOn(connection: Connection, parts: readonly ChangedPart[]): Promise<void> {
  const blocked = parts.filter(
    ({ kind, set, undoes }) => kind === keyOfOwner && undoes === null && set['isActive'] === false,
  );
  const count = await countKeysWithModels(
    connection,
    blocked.map(({ id }) => id),
  );
  if (count === 0) return;
  throw new AppError('validation', say('changes.models.retire.keyHasModel'), {
    hint: say('changes.models.retire.gotMoreHint'),
  });
}

/** Usage that comes in waits for the subscriptions of one transaction. */
const mostSubscriptions = 500;

function tooManyFindings(parts: readonly ChangedPart[]): ChangeFinding[] {
  const ending = parts.filter(({ kind, undoes }) => kind === subscriptionOfModel && undoes === null);
  const many = [...grouped(ending, ({ of }) => of)].filter(([, { length }]) => length > mostSubscriptions);
  if (many.length === 0) return [];
  const examples = many.slice(0, shownKeys).map(([id]) => ({ id, label: id }));
  const text = say('changes.models.retire.tooMany', { limit: mostSubscriptions });
  return [{ severity: 'error', text, count: many.length, examples }];
}

const isReopened = ({ kind, undoes }: ChangedPart): boolean =>
  kind === subscriptionOfModel && undoes !== null;

/** The model is offered again with the subscriptions that an undo opens. */
const reopened = (connection: Connection, parts: readonly ChangedPart[]): Promise<ChangeFinding[]> =>
  reopenedFindings(connection, parts, isReopened, [say('changes.subscriptions.modelInactive')]);

const shownKeys = 20;
