import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../shared/contract/values';
import { keyOfOwner } from '../api-keys/api-keys-record';
import type { ChangedRecord, Part } from '../changes/change';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const keyRow = z.strictObject({ id: uuid, user_id: uuid });

/**
 * Keys that go with their owners: whoever is deactivated loses the keys that work now, and whoever comes back gets
 * exactly those back that the last deactivation took.
 */
export async function keysOfOwners(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<readonly Part[]> {
  const leaving = changed.filter(({ set }) => set['isActive'] === false).map(({ id }) => id);
  const returning = changed.filter(({ set }) => set['isActive'] === true).map(({ id }) => id);
  const switched =
    (isActive: boolean) =>
    (row: z.infer<typeof keyRow>): Part => ({
      of: row.user_id,
      way: 'update',
      kind: keyOfOwner,
      id: row.id,
      set: { isActive },
    });
  return [
    ...(await workingKeys(connection, leaving)).map(switched(false)),
    ...(await takenKeys(connection, returning)).map(switched(true)),
  ];
}

async function workingKeys({ select }: Connection, users: readonly string[]) {
  if (users.length === 0) return [];
  return select(
    keyRow,
    sql`SELECT k.id, k.user_id FROM ${from('api_keys', 'k')}
        WHERE k.user_id = ANY(${sql.param([...users])}::uuid[]) AND k.is_active ORDER BY k.id`,
  );
}

async function takenKeys({ select }: Connection, users: readonly string[]) {
  if (users.length === 0) return [];
  return select(
    keyRow,
    sql`
    SELECT k.id, k.user_id
    FROM unnest(${sql.param([...users])}::text[]) AS owner (id)
    CROSS JOIN LATERAL (
      SELECT c.id FROM ${from('changes', 'c')}
      WHERE c.record_kind = 'user' AND c.record_id = owner.id AND c.after -> 'isActive' = 'false'
      ORDER BY c.id DESC LIMIT 1
    ) AS leaving
    JOIN ${from('changes', 'p')} ON p.part_of = leaving.id AND p.record_kind = 'api_key' AND p.before -> 'isActive' = 'true'
    JOIN ${from('api_keys', 'k')} ON k.id = p.record_id::uuid AND k.user_id = owner.id::uuid AND NOT k.is_active
    ORDER BY k.id`,
  );
}
