import type { Contract } from '../../shared/contract/index';
import { keyOfOwner } from '../api-keys/api-keys-record';
import { isAsExpected, type PartWish, type Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { readRecordsNow } from '../changes/record-table';
import { wishesOfTargets } from '../changes/wishes-of-targets';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { readModelUses } from './model-uses';
import { modelsRecord } from './models-record';
import { modelList } from './models-list';
import { retireChange, subscriptionOfModel } from './retire-change';

/** What retiring models would do: their subscriptions end, and keys that they leave without a model are switched off. */
export const previewRetire: Handler<Contract['models']['previewRetire']> = (
  { targets },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const what = { way: 'update' as const, set: { isActive: false } };
    const wishes = await wishesOfTargets(connection, modelList, targets, what, signal);
    const parts = await partsOf(connection, wishes);
    const retiring = wishes.map((wish): Wish => ({ ...wish, parts: parts.get(wish.id) ?? [] }));
    return previewChange(connection, workspace, retireChange, retireChange.actions.update, retiring);
  });

/**
 * What goes with each model that is active now and still as it was seen. A key that several leave without one goes with
 * the last of them: until then it has one.
 */
async function partsOf(
  connection: Connection,
  wishes: readonly Wish[],
): Promise<ReadonlyMap<string, readonly PartWish[]>> {
  const models = await readRecordsNow(
    connection,
    modelsRecord,
    wishes.map(({ id }) => id),
  );
  const active = wishes
    .filter(({ id, expected }) => {
      const now = models.get(id);
      return now?.image['isActive'] === true && isAsExpected(modelsRecord, expected, now);
    })
    .map(({ id }) => id);
  const { subscriptions, keys } = await readModelUses(connection, active);
  const alone = keys.filter(({ hasOthers }) => !hasOthers);
  const versions = await readRecordsNow(
    connection,
    keyOfOwner.record,
    alone.map(({ id }) => id),
  );
  const parts = new Map<string, PartWish[]>(active.map((id) => [id, []]));
  for (const { id, modelId, storedStatus } of subscriptions) {
    parts.get(modelId)?.push({
      ...{ kind: subscriptionOfModel, id, way: 'update', undoes: null },
      set: { status: 'cancelled' },
      expected: { fields: { status: storedStatus } },
    });
  }
  for (const { id, modelId } of alone) {
    const version = versions.get(id)?.version ?? null;
    parts.get(modelId)?.push({
      ...{ kind: keyOfOwner, id, way: 'update', undoes: null },
      set: { isActive: false },
      expected: version === null ? null : { version },
    });
  }
  return parts;
}
