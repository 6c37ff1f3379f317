import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../shared/contract/values';
import type { Change, ChangedRecord, Part, PartKind } from '../changes/change';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

/** What keys go with: a person or a team. */
interface Owner {
  readonly kind: 'user' | 'team';
  /** The kind of part by which a key is switched. */
  readonly part: PartKind;
  /** SQL: the owner of the key `k`. */
  readonly id: SQL;
  /** SQL: whether everybody else that the key `k` belongs to is active: it does not come back otherwise. */
  readonly othersAreActive: SQL;
}

const owners = {
  user: {
    id: sql`k.user_id`,
    othersAreActive: sql`NOT EXISTS (SELECT FROM ${from('teams', 't')} WHERE t.id = k.team_id AND NOT t.is_active)`,
  },
  team: {
    id: sql`k.team_id`,
    othersAreActive: sql`NOT EXISTS (SELECT FROM ${from('users', 'u')} WHERE u.id = k.user_id AND NOT u.is_active)`,
  },
} as const;

/**
 * Keys that go with whom they belong to: who is deactivated loses the keys that work now, and who comes back gets
 * exactly those back that the last deactivation took. A team that is deleted takes its keys along like one that is
 * deactivated: LiteLLM deletes them, and without the team they would be allowed more.
 */
export function keysOfOwners(kind: Owner['kind'], part: PartKind): NonNullable<Change['parts']> {
  const owner = { kind, part, ...owners[kind] };
  return async (connection, changed) => {
    const leaving = changed.filter(({ set, way }) => set['isActive'] === false || endsKeys(kind, way));
    const returning = changed.filter(({ set, way }) => way === 'update' && set['isActive'] === true);
    return [
      ...(await workingKeys(connection, owner, idsOf(leaving))).map(switched(owner, false)),
      ...(await takenKeys(connection, owner, idsOf(returning))).map(switched(owner, true)),
    ];
  };
}

/** A person's keys are deleted with the person, a team's only lose the team. */
const endsKeys = (kind: Owner['kind'], way: ChangedRecord['way']): boolean =>
  kind === 'team' && way === 'delete';

const idsOf = (changed: readonly ChangedRecord[]): string[] => changed.map(({ id }) => id);

const keyRow = z.strictObject({ id: uuid, owner: uuid });

function switched({ part }: Owner, isActive: boolean) {
  return (row: z.infer<typeof keyRow>): Part => ({
    of: row.owner,
    way: 'update',
    kind: part,
    id: row.id,
    set: { isActive },
  });
}

async function workingKeys({ select }: Connection, { id }: Owner, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return select(
    keyRow,
    sql`SELECT k.id, ${id} AS owner FROM ${from('api_keys', 'k')}
        WHERE ${id} = ANY(${sql.param([...ids])}::uuid[]) AND k.is_active ORDER BY k.id`,
  );
}

async function takenKeys(
  { select }: Connection,
  { kind, id, othersAreActive }: Owner,
  ids: readonly string[],
) {
  if (ids.length === 0) return [];
  return select(
    keyRow,
    sql`
    SELECT k.id, ${id} AS owner
    FROM unnest(${sql.param([...ids])}::text[]) AS owner (id)
    CROSS JOIN LATERAL (
      SELECT c.id FROM ${from('changes', 'c')}
      WHERE c.record_kind = ${kind} AND c.record_id = owner.id AND c.after -> 'isActive' = 'false'
      ORDER BY c.id DESC LIMIT 1
    ) AS leaving
    JOIN ${from('changes', 'p')} ON p.part_of = leaving.id AND p.record_kind = 'api_key' AND p.before -> 'isActive' = 'true'
    JOIN ${from('api_keys', 'k')} ON k.id = p.record_id::uuid AND ${id} = owner.id::uuid AND NOT k.is_active
    WHERE ${othersAreActive}
    ORDER BY k.id`,
  );
}
