import type { AreaHandlers } from '../router/handlers';
import { codeOfStatement } from './code-of-statement';
import { completeName } from './completions';
import { explainStatement } from './explain-statement';
import { exportStatement } from './export-statement';
import type { History } from './history';
import { runStatement } from './run-statement';

export { openHistory, type History } from './history';

interface SqlOptions {
  readonly history: History;
  readonly now?: () => Date;
}

/** Read-only SQL with its history. */
export function createSqlHandlers({ history, now = () => new Date() }: SqlOptions): AreaHandlers<'sql'> {
  return {
    async run(input, call) {
      const ranAt = now().toISOString().replace('Z', '000Z');
      const startedAt = performance.now();
      const remember = (rows: number | null): Promise<void> =>
        history
          .add(call.workspace.id, {
            statement: input.statement,
            ranAt,
            elapsedMs: performance.now() - startedAt,
            rows,
          })
          // A full disk must not hide the answer.
          .catch(() => undefined);
      try {
        const answer = await runStatement(input, call);
        await remember(answer.rows.length);
        return answer;
      } catch (error) {
        await remember(null);
        throw error;
      }
    },
    code: codeOfStatement,
    plan: explainStatement,
    completions: completeName,
    exportCsv: exportStatement,
    history: async (_input, { workspace }) => ({ entries: [...(await history.read(workspace.id))] }),
    clearHistory: async (_input, { workspace }) => {
      await history.clear(workspace.id);
      return {};
    },
  };
}
