import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { type ChangeResult, interruptibleKind, type UnfinishedChange } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import { instant, reference, uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { eitherSignal } from '../kernel/either-signal';
import { say } from '../kernel/say';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import type { Change, DeletionRules, MovedAmounts } from './change';
import { isMoving, moverOf, readAmounts, readAsideOf } from './moved-aside';
import { nothing } from './record-table';
import { runPlan } from './run';
import { changeOf } from './undo';

const shownBatches = 20;
const shownRecords = 20;
/** For counting how far they all are: whoever looks waits for it. */
const countingMs = 5_000;

const unfinishedRow = z.strictObject({
  kind: interruptibleKind,
  ids: z.array(z.string()),
  batchId: uuid,
  way: z.enum(['delete', 'restore']),
  records: z.array(reference),
  through: z.int(),
  reason: z.string().nullable(),
  actor: z.string(),
  begunAt: instant,
  isRunning: z.boolean(),
});

/** Deletions and their undoing that were begun and are not through: interrupted, or at work right now. */
export function listUnfinished(changes: readonly Change[]): Handler<Contract['changes']['unfinished']> {
  return async (_input, { signal, workspace }) => {
    const rows = await workspace.database.read(signal, ({ select }) =>
      select(
        unfinishedRow,
        sql`
        SELECT a.record_kind AS kind, array_agg(a.record_id) AS ids, a.batch_id AS "batchId", min(a.way) AS way,
          (array_agg(jsonb_build_object('id', a.record_id, 'label', a.label) ORDER BY a.label, a.record_id))[:${shownRecords}] AS records,
          (SELECT count(*)::int FROM ${from('changes', 'c')} WHERE c.batch_id = a.batch_id AND c.record_kind = a.record_kind
            AND c.part_of IS NULL AND NOT c.record_id = ANY(array_agg(a.record_id))) AS through,
          min(a.reason) AS reason, min(a.actor) AS actor, min(a.created_at) AS "begunAt", ${isMoving(sql`a.batch_id`)} AS "isRunning"
        FROM ${from('moved_aside', 'a')}
        GROUP BY a.record_kind, a.batch_id ORDER BY min(a.created_at), a.batch_id LIMIT ${shownBatches}`,
      ),
    );
    const countable = new AbortController();
    const outOfTime = setTimeout(() => countable.abort(), countingMs);
    const counting = eitherSignal(signal, countable.signal);
    /** A transaction each: counting that takes too long ends it. What is over then was cut off, or is not begun. */
    const amountsOf = async (rules: DeletionRules, ids: readonly string[]): Promise<MovedAmounts | null> => {
      if (countable.signal.aborted) return null;
      return readAmounts(workspace, rules, ids, counting.signal).catch((error: unknown) => {
        if (countable.signal.aborted && !signal.aborted) return null;
        throw error;
      });
    };
    const items: UnfinishedChange[] = [];
    try {
      for (const { ids, ...row } of rows) {
        const deletion = changes.find(({ record }) => record.kind === row.kind)?.deletion;
        const amounts = deletion === undefined ? null : await amountsOf(deletion, ids);
        items.push({
          ...row,
          total: ids.length,
          moved: amounts?.[row.way === 'delete' ? 'aside' : 'left'] ?? null,
          toMove: amounts === null ? null : amounts.aside + amounts.left,
        });
      }
    } finally {
      clearTimeout(outOfTime);
      counting.stop();
    }
    return { items };
  };
}

/**
 * Goes on with what was begun and not finished, under the batch it was begun as and for the reason given then; or puts
 * back what a deletion had moved aside. Either may be repeated.
 */
export function finishUnfinished(changes: readonly Change[]): Handler<Contract['changes']['finish']> {
  return async ({ batchId, how }, call): Promise<ChangeResult> => {
    const rows = await call.workspace.database.read(call.signal, (connection) =>
      readAsideOf(connection, batchId),
    );
    const [first] = rows;
    const change = first && changeOf(changes, first);
    if (first === undefined || change === undefined) {
      throw new AppError('conflict', say('changes.nothingUnfinished'), {
        hint: say('changes.nothingUnfinishedHint'),
      });
    }
    const { action, reason } = first;
    const wishes = rows.map(({ record_id: id, label, version }) => ({
      ...{ id, label, way: 'delete' as const, set: nothing, undoes: null, parts: null },
      expected: version === null ? ('as it is' as const) : { version },
    }));
    const plan = { id: batchId, change, action, wishes, grade: 'destroys' as const, refusal: null };
    if (first.way === 'delete' && how === 'go_on') return runPlan(plan, reason, call);
    const mover = moverOf({ plan, reason }, call);
    try {
      await mover.back(call.signal);
    } finally {
      await mover.release();
      call.workspace.dataChanged();
    }
    return { batchId, done: 0, unchanged: rows.length, problems: [], problemCount: 0, waiting: 0 };
  };
}
