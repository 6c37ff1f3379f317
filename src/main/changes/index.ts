import type { ChangeResult } from '../../shared/contract/changes';
import type { AreaHandlers, WorkspaceCall } from '../router/handlers';
import type { Change } from './change';
import { type OwnUndo, previewOwnUndo, runOwnUndo } from './own-undo';
import { ownPlanWith, planWith } from './plans';
import { runPlan } from './run';
import type { SendNews } from './send-news';
import { previewUndo } from './undo';
import { finishUnfinished, listUnfinished } from './unfinished';

/**
 * @param changes every change of every area: an undo finds the one whose record it takes back.
 * @param ownUndos how changes are taken back whose machinery is their own.
 * @param sendNews tells LiteLLM what a change left waiting, before whoever made it is answered.
 */
export function createChangesHandlers(
  changes: readonly Change[],
  ownUndos: readonly OwnUndo[],
  sendNews: SendNews,
): AreaHandlers<'changes'> {
  const ofRecords = previewUndo(changes);
  const finish = finishUnfinished(changes);
  const told = async (result: ChangeResult, call: WorkspaceCall): Promise<ChangeResult> => {
    if (result.waiting === 0) return result;
    const sent = await sendNews(result.batchId, call);
    return { ...result, waiting: Math.max(0, result.waiting - sent) };
  };
  return {
    async run({ plan, reason }, call) {
      const own = ownPlanWith(call.workspace, plan);
      if (own !== null) return runOwnUndo(own, reason, call);
      return told(await runPlan(planWith(call.workspace, plan), reason, call), call);
    },
    previewUndo: async (input, call) =>
      (await previewOwnUndo(ownUndos, input.batchId, call)) ?? ofRecords(input, call),
    unfinished: listUnfinished(changes),
    finish: async (input, call) => told(await finish(input, call), call),
  };
}
