import { setTimeout as pause } from 'node:timers/promises';
import type { ChangeResult } from '../../shared/contract/changes';
import { AppError } from '../../shared/errors';
import { throwIfCancelled } from '../kernel/cancelled';
import { say } from '../kernel/say';
import type { WorkspaceCall } from '../router/handlers';
import type { OpenWorkspace } from '../workspace/open-workspace';
import type { Wish } from './judge';
import { moverOf } from './moved-aside';
import type { Plan } from './plans';
import { type Batch, changeSlice, type Outcome, type SliceResult } from './slice';
import { writeAgain } from './write-again';

const shownProblems = 200;
/** How long a run asks again for records that another transaction holds, after all others are done; first after a tenth. */
const heldPatienceMs = 5_000;
const heldRestMs = { first: 100, longest: 1_000 };

/**
 * Does what a plan says, in slices that are a transaction each: data, journal, audit trail and outbox together. A slice
 * that fails is halved until the records it fails on stand alone; records that another transaction holds are left for
 * the end. Running a plan again goes on: what its batch holds already is done.
 * @throws AppError `validation` where the plan may not be run at all, and whatever keeps every record from being
 *   changed: a lost connection, a missing right, a table that is locked as a whole.
 */
export async function runPlan(plan: Plan, reason: string | null, call: WorkspaceCall): Promise<ChangeResult> {
  checkMayRun(plan, reason);
  if (running.has(plan)) {
    throw new AppError('busy', say('changes.running'), { hint: say('changes.runningHint') });
  }
  running.add(plan);
  try {
    return await runSlices(plan, reason, call);
  } finally {
    running.delete(plan);
  }
}

/** Two runs of one plan would each find the other's work. */
const running = new WeakSet<Plan>();

async function runSlices(plan: Plan, reason: string | null, call: WorkspaceCall): Promise<ChangeResult> {
  const { workspace, signal, report } = call;
  const batch = { plan, reason };
  const mover = moverOf(batch, call);
  const { wishes } = plan;
  const sliceSize = sliceSizeOf(plan);
  const title = say('changes.title', { count: wishes.length });
  const outcomes: Outcome[] = [];
  const counts = { done: 0, unchanged: 0, waiting: 0, problems: 0 };
  const count = (outcome: Outcome): void => {
    if (outcome.outcome === 'done') counts.done += 1;
    else if (outcome.outcome === 'unchanged') counts.unchanged += 1;
    else {
      counts.problems += 1;
      if (outcomes.length < shownProblems) outcomes.push(outcome);
    }
  };
  /** Answers which of them another transaction held. */
  const changeAll = async (all: readonly Wish[]): Promise<Wish[]> => {
    const held: Wish[] = [];
    for (let from = 0; from < all.length; from += sliceSize) {
      report({ title, done: wishes.length - all.length + from - held.length, total: wishes.length });
      const slice = all.slice(from, from + sliceSize);
      const refused = await mover.aside(slice).then(() => null, busyOnly);
      if (refused !== null) {
        // What became of earlier slices is worth knowing; where nothing did, the whole run has failed.
        if (counts.done + counts.unchanged + counts.problems + held.length === 0) throw refused;
        slice.forEach(({ id, label }) => count({ id, label, outcome: 'failed', text: refused.message }));
        continue;
      }
      for (const result of await changeOrHalve(batch, slice, workspace, signal)) {
        counts.waiting += result.waiting;
        result.outcomes.forEach(count);
        held.push(...result.held);
      }
    }
    return held;
  };
  const changeWhatIsFree = async (): Promise<Wish[]> => {
    let held = await changeAll(wishes);
    const until = performance.now() + heldPatienceMs;
    for (let rest = heldRestMs.first; held.length > 0 && performance.now() < until; rest *= 2) {
      await pause(Math.min(rest, heldRestMs.longest), undefined, { signal });
      held = await changeAll(held);
    }
    return held;
  };
  const changeAllThatMayBe = async (): Promise<Wish[]> => {
    try {
      const held = await changeWhatIsFree().catch(async (error: unknown) => {
        // Stopped or failed in between: whoever stays has the usage in the log again, if the database still answers.
        await mover.back(workspace.database.closing).catch(() => undefined);
        throw error;
      });
      // The records first: bringing back what was moved aside may take a while, or be stopped.
      workspace.dataChanged();
      // Where another console moves: the records are through, and the rest is remembered and offered on the overview.
      await mover.back(signal).catch(busyOnly);
      return held;
    } finally {
      await mover.release();
      // Also where it failed: whoever looks at what is under way learns that this is not any more.
      workspace.dataChanged();
    }
  };
  const held = await changeAllThatMayBe();
  for (const { id, label } of held) count({ id, label, outcome: 'failed', text: say('changes.held') });
  return {
    batchId: plan.id,
    done: counts.done,
    unchanged: counts.unchanged,
    problems: outcomes,
    problemCount: counts.problems,
    waiting: counts.waiting,
  };
}

/** @throws whatever it is, unless another console is at it. */
function busyOnly(error: unknown): AppError {
  if (error instanceof AppError && error.code === 'busy') return error;
  throw error;
}

function sliceSizeOf({ change, wishes }: Plan): number {
  const deletes = wishes.some(({ way }) => way === 'delete');
  return deletes && change.deletion ? change.deletion.sliceSize : change.sliceSize;
}

function checkMayRun({ refusal, grade }: Plan, reason: string | null): void {
  if (refusal !== null) throw new AppError('validation', refusal);
  if (grade !== 'reversible' && (reason === null || reason === '')) {
    throw new AppError('validation', say('changes.reasonMissing'), {
      hint: say('changes.reasonMissingHint'),
    });
  }
}

async function changeOrHalve(
  batch: Batch,
  wishes: readonly Wish[],
  workspace: OpenWorkspace,
  signal: AbortSignal,
): Promise<SliceResult[]> {
  throwIfCancelled(signal);
  try {
    return [await changeAgain(batch, wishes, workspace, signal)];
  } catch (error) {
    if (!(error instanceof AppError) || !concernsRecords(error)) throw error;
    const [first] = wishes;
    if (wishes.length === 1 && first) {
      const outcome = error.code === 'validation' ? 'refused' : 'failed';
      const { id, label } = first;
      return [{ outcomes: [{ id, label, outcome, text: error.message }], waiting: 0, held: [] }];
    }
    const middle = Math.ceil(wishes.length / 2);
    return [
      ...(await changeOrHalve(batch, wishes.slice(0, middle), workspace, signal)),
      ...(await changeOrHalve(batch, wishes.slice(middle), workspace, signal)),
    ];
  }
}

/** Whether an error may be one record's alone. All others would meet each of them. */
function concernsRecords({ code, details }: AppError): boolean {
  // Class 42: a name that is not there, a statement that cannot be.
  if (details?.['sqlState']?.startsWith('42')) return false;
  return ['db_constraint', 'validation', 'db_server', 'db_timeout', 'conflict'].includes(code);
}

/** One slice; again where it met another transaction, or where the answer to its COMMIT may have been lost. */
function changeAgain(
  batch: Batch,
  wishes: readonly Wish[],
  workspace: OpenWorkspace,
  signal: AbortSignal,
): Promise<SliceResult> {
  return writeAgain(signal, () =>
    workspace.database.write(signal, (connection) => changeSlice(connection, workspace, batch, wishes)),
  );
}
