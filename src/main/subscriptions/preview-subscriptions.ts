import type { ChangePreview } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import type { SubscriptionStatus } from '../../shared/records/subscriptions';
import type { Change } from '../changes/change';
import type { Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { nothing } from '../changes/record-table';
import { wishesOfTargets } from '../changes/wishes-of-targets';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { putOffEnds } from './put-off-ends';
import { rulesOfEach } from './subscription-rules';
import { subscriptionsChange } from './subscriptions-change';
import { subscriptionList } from './subscriptions-list';
import { resetChange } from './periods/reset-change';
import { wishedOf } from './wished-fields';

/** What a change of subscriptions would do. */
export const previewUpdate: Handler<Contract['subscriptions']['previewUpdate']> = (
  { targets, changes, onlyFrom },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const what = { way: 'update' as const, set: await wishedOf(connection, changes) };
    const wishes = await wishesOfTargets(connection, subscriptionList, targets, what, signal);
    return previewUpdates(connection, workspace, wishes, onlyFrom);
  });

/** What changes would do that differ from one subscription to the next. */
export const previewEdits: Handler<Contract['subscriptions']['previewEdits']> = (
  { edits, onlyFrom },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const wishes: Wish[] = [];
    for (const { id, version, changes } of edits) {
      const set = await wishedOf(connection, changes);
      wishes.push({ id, way: 'update', label: id, expected: { version }, set, undoes: null, parts: null });
    }
    return previewUpdates(connection, workspace, wishes, onlyFrom);
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

/** What it would do to let their periods begin anew. */
export const previewReset: Handler<Contract['subscriptions']['previewReset']> = (
  { targets, when },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const what = { way: 'update' as const, set: nothing };
    const wishes = await wishesOfTargets(connection, subscriptionList, targets, what, signal);
    const change = resetChange(when);
    return previewChange(connection, workspace, change, change.actions.update, wishes);
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
  onlyFrom?: readonly SubscriptionStatus[],
): Promise<ChangePreview> {
  const { update } = subscriptionsChange.actions;
  // In the plan too: the run judges as the preview did.
  const change: Change = {
    ...subscriptionsChange,
    rulesOfEach: (...asked) => rulesOfEach(...asked, onlyFrom),
  };
  return previewChange(connection, workspace, change, update, wishes);
}
