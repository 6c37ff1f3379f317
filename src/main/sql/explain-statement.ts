import { AppError } from '../../shared/errors';
import type { Contract } from '../../shared/contract/index';
import type { Handler } from '../router/handlers';
import { say } from '../kernel/say';
import { maskPlan } from './mask-plan';
import { planNodes } from './plan-nodes';
import { ask, prepareStatement, throwUnlessConfirmed } from './read-statement';
import { statementTimeoutMs, withReadOnlySession } from './read-only-session';

/** Of a plan, in characters: it has to be carried to the screen and drawn there. */
const mostPlan = 4_194_304;

/**
 * The plan of a statement, as an application gets it. One with parameters (`$1`) is planned for any of their values,
 * which PostgreSQL can from 16 on.
 */
export const explainStatement: Handler<Contract['sql']['plan']> = (
  { analyze, ...asked },
  { signal, workspace: { database } },
) =>
  withReadOnlySession(database, signal, statementTimeoutMs, async (session) => {
    const startedAt = performance.now();
    const ready = await prepareStatement(session, signal, asked);
    throwUnlessConfirmed(ready, asked.confirmed);
    const { typed, readsSecrets } = ready;
    const reads = typed.kind === 'select' || (typed.kind === 'explain' && 'SelectStmt' in typed.query);
    if (typed.kind === 'show' || (analyze && !reads)) {
      throw new AppError('read_only', say('sql.run.notPlanned'), { hint: say('sql.run.notPlannedHint') });
    }
    const isGeneric = typed.parameters > 0 && !analyze;
    const options = [
      'FORMAT JSON',
      ...(analyze ? ['ANALYZE', 'BUFFERS'] : []),
      ...(isGeneric ? ['GENERIC_PLAN'] : []),
    ];
    const sent = {
      sent: typed.kind === 'explain' ? typed.explained : typed,
      prefix: `EXPLAIN (${options.join(', ')}) `,
      readsSecrets,
    };
    const { rows } = await ask(session, signal, asked, sent, isGeneric);
    const [[json = ''] = []] = rows;
    if (json === null || json.length > mostPlan) {
      throw new AppError('validation', say('sql.run.planTooLarge'), {
        hint: say('sql.run.planTooLargeHint'),
      });
    }
    const text = maskPlan(json);
    return { text, nodes: planNodes(text), elapsedMs: performance.now() - startedAt };
  });
