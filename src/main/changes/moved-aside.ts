import { throwIfCancelled } from '../kernel/cancelled';
import { say } from '../kernel/say';
import type { WorkspaceCall } from '../router/handlers';
import type { Change } from './change';
import { judge, type Wish } from './judge';

type Moving = Pick<WorkspaceCall, 'workspace' | 'signal' | 'report'>;

/**
 * Moves aside what is too much for the transaction that deletes records, in transactions of their own. Only for those
 * that may be deleted as they are now. Whoever stops here has lost nothing: `moveBack` undoes it.
 */
export async function moveAside(
  change: Change,
  wishes: readonly Wish[],
  { workspace, signal, report }: Moving,
): Promise<void> {
  const { deletion } = change;
  const going = wishes.filter(({ way, undoes }) => way === 'delete' && undoes === null);
  if (deletion === undefined || going.length === 0) return;
  const { verdicts } = await workspace.database.read(signal, (connection) =>
    judge(connection, change, going, 'look'),
  );
  const ids = verdicts.filter(({ kind }) => kind === 'change').map(({ wish }) => wish.id);
  if (ids.length > 0)
    await moveAll(deletion.archive, ids, say('changes.archiving'), { workspace, signal, report });
}

/** Brings back what was moved aside for records that are there: they came back, or could not be deleted. */
export async function moveBack(change: Change, ids: readonly string[], moving: Moving): Promise<void> {
  const { deletion } = change;
  if (deletion === undefined || ids.length === 0) return;
  await moveAll(deletion.restore, ids, say('changes.restoring'), moving);
}

async function moveAll(
  move: NonNullable<Change['deletion']>['archive'],
  ids: readonly string[],
  title: string,
  { workspace, signal, report }: Moving,
): Promise<void> {
  for (let done = 0; ;) {
    throwIfCancelled(signal);
    report({ title, done });
    const moved = await workspace.database.batch(signal, (connection) => move(connection, ids));
    if (moved === 0) return;
    done += moved;
  }
}
