import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../../shared/contract/changes';
import { uuid } from '../../../shared/contract/values';
import { defaultTeamId } from '../../../shared/default-team';
import { AppError } from '../../../shared/errors';
import type { ChangedRecord } from '../../changes/change';
import type { ChangedPart, PartWish, Wish } from '../../changes/judge';
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

/** What taking leavings back does, without keys that stay off, teams that are gone, and what LiteMaaS gave back already. */
export async function withoutWhatIsLost(
  connection: Connection,
  wishes: readonly Wish[],
): Promise<readonly Wish[]> {
  const returning = wishes.filter(({ set }) => set['isActive'] === true);
  const lost = await readLostKeys(
    connection,
    wishes.flatMap(({ undoes }) => undoes ?? []),
    returning.map(({ id }) => id),
  );
  const parts = wishes.flatMap((wish) => wish.parts ?? []);
  const gone = new Set((await readGoneTeams(connection, parts)).map(({ id }) => id));
  const ids = new Set([...lost, ...(await readJoinedAgain(connection, parts))].map(({ id }) => id));
  return wishes.map((wish) => ({
    ...wish,
    parts: wish.parts?.filter(({ id, set }) => !ids.has(id) && !gone.has(String(set['teamId']))) ?? null,
  }));
}

const goneTeam = z.strictObject({ id: z.string() });

/** Teams that memberships would come back to and that are not there any more. */
async function readGoneTeams(
  { select }: Connection,
  parts: readonly Pick<PartWish, 'kind' | 'way' | 'set'>[],
): Promise<z.infer<typeof goneTeam>[]> {
  const ids = parts
    .filter(({ kind, way }) => kind.record.kind === 'team_member' && way === 'create')
    .map(({ set }) => String(set['teamId']));
  if (ids.length === 0) return [];
  return select(
    goneTeam,
    sql`SELECT DISTINCT w.id::text AS id FROM unnest(${sql.param(ids)}::uuid[]) AS w (id)
      WHERE NOT EXISTS (SELECT FROM ${from('teams', 't')} WHERE t.id = w.id)`,
  );
}

/** Memberships of the Default Team that are there again: LiteMaaS makes everybody a member when it starts. */
async function readJoinedAgain(
  { select }: Connection,
  parts: readonly PartWish[],
): Promise<{ readonly id: string }[]> {
  const joining = parts.filter(
    ({ kind, way, set }) =>
      kind.record.kind === 'team_member' && way === 'create' && set['teamId'] === defaultTeamId,
  );
  if (joining.length === 0) return [];
  return select(
    z.strictObject({ id: uuid }),
    sql`
    SELECT w.id FROM unnest(${sql.param(joining.map(({ id }) => id))}::uuid[],
      ${sql.param(joining.map(({ set }) => String(set['userId'])))}::uuid[]) AS w (id, user_id)
    JOIN ${from('team_members', 'tm')} ON tm.team_id = ${defaultTeamId}::uuid AND tm.user_id = w.user_id`,
  );
}

const partOf = z.strictObject({ id: z.string() });

/**
 * Asked under the locks, before anything is written: LiteLLM may have deleted a key, or a team may have gone, since the
 * review.
 * @throws AppError `validation` where something would come back that can't.
 */
export async function keepLostAway(connection: Connection, parts: readonly ChangedPart[]): Promise<void> {
  const keys = parts.filter(({ kind, set }) => kind.record.kind === 'api_key' && set['isActive'] === true);
  const undone = keys.flatMap(({ undoes }) => undoes ?? []);
  const wholes =
    undone.length === 0
      ? []
      : await connection.select(
          partOf,
          sql`SELECT DISTINCT c.part_of::text AS id FROM ${from('changes', 'c')}
      WHERE c.id = ANY(${sql.param(undone)}::bigint[]) AND c.part_of IS NOT NULL`,
        );
  const lost = await readLostKeys(
    connection,
    wholes.map(({ id }) => id),
    keys.map(({ of }) => of),
  );
  const returning = new Set(keys.map(({ id }) => id));
  const away = lost.filter(({ id }) => returning.has(id));
  if (away.length > 0) {
    const text = say('changes.users.offboard.keysStayOff', { count: away.length, names: listed(away) });
    throw new AppError('validation', text);
  }
  const gone = await readGoneTeams(connection, parts);
  if (gone.length > 0)
    throw new AppError('validation', say('changes.users.offboard.teamsGone', { count: gone.length }));
}

/** Says which keys stay off, and which memberships do not come back, where a leaving is taken back. */
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
  const gone = await readGoneOf(
    connection,
    undone.flatMap(({ undoes }) => undoes ?? []),
  );
  const texts = [
    ...(lost.length === 0
      ? []
      : [say('changes.users.offboard.keysStayOff', { count: lost.length, names: listed(lost) })]),
    ...(gone === 0 ? [] : [say('changes.users.offboard.teamsGone', { count: gone })]),
  ];
  return texts.map((text) => ({
    ...{ severity: 'warning', text, count: undone.length, examples: examplesOf(undone) },
  }));
}

/** How many teams that leavings ended a membership of are not there any more. */
async function readGoneOf({ select }: Connection, undone: readonly string[]): Promise<number> {
  if (undone.length === 0) return 0;
  const [row] = await select(
    z.strictObject({ teams: z.int() }),
    sql`SELECT count(DISTINCT c.before ->> 'teamId')::int AS teams FROM ${from('changes', 'c')}
      WHERE c.part_of = ANY(${sql.param([...undone])}::bigint[]) AND c.record_kind = 'team_member' AND c.after IS NULL
        AND NOT EXISTS (SELECT FROM ${from('teams', 't')} WHERE t.id::text = c.before ->> 'teamId')`,
  );
  return row?.teams ?? 0;
}
