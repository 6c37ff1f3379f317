import { maxChangedRecords } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import type { Handler } from '../router/handlers';
import type { Change } from './change';
import type { PartWish, Wish } from './judge';
import { type JournalRow, readBatch } from './journal';
import { previewChange } from './preview';
import { nothing, type Way } from './record-table';

/** A batch with everything that went with its records. */
const mostRows = 5 * maxChangedRecords;

/**
 * What taking back a batch would do: each record gets the values back that the batch took from it, if they still are as
 * the batch left them. What others changed besides stays.
 */
export function previewUndo(changes: readonly Change[]): Handler<Contract['changes']['previewUndo']> {
  return ({ batchId, recordId }, { signal, workspace }) =>
    workspace.database.read(signal, async (connection) => {
      const rows = await readBatch(connection, batchId, recordId, mostRows + 1);
      const [first] = rows;
      if (first === undefined) {
        throw new AppError('not_found', say('changes.batchGone'), { hint: say('changes.batchGoneHint') });
      }
      if (rows.length > mostRows)
        throw new AppError('validation', say('changes.tooMany', { limit: mostRows }));
      const change = changeOf(changes, first);
      const open = rows.filter((row) => !row.is_undone);
      const back = change === undefined ? [] : wishesOf(open, change);
      if (change === undefined || back.length === 0) {
        throw new AppError('conflict', say('changes.undone'), { hint: say('changes.undoneHint') });
      }
      const wishes = (await change.wayBack?.(connection, back)) ?? back;
      return previewChange(connection, workspace, change, undoAction(first.action), wishes);
    });
}

/** The change that something written down was made by, or taken back by; several may be about one kind of record. */
export function changeOf(
  changes: readonly Change[],
  { record_kind: kind, action }: Pick<JournalRow, 'record_kind' | 'action'>,
): Change | undefined {
  return changes.find(
    ({ record, actions }) =>
      record.kind === kind &&
      Object.values(actions).some((each) => [each, undoAction(each)].includes(action)),
  );
}

/** `USER_UPDATE` is taken back by `USER_UPDATE_UNDO`, and that by `USER_UPDATE`. */
export function undoAction(action: string): string {
  return action.endsWith('_UNDO') ? action.slice(0, -'_UNDO'.length) : `${action}_UNDO`;
}

/** What was made is deleted, what was deleted is made, what was changed is changed back. */
function wayBack({ before, after }: JournalRow): Way {
  if (before === null) return 'delete';
  return after === null ? 'create' : 'update';
}

function wishesOf(rows: readonly JournalRow[], { partKinds }: Change): Wish[] {
  const partsOf = new Map<string, PartWish[]>();
  for (const row of rows) {
    if (row.part_of === null) continue;
    const kind = partKinds.find(({ record }) => record.kind === row.record_kind);
    if (kind === undefined) continue;
    const part = {
      kind,
      id: row.record_id,
      way: wayBack(row),
      set: row.before ?? nothing,
      expected: { fields: row.after ?? nothing },
      undoes: row.id,
    };
    // The last one first: what gave way to another comes back after it.
    partsOf.set(row.part_of, [part, ...(partsOf.get(row.part_of) ?? [])]);
  }
  return rows
    .filter((row) => row.part_of === null)
    .map((row) => ({
      id: row.record_id,
      way: wayBack(row),
      label: row.record_id,
      expected: { fields: row.after ?? nothing },
      set: row.before ?? nothing,
      undoes: row.id,
      parts: partsOf.get(row.id) ?? [],
    }));
}
