import type { Contract } from '../../shared/contract/index';
import { maskText } from '../masking/mask-text';
import type { Handler } from '../router/handlers';
import { planNodes } from './plan-nodes';
import { statementTimeoutMs, withReadOnlySession } from './read-only-session';
import { explainingOf, readStatement } from './read-statement';

/**
 * The plan of a statement that reads: as an application gets it that fetches all rows, except that no parallel workers
 * take part (PostgreSQL gives a cursor none).
 */
export const explainStatement: Handler<Contract['sql']['plan']> = (
  { statement, analyze },
  { signal, workspace: { database } },
) =>
  withReadOnlySession(database, signal, statementTimeoutMs, async (session) => {
    const startedAt = performance.now();
    await session.client.query('SET LOCAL cursor_tuple_fraction = 1.0');
    const sent = explainingOf(statement, analyze ? '(ANALYZE, BUFFERS)' : '');
    const { batches } = await readStatement(session, signal, sent);
    const lines: string[] = [];
    for await (const batch of batches) lines.push(...batch.map(([line]) => line ?? ''));
    const { text } = maskText(lines.join('\n'));
    return { text, nodes: planNodes(text), elapsedMs: performance.now() - startedAt };
  });
