import type { Contract } from '../../shared/contract/index';
import type { Handler } from '../router/handlers';
import { prepareStatement } from './read-statement';
import { statementTimeoutMs, withReadOnlySession } from './read-only-session';

/** The database's own code that a statement would run, read without running it. */
export const codeOfStatement: Handler<Contract['sql']['code']> = (
  asked,
  { signal, workspace: { database } },
) =>
  withReadOnlySession(database, signal, statementTimeoutMs, async (session) => {
    const { code } = await prepareStatement(session, signal, asked);
    return { code: [...code] };
  });
