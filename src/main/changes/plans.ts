import { randomUUID } from 'node:crypto';
import type { ChangeGrade } from '../../shared/contract/changes';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import type { OpenWorkspace } from '../workspace/open-workspace';
import type { Change } from './change';
import type { JournalRow } from './journal';
import type { Wish } from './judge';
import type { OwnUndo } from './own-undo';

/** A change that was previewed: what `changes.run` does, and nothing else. */
export interface Plan {
  /** Also the id of the batch it becomes, so that running it again goes on where it stopped. */
  readonly id: string;
  readonly change: Change;
  readonly action: string;
  readonly wishes: readonly Wish[];
  readonly grade: ChangeGrade;
  /** Why none of it may be done: what the rules for all of them together say. */
  readonly refusal: string | null;
}

/** An undo that was previewed, of a change whose machinery is its own. */
export interface OwnPlan {
  readonly id: string;
  readonly undo: OwnUndo;
  /** What is taken back. */
  readonly row: JournalRow;
  readonly refusal: string | null;
}

/** Plans are kept while the database is open, this many of them: a person looks at one at a time. */
const keptPlans = 20;

const plansOf = new WeakMap<OpenWorkspace['database'], Map<string, Plan | OwnPlan>>();

/** Keeps a plan until it is run, and gives it its id. */
export function keepPlan<Kept extends Omit<Plan, 'id'> | Omit<OwnPlan, 'id'>>(
  { database }: OpenWorkspace,
  plan: Kept,
): Kept & { readonly id: string } {
  const plans = plansOf.get(database) ?? new Map<string, Plan | OwnPlan>();
  plansOf.set(database, plans);
  const kept = { ...plan, id: randomUUID() };
  plans.set(kept.id, kept);
  for (const id of [...plans.keys()].slice(0, Math.max(0, plans.size - keptPlans))) plans.delete(id);
  return kept;
}

/** The undo with this id, where it is one of those with their own machinery. */
export function ownPlanWith({ database }: OpenWorkspace, id: string): OwnPlan | null {
  const plan = plansOf.get(database)?.get(id);
  return plan !== undefined && 'undo' in plan ? plan : null;
}

/** @throws AppError `conflict` where the plan is not known any more. */
export function planWith({ database }: OpenWorkspace, id: string): Plan {
  const plan = plansOf.get(database)?.get(id);
  if (plan === undefined || 'undo' in plan) {
    throw new AppError('conflict', say('changes.planGone'), { hint: say('changes.planGoneHint') });
  }
  return plan;
}
