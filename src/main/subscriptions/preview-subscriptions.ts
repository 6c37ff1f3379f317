import type { ChangePreview } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import type { SubscriptionChanges } from '../../shared/contract/subscriptions';
import { AppError } from '../../shared/errors';
import type { SubscriptionStatus } from '../../shared/records/subscriptions';
import { endOfDay } from '../api-keys/end-of-day';
import type { Change } from '../changes/change';
import type { Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { type Image, nothing } from '../changes/record-table';
import { wishesOfTargets } from '../changes/wishes-of-targets';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { putOffEnds } from './put-off-ends';
import { rulesOfEach } from './subscription-rules';
import { subscriptionsChange } from './subscriptions-change';
import { subscriptionList } from './subscriptions-list';
import { withNextReset } from './next-reset';

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
  const whole = await withNextReset(connection, wishes);
  return previewChange(connection, workspace, change, update, whole);
}

/**
 * The fields to set, as the columns hold them.
 * @throws AppError `validation` where there are none.
 */
async function wishedOf(connection: Connection, changes: SubscriptionChanges): Promise<Image> {
  const set = Object.entries(changes).flatMap(([field, value]): [string, string | null][] =>
    value === undefined ? [] : [[field, value]],
  );
  const { expiresAt } = changes;
  // A day is meant to its end, in the zone in which the workspace counts days.
  if (typeof expiresAt === 'string' && !expiresAt.includes('T')) {
    set.push(['expiresAt', await endOfDay(connection, expiresAt)]);
  }
  if (set.length === 0) throw new AppError('validation', say('changes.nothingWished'));
  return Object.fromEntries(set);
}
