import type { AreaHandlers } from '../router/handlers';
import type { Change, PartKind } from './change';
import { planWith } from './plans';
import { runPlan } from './run';
import { previewUndo } from './undo';

/** @param changes every change of every area: an undo finds the one whose record it takes back. */
export function createChangesHandlers(
  changes: readonly Change[],
  parts: readonly PartKind[],
): AreaHandlers<'changes'> {
  return {
    run: ({ plan, reason }, call) => runPlan(planWith(call.workspace, plan), reason, call),
    previewUndo: previewUndo(changes, [...changes, ...parts]),
  };
}
