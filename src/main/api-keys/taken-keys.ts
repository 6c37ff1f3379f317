import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import type { ChangedRecord } from '../changes/change';
import type { ChangedPart } from '../changes/judge';
import { say } from '../kernel/say';
import { lockUntilCommit } from '../postgres/advisory-locks';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const shownKeys = 20;

/** Whom keys go with: a person or a team. */
export type OwnerKind = 'user' | 'team';

const owners: Readonly<Record<OwnerKind, { readonly id: SQL; readonly otherIsActive: SQL }>> = {
  user: {
    id: sql`k.user_id`,
    otherIsActive: sql`NOT EXISTS (SELECT FROM ${from('teams', 't')} WHERE t.id = k.team_id AND NOT t.is_active)`,
  },
  team: {
    id: sql`k.team_id`,
    otherIsActive: sql`NOT EXISTS (SELECT FROM ${from('users', 'u')} WHERE u.id = k.user_id AND NOT u.is_active)`,
  },
};

/** SQL: the owner of the key `k`. */
export const ownerOf = (kind: OwnerKind): SQL => owners[kind].id;

/** SQL: how the key `k` was switched last by a console. */
const lastSwitch = sql`
  SELECT c.id, c.part_of, c.after -> 'isActive' AS "isActive" FROM ${from('changes', 'c')}
  WHERE c.record_kind = 'api_key' AND c.record_id = k.id::text AND c.after ? 'isActive'
  ORDER BY c.id DESC LIMIT 1`;

/** SQL: the team that the key `k` had when a console wrote it last; NULL where that is not known. */
const lastTeam = sql`(
  SELECT c.after -> 'teamId' FROM ${from('changes', 'c')}
  WHERE c.record_kind = 'api_key' AND c.record_id = k.id::text AND c.after ? 'teamId'
  ORDER BY c.id DESC LIMIT 1)`;

/** SQL: when a membership of a person in a team ended last through a console, if nobody took that back. */
const endedMemberships = sql`
  SELECT c.before ->> 'teamId' AS team_id, c.before ->> 'userId' AS user_id, max(c.id) AS id
  FROM ${from('changes', 'c')}
  WHERE c.record_kind = 'team_member' AND c.after IS NULL
    AND NOT EXISTS (SELECT FROM ${from('changes', 'undo')} WHERE undo.undoes = c.id)
  GROUP BY 1, 2`;

/** SQL: joins `ended` where LiteLLM deleted the key `k` while it was off, with the membership that it belonged to. */
const withEnded = sql`LEFT JOIN ended
  ON ended.team_id = k.team_id::text AND ended.user_id = k.user_id::text AND ended.id > switched.id`;

const takenRow = z.strictObject({ id: uuid, owner: uuid, label: z.string(), comesBack: z.boolean() });
export type TakenKey = z.infer<typeof takenRow>;

/**
 * Keys that a deactivation switched off and nobody has switched since, and whether they may come back with their owner:
 * everybody else they belong to must be active, the team must be the one they had, and the membership must not have
 * ended meanwhile.
 * @param ids the owners.
 */
export async function readTakenKeys(
  { select }: Connection,
  kind: OwnerKind,
  ids: readonly string[],
): Promise<TakenKey[]> {
  if (ids.length === 0) return [];
  const { id, otherIsActive } = owners[kind];
  return select(
    takenRow,
    sql`
    WITH ended AS MATERIALIZED (${endedMemberships})
    SELECT k.id, ${id} AS owner, coalesce(k.name, k.key_prefix, k.id::text) AS label,
      ended.id IS NULL AND ${otherIsActive}
        AND coalesce(${lastTeam} = coalesce(to_jsonb(k.team_id), 'null'), false) AS "comesBack"
    FROM ${from('api_keys', 'k')}
    CROSS JOIN LATERAL (${lastSwitch}) AS switched
    JOIN ${from('changes', 'taken')} ON taken.id = switched.part_of
      AND taken.record_kind IN ('user', 'team') AND taken.after -> 'isActive' = 'false'
    ${withEnded}
    WHERE ${id} = ANY(${sql.param([...ids])}::uuid[]) AND NOT k.is_active AND switched."isActive" = 'false'
    ORDER BY k.id`,
  );
}

/** Says how many keys do not come back with their owners. */
export async function staysOffFindings(
  connection: Connection,
  kind: OwnerKind,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const returning = changed.filter(({ undoes }) => undoes === null).filter(isReturning);
  const keys = await readTakenKeys(
    connection,
    kind,
    returning.map(({ id }) => id),
  );
  const staying = keys.filter(({ comesBack }) => !comesBack);
  if (staying.length === 0) return [];
  const examples = staying.slice(0, shownKeys).map(({ id, label }) => ({ id, label }));
  return [
    {
      severity: 'warning',
      text: say('changes.keys.stayOff', { count: staying.length }),
      count: staying.length,
      examples,
    },
  ];
}

/** Whether somebody or a team is switched on again. */
export const isReturning = ({ set, way }: ChangedRecord): boolean =>
  way === 'update' && set['isActive'] === true;

/** Keeps an undo from switching keys on in a team that their owner has left since. */
export async function lostKeyFindings(
  connection: Connection,
  parts: readonly ChangedPart[],
): Promise<ChangeFinding[]> {
  const lost = await lostKeys(connection, parts);
  if (lost.length === 0) return [];
  return [
    {
      severity: 'error',
      text: say('changes.members.hasKeys', { names: lost.map(({ label }) => label).join(', ') }),
      count: lost.length,
      examples: lost,
    },
  ];
}

/**
 * The same in the transaction that switches keys on: whoever ends a membership meanwhile waits, or is waited for.
 * @throws AppError `validation` where a key's owner has left the team.
 */
export async function keepLostKeysOff(connection: Connection, parts: readonly ChangedPart[]): Promise<void> {
  if (!parts.some(isSwitchedOn)) return;
  await connection.run(lockUntilCommit('switchKeys'));
  const [lost] = await lostKeys(connection, parts);
  if (lost === undefined) return;
  throw new AppError('validation', say('changes.members.hasKeys', { names: lost.label }), {
    hint: say('changes.members.hasKeysHint'),
  });
}

const isSwitchedOn = ({ kind, before, after }: ChangedPart): boolean =>
  kind.record.kind === 'api_key' && before['isActive'] === false && after['isActive'] === true;

async function lostKeys({ select }: Connection, parts: readonly ChangedPart[]) {
  const ids = parts.filter(isSwitchedOn).map(({ id }) => id);
  if (ids.length === 0) return [];
  return select(
    z.strictObject({ id: uuid, label: z.string() }),
    sql`
    WITH ended AS MATERIALIZED (${endedMemberships})
    SELECT k.id, coalesce(k.name, k.key_prefix, k.id::text) AS label
    FROM ${from('api_keys', 'k')}
    CROSS JOIN LATERAL (${lastSwitch}) AS switched
    ${withEnded}
    WHERE k.id = ANY(${sql.param(ids)}::uuid[]) AND ended.id IS NOT NULL
    ORDER BY k.id LIMIT ${shownKeys}`,
  );
}
