import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { recordedDecimal, uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { namesOfEveryModel } from '../../shared/records/api-keys';
import type { ChangedRecord, RecordFinding } from '../changes/change';
import type { Image } from '../changes/record-table';
import { say } from '../kernel/say';
import { lockUntilCommit } from '../postgres/advisory-locks';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const shownModels = 20;

const teamOfKey = z.strictObject({
  name: z.string(),
  isActive: z.boolean(),
  hasBudget: z.boolean(),
  /** What LiteLLM's list of the team names; an empty one is all. */
  models: z.array(z.string()),
});
type TeamOfKey = z.infer<typeof teamOfKey>;

const placeRow = z.strictObject({
  id: uuid,
  ownerIsActive: z.boolean(),
  /** Whether the owner is a member of the team that the key is to have. */
  isMember: z.boolean(),
  then: teamOfKey.nullable(),
  now: teamOfKey.nullable(),
  spent: recordedDecimal,
  isOverBudget: z.boolean(),
  /** Another key that is not revoked has this alias. */
  aliasTaken: z.boolean(),
});
type Place = z.infer<typeof placeRow>;

const team = (alias: string) => {
  const t = sql.identifier(alias);
  return sql`CASE WHEN ${t}.id IS NOT NULL THEN jsonb_build_object(
    'name', ${t}.name, 'isActive', ${t}.is_active, 'hasBudget', ${t}.max_budget IS NOT NULL,
    'models', CASE WHEN jsonb_typeof(${t}.allowed_models) = 'array'
      THEN coalesce(jsonb_path_query_array(${t}.allowed_models, '$[*] ? (@.type() == "string")'), '[]') ELSE '[]' END) END`;
};

/** Where keys stand after a change: their owners, the teams they leave and come to, what they have spent. */
function readPlaces({ select }: Connection, changed: readonly ChangedRecord[]): Promise<Place[]> {
  const wanted = JSON.stringify(
    changed.map(({ id, after }) => ({
      id,
      team: after['teamId'] ?? null,
      budget: after['maxBudget'] ?? null,
      alias: after['litellmKeyAlias'] ?? null,
    })),
  );
  return select(
    placeRow,
    sql`
    SELECT k.id, u.is_active AS "ownerIsActive",
      EXISTS (SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = w.team AND tm.user_id = k.user_id) AS "isMember",
      ${team('then_team')} AS "then", ${team('now_team')} AS "now",
      trim_scale(k.current_spend)::text AS spent, coalesce(k.current_spend >= w.budget, false) AS "isOverBudget",
      EXISTS (
        SELECT FROM ${from('api_keys', 'other')}
        WHERE lower(other.litellm_key_alias) = lower(w.alias) AND other.litellm_key_alias = w.alias
          AND other.id <> k.id AND other.revoked_at IS NULL) AS "aliasTaken"
    FROM jsonb_to_recordset(${wanted}::jsonb) AS w (id uuid, team uuid, budget numeric, alias text)
    JOIN ${from('api_keys', 'k')} ON k.id = w.id
    JOIN ${from('users', 'u')} ON u.id = k.user_id
    LEFT JOIN ${from('teams', 'then_team')} ON then_team.id = w.team
    LEFT JOIN ${from('teams', 'now_team')} ON now_team.id = k.team_id`,
  );
}

/** What there is to say of keys that their own columns do not say: owner, team, what was spent. */
export async function placeFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ReadonlyMap<string, readonly RecordFinding[]>> {
  const places = new Map((await readPlaces(connection, changed)).map((place) => [place.id, place]));
  const aliases = twice(changed);
  return new Map(
    changed.flatMap((each) => {
      const place = places.get(each.id);
      return place === undefined ? [] : [[each.id, findingsOf(each, place, aliases)] as const];
    }),
  );
}

/** The aliases that a change gives to more than one key. */
function twice(changed: readonly ChangedRecord[]): ReadonlySet<unknown> {
  const given = changed.flatMap(({ set }) =>
    typeof set['litellmKeyAlias'] === 'string' ? [set['litellmKeyAlias']] : [],
  );
  return new Set(given.filter((alias, index) => given.indexOf(alias) !== index));
}

const warning = (text: string): RecordFinding => ({ severity: 'warning', text });
const error = (text: string): RecordFinding => ({ severity: 'error', text });

function findingsOf(
  { before, after, set, undoes }: ChangedRecord,
  place: Place,
  aliases: ReadonlySet<unknown>,
): RecordFinding[] {
  const isSwitchedOn = before['isActive'] === false && after['isActive'] === true;
  const alias = set['litellmKeyAlias'];
  const isAliasTaken = typeof alias === 'string' && (place.aliasTaken || aliases.has(alias));
  return [
    ...(isSwitchedOn && !place.ownerIsActive ? [error(say('changes.keys.ownerInactive'))] : []),
    ...teamFindings({ before, after, set, undoes }, place, isSwitchedOn),
    ...(isAliasTaken ? [error(say('changes.keys.aliasTaken', { value: alias }))] : []),
    ...(typeof set['maxBudget'] === 'string' && place.isOverBudget && place.spent !== '0'
      ? [warning(say('changes.keys.overBudget', { spent: place.spent }))]
      : []),
  ];
}

function teamFindings(
  { before, after, set, undoes }: Pick<ChangedRecord, 'before' | 'after' | 'set' | 'undoes'>,
  { then, now, isMember }: Place,
  isSwitchedOn: boolean,
): RecordFinding[] {
  const isMoved = 'teamId' in set;
  // A list that the same change names is a choice of the person, and an undo gives back what was there; a key that only
  // loses its team is neither.
  const isChosen = 'models' in set || undoes !== null;
  const moved = isMoved ? movedFindings(before, after, { then, now, isMember }, isChosen) : [];
  const refused = isMoved || 'models' in set ? notInTeam(after, then) : [];
  const isOff = then?.isActive === false && (isSwitchedOn || (isMoved && after['isActive'] === true));
  return [
    ...(isOff ? [error(say('changes.keys.teamInactive', { team: then.name }))] : []),
    ...moved,
    ...(refused.length > 0 && then !== null
      ? [
          warning(
            say('changes.keys.notInTeam', {
              team: then.name,
              models: refused.slice(0, shownModels).join(', '),
            }),
          ),
        ]
      : []),
  ];
}

function movedFindings(
  before: Image,
  after: Image,
  { then, now, isMember }: Pick<Place, 'then' | 'now' | 'isMember'>,
  isChosen: boolean,
): RecordFinding[] {
  if (after['teamId'] !== null && then === null) return [error(say('changes.keys.teamGone'))];
  if (then !== null && !isMember) return [error(say('changes.keys.notMember', { team: then.name }))];
  const isWider = isWiderThan(allowedIn(after, then), allowedIn(before, now));
  const losesCeiling = now?.hasBudget === true && then?.hasBudget !== true && after['maxBudget'] === null;
  return [
    ...(isWider ? [isChosen ? warning(say('changes.keys.widened')) : error(say('changes.keys.wider'))] : []),
    ...(losesCeiling ? [warning(say('changes.keys.noCeiling'))] : []),
  ];
}

/** The models of a list; NULL where it means all of them. */
function listed(models: readonly string[], emptyIsAll: boolean): readonly string[] | null {
  if (emptyIsAll && models.length === 0) return null;
  return models.some((name) => namesOfEveryModel.includes(name)) ? null : models;
}

const ofKey = (image: Image): readonly string[] | null => {
  const models = image['models'];
  return listed(Array.isArray(models) ? models : [], false);
};
const ofTeam = (team: TeamOfKey | null): readonly string[] | null =>
  team === null ? null : listed(team.models, true);

/** What a key may use in a team: what both lists allow; NULL is every model. */
function allowedIn(image: Image, team: TeamOfKey | null): readonly string[] | null {
  const [own, theirs] = [ofKey(image), ofTeam(team)];
  if (own === null || theirs === null) return own ?? theirs;
  return own.filter((name) => theirs.includes(name));
}

function isWiderThan(then: readonly string[] | null, now: readonly string[] | null): boolean {
  if (now === null) return false;
  return then === null || then.some((name) => !now.includes(name));
}

/** What a key's list names that its team does not allow. */
function notInTeam(image: Image, team: TeamOfKey | null): readonly string[] {
  const [own, theirs] = [ofKey(image), ofTeam(team)];
  return own === null || theirs === null ? [] : own.filter((name) => !theirs.includes(name));
}

/**
 * Keeps a key out of a team that its owner is just leaving: whoever ends a membership meanwhile waits, or is waited for.
 * @throws AppError `validation` where a key came into a team without its owner.
 */
export async function keepInTeam(connection: Connection, changed: readonly ChangedRecord[]): Promise<void> {
  const moved = changed.filter(({ set }) => typeof set['teamId'] === 'string');
  if (moved.length === 0) return;
  await connection.run(lockUntilCommit('switchKeys'));
  const [alone] = await connection.select(
    z.strictObject({ team: z.string() }),
    sql`
    SELECT t.name AS team FROM ${from('api_keys', 'k')} JOIN ${from('teams', 't')} ON t.id = k.team_id
    WHERE k.id = ANY(${sql.param(moved.map(({ id }) => id))}::uuid[]) AND NOT EXISTS (
      SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = k.team_id AND tm.user_id = k.user_id)
    LIMIT 1`,
  );
  if (alone === undefined) return;
  throw new AppError('validation', say('changes.keys.notMember', { team: alone.team }), {
    hint: say('changes.keys.notMemberHint'),
  });
}
