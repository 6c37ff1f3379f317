import { AppError } from '../../../shared/errors';
import { followCascade } from '../../changes/cascade/walk';
import { byKind, type ChangedPart } from '../../changes/judge';
import type { RecordTable } from '../../changes/record-table';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { tables } from '../../postgres/relations';

const ownTables = new Set<string>(Object.values(tables));

/**
 * What ends as a part of a change ends alone: rows of a site's own tables that refer to it would go along or lose it, and nothing
 * keeps them for an undo.
 * @param lock `lock` in the transaction that deletes the records.
 * @throws AppError `validation` where there are such rows, or tables that can't be looked into; `conflict` where another
 *   transaction holds one.
 */
export async function keepSiteRows(
  connection: Connection,
  record: RecordTable,
  ids: readonly string[],
  lock: 'lock' | 'look',
): Promise<void> {
  if (ids.length === 0) return;
  const { reached, unseen } = await followCascade(connection, record, ids, lock);
  const names = new Set(
    [...reached.map(({ name }) => name), ...unseen].filter((name) => !ownTables.has(name)),
  );
  if (names.size === 0) return;
  throw new AppError('validation', say('changes.users.merge.referred', { tables: [...names].join(', ') }), {
    hint: say('changes.users.merge.referredHint'),
  });
}

/** The same in the transaction that ends records as parts of a change. */
export async function keepSiteRowsOfParts(
  connection: Connection,
  parts: readonly ChangedPart[],
): Promise<void> {
  for (const [{ record }, ending] of byKind(parts.filter(({ way }) => way === 'delete'))) {
    await keepSiteRows(
      connection,
      record,
      ending.map(({ id }) => id),
      'lock',
    );
  }
}
