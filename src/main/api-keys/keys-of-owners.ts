import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../shared/contract/values';
import type { Change, ChangedRecord, Part, PartKind } from '../changes/change';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { isReturning, type OwnerKind, ownerOf, readTakenKeys } from './taken-keys';

/**
 * Keys that go with whom they belong to: who is deactivated loses the keys that work now. They come back with whoever
 * is the last of person and team to return, if nothing but a deactivation took them. A team that is deleted takes its
 * keys along like one that is deactivated: LiteLLM deletes them, and without the team they would be allowed more.
 * @param part the kind of part by which a key is switched.
 */
export function keysOfOwners(kind: OwnerKind, part: PartKind): NonNullable<Change['parts']> {
  const switched =
    (isActive: boolean) =>
    ({ id, owner }: z.infer<typeof keyRow>): Part => ({
      of: owner,
      way: 'update',
      kind: part,
      id,
      set: { isActive },
    });
  return async (connection, changed) => {
    const leaving = changed.filter(({ set, way }) => set['isActive'] === false || endsKeys(kind, way));
    const taken = await readTakenKeys(connection, kind, idsOf(changed.filter(isReturning)));
    return [
      ...(await workingKeys(connection, kind, idsOf(leaving))).map(switched(false)),
      ...taken.filter(({ comesBack }) => comesBack).map(switched(true)),
    ];
  };
}

/** A person's keys are deleted with the person, a team's only lose the team. */
const endsKeys = (kind: OwnerKind, way: ChangedRecord['way']): boolean => kind === 'team' && way === 'delete';

const idsOf = (changed: readonly ChangedRecord[]): string[] => changed.map(({ id }) => id);

const keyRow = z.strictObject({ id: uuid, owner: uuid });

async function workingKeys({ select }: Connection, kind: OwnerKind, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const owner = ownerOf(kind);
  return select(
    keyRow,
    sql`SELECT k.id, ${owner} AS owner FROM ${from('api_keys', 'k')}
        WHERE ${owner} = ANY(${sql.param([...ids])}::uuid[]) AND k.is_active ORDER BY k.id`,
  );
}
