import type { Contract } from '../../../shared/contract/index';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';
import type { Handler } from '../../router/handlers';
import { readBudgetLevels } from './budget-levels';

/** The budgets of one key, the strictest of them marked. Throws `not_found`. */
export const apiKeyBudgets: Handler<Contract['apiKeys']['budgets']> = (
  { id },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const levels = (await readBudgetLevels(connection, [id])).get(id);
    if (levels === undefined) {
      throw new AppError('not_found', say('records.gone.apiKey'), {
        hint: say('records.goneHint.apiKey'),
      });
    }
    return { levels: [...levels] };
  });
