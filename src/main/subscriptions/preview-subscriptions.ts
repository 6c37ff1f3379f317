import type { ChangePreview } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import type { SubscriptionChanges } from '../../shared/contract/subscriptions';
import { AppError } from '../../shared/errors';
import type { Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { type Image, nothing } from '../changes/record-table';
import { wishesOfTargets } from '../changes/wishes-of-targets';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { putOffEnds } from './put-off-ends';
import { subscriptionsChange } from './subscriptions-change';
import { subscriptionList } from './subscriptions-list';
import { withNextReset } from './next-reset';

/** What a change of subscriptions would do. */
export const previewUpdate: Handler<Contract['subscriptions']['previewUpdate']> = (
  { targets, changes },
  { signal, workspace },
) => {
  const set = wishedOf(changes);
  return workspace.database.read(signal, async (connection) => {
    const what = { way: 'update' as const, set };
    const wishes = await wishesOfTargets(connection, subscriptionList, targets, what, signal);
    return previewUpdates(connection, workspace, wishes);
  });
};

/** What changes would do that differ from one subscription to the next. */
export const previewEdits: Handler<Contract['subscriptions']['previewEdits']> = (
  { edits },
  { signal, workspace },
) =>
  workspace.database.read(signal, (connection) => {
    const wishes = edits.map(({ id, version, changes }): Wish => {
      const set = wishedOf(changes);
      return { id, way: 'update', label: id, expected: { version }, set, undoes: null, parts: null };
    });
    return previewUpdates(connection, workspace, wishes);
  });

/** What putting off their ends would do. */
export const previewExtend: Handler<Contract['subscriptions']['previewExtend']> = (
  { targets, days },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const what = { way: 'update' as const, set: nothing };
    const wishes = await wishesOfTargets(connection, subscriptionList, targets, what, signal);
    return previewUpdates(connection, workspace, await putOffEnds(connection, wishes, days));
  });

/** What deleting cancelled subscriptions would do: what the foreign keys take along, and what stays of their usage. */
export const previewDelete: Handler<Contract['subscriptions']['previewDelete']> = (
  { targets },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const what = { way: 'delete' as const, set: nothing };
    const wishes = await wishesOfTargets(connection, subscriptionList, targets, what, signal);
    return previewChange(
      connection,
      workspace,
      subscriptionsChange,
      subscriptionsChange.actions.delete,
      wishes,
    );
  });

async function previewUpdates(
  connection: Connection,
  workspace: OpenWorkspace,
  wishes: readonly Wish[],
): Promise<ChangePreview> {
  const { update } = subscriptionsChange.actions;
  const whole = await withNextReset(connection, wishes);
  return previewChange(connection, workspace, subscriptionsChange, update, whole);
}

/**
 * The fields to set, as the columns hold them.
 * @throws AppError `validation` where there are none.
 */
function wishedOf(changes: SubscriptionChanges): Image {
  const set = Object.entries(changes).flatMap(([field, value]) =>
    value === undefined ? [] : [[field, value] as const],
  );
  if (set.length === 0) throw new AppError('validation', say('changes.nothingWished'));
  return Object.fromEntries(set);
}
