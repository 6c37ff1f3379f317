import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { grouped } from '../../shared/grouped';
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

/**
 * Keeps an undo from switching keys on in a team that their owner has left since, or while somebody or a team that they
 * belong to is off.
 * @param changed the people or teams that change, as they are to be; records of other kinds say nothing of it.
 */
export async function lostKeyFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
  parts: readonly ChangedPart[],
): Promise<ChangeFinding[]> {
  const lost = await lostKeys(connection, changed, parts);
  return [...grouped(lost, ({ why }) => why)].map(([why, keys]) => ({
    severity: 'error',
    text: lostText(why, keys),
    count: keys.length,
    examples: keys.map(({ id, label }) => ({ id, label })),
  }));
}

/**
 * The same in the transaction that switches keys on: whoever ends a membership meanwhile waits, or is waited for.
 * @throws AppError `validation` where a key's owner has left the team, or one that it belongs to is off.
 */
export async function keepLostKeysOff(
  connection: Connection,
  changed: readonly ChangedRecord[],
  parts: readonly ChangedPart[],
): Promise<void> {
  if (!parts.some(isSwitchedOn)) return;
  await connection.run(lockUntilCommit('switchKeys'));
  const [lost] = await lostKeys(connection, changed, parts);
  if (lost === undefined) return;
  throw new AppError('validation', lostText(lost.why, [lost]), {
    hint: say('changes.members.hasKeysHint'),
  });
}

const lostRow = z.strictObject({ id: uuid, label: z.string(), why: z.enum(['left', 'off']) });
type LostKey = z.infer<typeof lostRow>;

/** Says why keys may not be switched on. */
function lostText(why: LostKey['why'], keys: readonly LostKey[]): string {
  const names = keys.map(({ label }) => label).join(', ');
  return why === 'left'
    ? say('changes.members.hasKeys', { names })
    : say('changes.keys.ownerOff', { count: keys.length, names });
}

const isSwitchedOn = ({ kind, before, after }: ChangedPart): boolean =>
  kind.record.kind === 'api_key' && before['isActive'] === false && after['isActive'] === true;

async function lostKeys(
  { select }: Connection,
  changed: readonly ChangedRecord[],
  parts: readonly ChangedPart[],
) {
  const ids = parts.filter(isSwitchedOn).map(({ id }) => id);
  if (ids.length === 0) return [];
  const returning = sql.param(changed.filter(isReturning).map(({ id }) => id));
  const isOff = (owner: 'u' | 't'): SQL =>
    sql`NOT ${sql.identifier(owner)}.is_active AND NOT ${sql.identifier(owner)}.id::text = ANY(${returning}::text[])`;
  // Who comes back into the team with the key has not left it.
  const joining = parts.filter(({ kind, way }) => kind.record.kind === 'team_member' && way !== 'delete');
  const joined = (field: string) => sql.param(joining.map(({ after }) => after[field] ?? null));
  const hasLeft = sql`ended.id IS NOT NULL AND NOT EXISTS (
    SELECT FROM unnest(${joined('teamId')}::uuid[], ${joined('userId')}::uuid[]) AS back (team_id, user_id)
    WHERE back.team_id = k.team_id AND back.user_id = k.user_id)`;
  return select(
    lostRow,
    sql`
    WITH ended AS MATERIALIZED (${endedMemberships})
    SELECT k.id, coalesce(k.name, k.key_prefix, k.id::text) AS label,
      CASE WHEN ${hasLeft} THEN 'left' ELSE 'off' END AS why
    FROM ${from('api_keys', 'k')}
    LEFT JOIN LATERAL (${lastSwitch}) AS switched ON true
    LEFT JOIN ${from('users', 'u')} ON u.id = k.user_id
    LEFT JOIN ${from('teams', 't')} ON t.id = k.team_id
    ${withEnded}
    WHERE k.id = ANY(${sql.param(ids)}::uuid[]) AND (${hasLeft} OR ${isOff('u')} OR ${isOff('t')})
    ORDER BY k.id LIMIT ${shownKeys}`,
  );
}
