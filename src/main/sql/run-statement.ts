import type { CheckedInputOf, Contract, ResultOf } from '../../shared/contract/index';
import { toCell } from '../browse/shown-cell';
import type { WorkspaceCall } from '../router/handlers';
import { readStatement } from './read-statement';
import { statementTimeoutMs, withReadOnlySession } from './read-only-session';

/** Of one value; an export has the whole. */
const shownLength = 10_000;
/** Of one answer: it has to be carried to the screen and drawn there. */
const mostBytes = 8_388_608;

type RunInput = CheckedInputOf<Contract['sql']['run']>;
type Run = ResultOf<Contract['sql']['run']>;

/** Runs one statement that reads and answers its first rows. */
export function runStatement(
  { maxRows, ...asked }: RunInput,
  { signal, workspace: { database } }: WorkspaceCall,
): Promise<Run> {
  return withReadOnlySession(database, signal, statementTimeoutMs, async (session) => {
    const startedAt = performance.now();
    const { columns, batches, readsSecrets } = await readStatement(session, signal, asked, maxRows + 1);
    const rows: Run['rows'] = [];
    let bytes = 0;
    let capped = false;
    reading: for await (const batch of batches) {
      for (const row of batch) {
        capped = rows.length === maxRows || bytes > mostBytes;
        if (capped) break reading;
        const cells = columns.map((column, index) =>
          toCell({ secret: column.secret, baseTypeOid: 0 }, row[index] ?? null, null, shownLength),
        );
        for (const { text } of cells) bytes += text?.length ?? 0;
        rows.push(cells);
      }
    }
    return {
      columns: columns.map(({ name, type, numeric }) => ({ name, type, numeric })),
      rows,
      capped,
      elapsedMs: performance.now() - startedAt,
      notices: readsSecrets
        ? session.notices.map((notice) => `${notice.slice(0, notice.indexOf(':'))}: …`)
        : [...session.notices],
    };
  });
}
