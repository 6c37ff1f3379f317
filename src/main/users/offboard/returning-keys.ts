import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../../shared/contract/changes';
import { uuid } from '../../../shared/contract/values';
import type { ChangedRecord } from '../../changes/change';
import type { Wish } from '../../changes/judge';
import { deletedField } from '../../changes/outbox';
import { examplesOf, listed } from './offboard-findings';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';

const lostKey = z.strictObject({ id: uuid, label: z.string() });

/**
 * Keys that a leaving took and that its undo does not switch on: LiteLLM has deleted them, by itself or with the
 * membership, or the person or the team is off.
 * @param undone the journal's rows of the leavings.
 * @param returning the people who are switched on again.
 */
function readLostKeys(
  { select }: Connection,
  undone: readonly string[],
  returning: readonly string[],
): Promise<z.infer<typeof lostKey>[]> {
  if (undone.length === 0) return Promise.resolve([]);
  return select(
    lostKey,
    sql`
    SELECT k.id, coalesce(k.name, k.litellm_key_alias, k.key_prefix) AS label
    FROM ${from('changes', 'p')} JOIN ${from('api_keys', 'k')} ON k.id::text = p.record_id
    JOIN ${from('users', 'u')} ON u.id = k.user_id
    LEFT JOIN ${from('teams', 't')} ON t.id = k.team_id
    WHERE p.part_of = ANY(${sql.param([...undone])}::bigint[]) AND p.record_kind = 'api_key'
      AND p.before -> 'isActive' = 'true' AND NOT k.is_active
      AND (NOT (u.is_active OR u.id = ANY(${sql.param([...returning])}::uuid[])) OR t.is_active IS FALSE
        OR EXISTS (
          SELECT FROM ${from('litellm_objects', 'o')}
          WHERE o.kind = 'key' AND o.local_id = k.id::text AND o.state = 'missing')
        OR EXISTS (
          SELECT FROM ${from('changes', 'm')} JOIN ${from('outbox', 'told')} ON told.change_id = m.id
          WHERE m.part_of = p.part_of AND m.record_kind = 'team_member' AND m.after IS NULL
            AND m.before ->> 'teamId' = k.team_id::text AND m.before ->> 'userId' = k.user_id::text
            AND told.state = 'done' AND ${deletedField} = ANY(told.fields)))
    ORDER BY k.id`,
  );
}

/** What taking leavings back does, without the keys that stay off. */
export async function withoutLostKeys(
  connection: Connection,
  wishes: readonly Wish[],
): Promise<readonly Wish[]> {
  const returning = wishes.filter(({ set }) => set['isActive'] === true);
  const lost = await readLostKeys(
    connection,
    wishes.flatMap(({ undoes }) => undoes ?? []),
    returning.map(({ id }) => id),
  );
  const ids = new Set(lost.map(({ id }) => id));
  return wishes.map((wish) => ({ ...wish, parts: wish.parts?.filter(({ id }) => !ids.has(id)) ?? null }));
}

/** Says which keys stay off where a leaving is taken back. */
export async function stayOffFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const undone = changed.filter(({ undoes }) => undoes !== null);
  const lost = await readLostKeys(
    connection,
    undone.flatMap(({ undoes }) => undoes ?? []),
    undone.filter(({ after }) => after['isActive'] === true).map(({ id }) => id),
  );
  if (lost.length === 0) return [];
  const text = say('changes.users.offboard.keysStayOff', { count: lost.length, names: listed(lost) });
  return [{ severity: 'warning', text, count: undone.length, examples: examplesOf(undone) }];
}
