import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { maxChangedRecords } from '../../../shared/contract/changes';
import type { DueWork } from '../../../shared/contract/subscriptions';
import { uuid } from '../../../shared/contract/values';
import type { Change } from '../../changes/change';
import type { Wish } from '../../changes/judge';
import { planWith } from '../../changes/plans';
import { previewChange } from '../../changes/preview';
import type { Image } from '../../changes/record-table';
import { runPlan } from '../../changes/run';
import type { SendNews } from '../../changes/send-news';
import { say } from '../../kernel/say';
import { createTurns } from '../../kernel/turns';
import { from } from '../../postgres/relations';
import type { WorkspaceCall } from '../../router/handlers';
import { isDue, isPastItsEnd } from './due';
import { expireChange } from './expire-change';
import { resetChange } from './reset-change';

/**
 * Lets the periods begin whose date has come, and writes down what expired: changes like any other, each with its journal
 * and its undo. Several consoles may be at it, and each finds what the others left.
 * @throws AppError as a change does that nothing of could be done.
 */
export function runDue(call: WorkspaceCall, sendNews: SendNews): Promise<DueWork> {
  return inTurn(call.workspace.id, () => runAllThatIsDue(call, sendNews));
}

/** Two of one console would each find the other's work changed. */
const inTurn = createTurns();

async function runAllThatIsDue(call: WorkspaceCall, sendNews: SendNews): Promise<DueWork> {
  // First what expired: until it is written down another one of the pair can't be opened again.
  const expired = await runAll(call, sendNews, {
    change: expireChange,
    due: isPastItsEnd,
    set: { status: 'expired' },
    reason: say('changes.subscriptions.endHasPassed'),
  });
  const reset = await runAll(call, sendNews, {
    change: resetChange('due'),
    due: isDue,
    set: {},
    reason: say('changes.subscriptions.periodEnded'),
  });
  return { reset: reset.done, expired: expired.done, problems: reset.problems + expired.problems };
}

interface Work {
  readonly change: Change;
  /** SQL: which subscriptions `s` are due. */
  readonly due: SQL;
  readonly set: Image;
  readonly reason: string;
}

interface Done {
  readonly done: number;
  readonly problems: number;
}

/** In batches as large as a person may ask for, until there is none left or nothing could be done. */
async function runAll(call: WorkspaceCall, sendNews: SendNews, work: Work): Promise<Done> {
  let done = 0;
  for (;;) {
    const batch = await runBatch(call, sendNews, work);
    done += batch.done;
    if (batch.done === 0 || batch.found < maxChangedRecords) return { done, problems: batch.problems };
  }
}

async function runBatch(
  call: WorkspaceCall,
  sendNews: SendNews,
  { change, due, set, reason }: Work,
): Promise<Done & { readonly found: number }> {
  const { workspace, signal } = call;
  const preview = await workspace.database.read(signal, async (connection) => {
    const rows = await connection.select(
      z.strictObject({ id: uuid }),
      sql`SELECT s.id FROM ${from('subscriptions', 's')} WHERE ${due} ORDER BY s.id LIMIT ${maxChangedRecords}`,
    );
    if (rows.length === 0) return null;
    const wishes = rows.map(({ id }): Wish => ({
      id,
      way: 'update',
      label: id,
      expected: 'as it is',
      set,
      undoes: null,
      parts: null,
    }));
    return previewChange(connection, workspace, change, change.actions.update, wishes);
  });
  if (preview === null) return { done: 0, problems: 0, found: 0 };
  const result = await runPlan(planWith(workspace, preview.plan), reason, call);
  if (result.waiting > 0) await sendNews(result.batchId, call);
  return { done: result.done, problems: result.problemCount + preview.refused, found: preview.total };
}
