import type { AreaHandlers } from '../router/handlers';
import type { Change } from './change';
import { type OwnUndo, previewOwnUndo, runOwnUndo } from './own-undo';
import { ownPlanWith, planWith } from './plans';
import { runPlan } from './run';
import { previewUndo } from './undo';
import { finishUnfinished, listUnfinished } from './unfinished';

/**
 * @param changes every change of every area: an undo finds the one whose record it takes back.
 * @param ownUndos how changes are taken back whose machinery is their own.
 */
export function createChangesHandlers(
  changes: readonly Change[],
  ownUndos: readonly OwnUndo[],
): AreaHandlers<'changes'> {
  const ofRecords = previewUndo(changes);
  return {
    run({ plan, reason }, call) {
      const own = ownPlanWith(call.workspace, plan);
      if (own !== null) return runOwnUndo(own, reason, call);
      return runPlan(planWith(call.workspace, plan), reason, call);
    },
    previewUndo: async (input, call) =>
      (await previewOwnUndo(ownUndos, input.batchId, call)) ?? ofRecords(input, call),
    unfinished: listUnfinished(changes),
    finish: finishUnfinished(changes),
  };
}
