import type { ChangedRecord, RecordFinding } from '../../changes/change';
import type { Connection } from '../../postgres/database';
import { rulesOfEach } from '../subscription-rules';

/** What is opened by taking something back must still be allowed to be. */
export async function refusedReturns(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ReadonlyMap<string, readonly RecordFinding[]>> {
  const found = await rulesOfEach(
    connection,
    changed.filter(({ undoes }) => undoes !== null),
  );
  return new Map(
    [...found].map(([id, findings]) => [id, findings.filter(({ severity }) => severity === 'error')]),
  );
}
