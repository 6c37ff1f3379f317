import { createHash } from 'node:crypto';
import type { ChangePreview, ChangeResult } from '../../shared/contract/changes';
import { AppError } from '../../shared/errors';
import type { ReportProgress } from '../../shared/progress';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import type { WorkspaceCall } from '../router/handlers';
import type { RecordFinding } from './change';
import { alreadyChanged, type JournalRow, readBatch } from './journal';
import { keepPlan, type OwnPlan } from './plans';
import { ownActions, type OwnActionName, recordChange } from './record-change';
import { type Image, nothing } from './record-table';

/** How a change is taken back that the kernel did not make: what there was before is written again. */
export interface OwnUndo {
  /** The change, and what its undo is called; either takes the other back. */
  readonly actions: readonly [change: OwnActionName, undo: OwnActionName];
  /** What is changed, in words. */
  label(): string;
  readNow(connection: Connection): Promise<Image>;
  /** What there is to say about going back. An error keeps it from being done. */
  rules(connection: Connection, wanted: Image): Promise<readonly RecordFinding[]>;
  /** The statements that are run, for whoever wants to read them. */
  statements(wanted: Image): readonly string[];
  /** Keeps others from changing the same until the transaction ends. */
  lock(connection: Connection): Promise<void>;
  /** Writes it, and nothing else. */
  write(connection: Connection, wanted: Image, report: ReportProgress): Promise<void>;
}

/** What taking back a batch would do; NULL where it is none of these changes. */
export function previewOwnUndo(
  undos: readonly OwnUndo[],
  batchId: string,
  { signal, workspace }: Pick<WorkspaceCall, 'signal' | 'workspace'>,
): Promise<ChangePreview | null> {
  return workspace.database.read(signal, async (connection) => {
    const [row] = await readBatch(connection, batchId, null, 1);
    const undo = undos.find(({ actions }) => actions.some((action) => action === row?.action));
    if (row === undefined || undo === undefined) return null;
    if (row.is_undone) {
      throw new AppError('conflict', say('changes.undone'), { hint: say('changes.undoneHint') });
    }
    const wanted = row.before ?? nothing;
    const now = await undo.readNow(connection);
    const isStale = !isSame(now, row.after ?? nothing);
    const findings = isStale ? [] : await undo.rules(connection, wanted);
    const refusal = findings.find(({ severity }) => severity === 'error')?.text ?? null;
    const plan = keepPlan(workspace, { undo, row, refusal });
    return {
      plan: plan.id,
      action: undoAction(undo, row),
      grade: 'reaches_people',
      total: 1,
      toChange: isStale || refusal !== null ? 0 : 1,
      unchanged: 0,
      refused: refusal === null ? 0 : 1,
      gone: 0,
      conflictCount: isStale ? 1 : 0,
      conflicts: isStale ? [conflictOf(undo, row, now)] : [],
      findings: findings.map((finding) => ({ ...finding, count: 1, examples: [] })),
      records: isStale ? [] : [recordOf(undo, row, now)],
      parts: [],
      cascade: [],
      litellm: null,
      statements: isStale ? [] : [...undo.statements(wanted)],
    };
  });
}

/**
 * Takes a change back as it was previewed, with its journal and its line of the audit log in one transaction. Running it
 * again after a lost answer finds what was done.
 * @throws AppError `validation` without a reason, or where a rule speaks against it.
 */
export async function runOwnUndo(
  { id, undo, row, refusal }: OwnPlan,
  reason: string | null,
  { workspace, signal, report }: WorkspaceCall,
): Promise<ChangeResult> {
  if (refusal !== null) throw new AppError('validation', refusal);
  if (reason === null || reason === '') {
    throw new AppError('validation', say('changes.reasonMissing'), {
      hint: say('changes.reasonMissingHint'),
    });
  }
  const wanted = row.before ?? nothing;
  const isDone = await workspace.database.batch(signal, async (connection) => {
    await undo.lock(connection);
    const action = undoAction(undo, row);
    const { kind } = ownActions[action];
    if ((await alreadyChanged(connection, id, kind, [row.record_id])).size > 0) return true;
    const now = await undo.readNow(connection);
    if (!isSame(now, row.after ?? nothing)) return false;
    const refused = (await undo.rules(connection, wanted)).find(({ severity }) => severity === 'error');
    if (refused) throw new AppError('validation', refused.text);
    await undo.write(connection, wanted, report);
    await recordChange(connection, workspace, {
      action,
      id: row.record_id,
      before: now,
      after: wanted,
      of: { batchId: id, undoes: row.id, reason },
    });
    return true;
  });
  workspace.dataChanged();
  const problem = {
    id: row.record_id,
    label: undo.label(),
    outcome: 'changed_since' as const,
    text: say('changes.changedSince'),
  };
  const problems = isDone ? [] : [problem];
  return {
    batchId: id,
    done: isDone ? 1 : 0,
    unchanged: 0,
    problems,
    problemCount: problems.length,
    waiting: 0,
  };
}

/** As the journal calls the undo of a row: an undo is taken back by the change itself. */
function undoAction({ actions: [change, undo] }: OwnUndo, { action }: JournalRow): OwnActionName {
  return action === undo ? change : undo;
}

function isSame(one: Image, other: Image): boolean {
  return textOf(one) === textOf(other);
}

function textOf(image: Image): string {
  return JSON.stringify(Object.entries(image).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function recordOf(undo: OwnUndo, row: JournalRow, now: Image): ChangePreview['records'][number] {
  const fields = Object.entries(row.before ?? nothing).map(([field, after]) => ({
    field,
    before: now[field] ?? null,
    after,
  }));
  return { id: row.record_id, label: undo.label(), way: 'update', fields, parts: [] };
}

function conflictOf(undo: OwnUndo, row: JournalRow, now: Image): ChangePreview['conflicts'][number] {
  return {
    id: row.record_id,
    label: undo.label(),
    now,
    wanted: row.before ?? nothing,
    expected: row.after ?? nothing,
    version: createHash('sha256').update(textOf(now)).digest('hex').slice(0, 32),
    changedBy: null,
    changedAt: null,
  };
}
