import type { Contract } from '../../shared/contract/index';
import { exportedText, toCell, wholeLength } from '../browse/shown-cell';
import { throwIfCancelled } from '../kernel/cancelled';
import { csvFile } from '../export/csv-file';
import { csvTypeOf } from '../export/csv-type';
import type { Handler } from '../router/handlers';
import { readStatement } from './read-statement';
import { type ReadOnlySession, statementTimeoutMs, withReadOnlySession } from './read-only-session';

/** All rows of a statement; values up to a mebibyte, longer ones marked; secrets masked. */
export const exportStatement: Handler<Contract['sql']['exportCsv']> = async (
  asked,
  { signal, workspace: { database } },
) => {
  // Begun once before a file is made, without reading rows: a wrong statement is said instead of an empty file.
  const columns = await withReadOnlySession(
    database,
    signal,
    statementTimeoutMs,
    async (session) => (await readStatement(session, signal, asked, 0)).columns,
  );
  return csvFile<readonly (string | null)[], ReadOnlySession>({
    name: 'query',
    columns: columns.map(({ name, category }, index) => ({
      heading: name,
      type: csvTypeOf(category),
      value: (row) => row[index] ?? null,
    })),
    database: { read: (exportSignal, work) => withReadOnlySession(database, exportSignal, 0, work) },
    async *rows(session, exportSignal) {
      const read = await readStatement(session, exportSignal, asked);
      for await (const batch of read.batches) {
        throwIfCancelled(exportSignal);
        yield batch.map((row) =>
          read.columns.map(({ secret }, index) =>
            exportedText(toCell({ secret, baseTypeOid: 0 }, row[index] ?? null, null, wholeLength)),
          ),
        );
      }
    },
  });
};
