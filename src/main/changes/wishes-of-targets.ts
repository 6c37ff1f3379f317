import { type ChangeTargets, maxChangedRecords } from '../../shared/contract/changes';
import type { ListedRecords } from '../../shared/records/definition';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { readAllIds } from '../records/list-query';
import { type ListInputOf, listSource, type RecordList } from '../records/record-list';
import type { Wish } from './judge';

/**
 * The same wish for several records: those that were selected, as they were seen, or all that a filter finds.
 * @throws AppError `validation` where the filter finds more than can be changed at once.
 */
export async function wishesOfTargets<Listed extends ListedRecords>(
  connection: Connection,
  list: RecordList<Listed, unknown>,
  targets: ChangeTargets<ListInputOf<Listed>>,
  what: Pick<Wish, 'way' | 'set'>,
  signal: AbortSignal,
): Promise<Wish[]> {
  const wish = { ...what, undoes: null, parts: null };
  if ('selected' in targets) {
    return targets.selected.map(({ id, version }) => ({ ...wish, id, label: id, expected: { version } }));
  }
  const found: Wish[] = [];
  const source = await listSource(connection, list, targets.filter);
  for await (const ids of readAllIds(connection, source, signal)) {
    found.push(...ids.map((id): Wish => ({ ...wish, id, label: id, expected: 'as it is' })));
    if (found.length > maxChangedRecords) {
      throw new AppError('validation', say('changes.tooMany', { limit: maxChangedRecords }), {
        hint: say('changes.tooManyHint'),
      });
    }
  }
  return found;
}
