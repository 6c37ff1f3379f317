import { type RelationName, tables } from '../../postgres/relations';
import { say } from '../../kernel/say';
import type { RecordFinding } from '../change';
import { isKept } from './deleted-rows';
import type { Cascade } from './walk';

/**
 * What the foreign keys say of deleting one record.
 * @param own the tables whose rows may go with a record whose making is taken back; NULL where it is deleted for itself,
 *   and everything that belongs to it goes.
 */
export function cascadeFindings(
  { reached, unseen, watched, secrets }: Cascade,
  id: string,
  own: readonly RelationName[] | null,
): RecordFinding[] {
  const error = (text: string): RecordFinding => ({ severity: 'error', text });
  const warning = (text: string): RecordFinding => ({ severity: 'warning', text });
  const its = reached.filter(({ counts }) => counts.has(id));
  const ownNames = new Set<string>((own ?? []).map((relation) => tables[relation]));
  return [
    ...unseen.map((table) => error(say('changes.cascade.unseen', { table }))),
    ...its
      .filter(({ fate }) => fate === 'blocks')
      .map(({ name }) => error(say('changes.cascade.blocked', { table: name }))),
    ...(own === null
      ? []
      : its
          .filter(({ fate, name }) => fate === 'deleted' && !ownNames.has(name))
          .map(({ name }) => error(say('changes.cascade.hasMore', { table: name })))),
    ...its
      .filter((each) => isKept(each) && !each.comesBack)
      .map(({ name }) => warning(say('changes.cascade.noKey', { table: name }))),
    ...its
      .filter((each) => isKept(each) && secrets.has(each.name))
      .map(({ name }) => warning(say('changes.cascade.secrets', { table: name }))),
    ...watched.map((table) => warning(say('changes.cascade.watched', { table }))),
  ];
}
