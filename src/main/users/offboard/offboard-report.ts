import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../../shared/contract/index';
import { type HeardOf, type LeaverReport, mostLeavers } from '../../../shared/contract/users';
import { bigInteger, instant, uuid } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import { grouped } from '../../../shared/grouped';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from, tables } from '../../postgres/relations';
import type { Handler } from '../../router/handlers';
import { linkedProxy } from '../../workspace/console-settings';
import { visibleEmail } from '../email';
import { teamsWithoutAdmin } from './last-admins';
import { offboardChange } from './offboard-change';

const shownLeft = 500;
/** Of all people together. */
const mostParts = 10_000;

const personRow = z.strictObject({
  change: bigInteger,
  id: uuid,
  username: z.string().nullable(),
  email: z.string().nullable(),
  fullName: z.string().nullable(),
  isDeleted: z.boolean(),
  isUndone: z.boolean(),
  at: instant,
  actor: z.string(),
  reason: z.string().nullable(),
  told: z.string(),
});

const partRow = z.strictObject({
  of: bigInteger,
  kind: z.enum(['api_key', 'subscription', 'team_member']),
  id: z.string(),
  /** A key's name, the model, the team. */
  label: z.string().nullable(),
  prefix: z.string().nullable(),
  team: z.string().nullable(),
  teamId: z.string().nullable(),
  /** What the subscription or the role was before; NULL where it was made. */
  before: z.string().nullable(),
  /** Whose membership it is. */
  person: z.string().nullable(),
  isEnded: z.boolean(),
  told: z.string(),
});
type PartRow = z.infer<typeof partRow>;

/**
 * What became of the people who left in a batch, as the journal has it; names also of what was deleted since, where what
 * was deleted may be read.
 * @throws AppError `not_found` where nobody left with it.
 */
export const offboardReport: Handler<Contract['users']['offboardReport']> = (
  { batchId },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const people = await readPeople(connection, batchId);
    const [first] = people;
    if (first === undefined) {
      throw new AppError('not_found', say('changes.users.offboard.reportGone'), {
        hint: say('changes.users.offboard.reportGoneHint'),
      });
    }
    const parts = await readParts(connection, people);
    const ended = parts.filter(isOwnMembership).map(({ teamId }) => teamId);
    const teamIds = [...new Set(ended.filter((id) => id !== null))];
    const withoutAdmin = new Set((await teamsWithoutAdmin(connection, teamIds)).map(({ id }) => id));
    const ofPeople = grouped(parts, ({ of }) => of);
    return {
      at: first.at,
      actor: first.actor,
      reason: first.reason,
      proxy: await linkedProxy(connection),
      people: people.map((person) =>
        reportOf(person, ofPeople.get(person.change) ?? [], parts, withoutAdmin),
      ),
    };
  });

const isOwnMembership = ({ kind, isEnded }: PartRow): boolean => kind === 'team_member' && isEnded;

function reportOf(
  person: z.infer<typeof personRow>,
  own: readonly PartRow[],
  all: readonly PartRow[],
  withoutAdmin: ReadonlySet<string>,
): LeaverReport {
  const { id, username, email, fullName, isDeleted, isUndone, told } = person;
  const keys = own.filter(({ kind }) => kind === 'api_key');
  const subscriptions = own.filter(({ kind }) => kind === 'subscription');
  const teams = own.filter(isOwnMembership);
  const successorOf = (teamId: string | null): string | null =>
    all.find((part) => part.kind === 'team_member' && !part.isEnded && part.teamId === teamId)?.person ??
    null;
  return {
    ...{ id, username: username ?? id, email, fullName, isDeleted, isUndone, told: asHeard(told) },
    keyCount: keys.length,
    keys: keys.slice(0, shownLeft).map((key) => ({
      ...{ id: key.id, label: key.label ?? key.id, prefix: key.prefix, team: key.team },
      told: asHeard(key.told),
    })),
    subscriptionCount: subscriptions.length,
    subscriptions: subscriptions
      .slice(0, shownLeft)
      .map((each) => ({ id: each.id, model: each.label ?? each.id, before: each.before })),
    teamCount: teams.length,
    teams: teams.slice(0, shownLeft).map((each) => ({
      id: each.teamId ?? each.id,
      label: each.label ?? each.teamId ?? each.id,
      role: each.before ?? '',
      to: each.before === 'admin' ? successorOf(each.teamId) : null,
      isWithoutAdmin: each.before === 'admin' && withoutAdmin.has(each.teamId ?? ''),
      told: asHeard(each.told),
    })),
  };
}

/** SQL: what LiteLLM has heard of the record of the journal's row `c`, or of what became of it later. */
const heardOf = (kind: SQL, id: SQL): SQL => sql`coalesce((
  SELECT CASE WHEN bool_or(o.state IN ('refused', 'conflict')) THEN 'refused'
    WHEN bool_or(o.state <> 'done') THEN 'waits' ELSE 'told' END
  FROM ${from('outbox', 'o')}
  WHERE o.record_kind = ${kind} AND o.record_id = ${id} AND o.change_id >= c.id
  HAVING count(*) > 0), 'none')`;

function asHeard(told: string): HeardOf {
  return told === 'told' || told === 'waits' || told === 'refused' ? told : 'none';
}

function readPeople({ select }: Connection, batchId: string) {
  return select(
    personRow,
    sql`
    SELECT c.id::text AS change, c.record_id::uuid AS id, coalesce(u.username, gone.before ->> 'username') AS username,
      coalesce(${visibleEmail(sql`u.email`)}, ${visibleEmail(sql`(gone.before ->> 'email')`)}) AS email,
      coalesce(u.full_name, gone.before ->> 'fullName') AS "fullName", u.id IS NULL AS "isDeleted",
      EXISTS (SELECT FROM ${from('changes', 'undo')} WHERE undo.undoes = c.id) AS "isUndone",
      c.created_at AS at, c.actor, c.reason, ${heardOf(sql`'user'`, sql`c.record_id`)} AS told
    FROM ${from('changes', 'c')} LEFT JOIN ${from('users', 'u')} ON u.id::text = c.record_id
    LEFT JOIN LATERAL (
      SELECT d.before FROM ${from('changes', 'd')}
      WHERE d.record_kind = 'user' AND d.record_id = c.record_id AND d.after IS NULL ORDER BY d.id DESC LIMIT 1
    ) AS gone ON true
    WHERE c.batch_id = ${batchId} AND c.part_of IS NULL AND c.action = ${offboardChange.actions.update}
    ORDER BY c.id LIMIT ${mostLeavers}`,
  );
}

/** SQL: the content of a row of a table that was deleted with the person, where it may be read. */
async function keptRow({ select }: Connection, name: string): Promise<SQL> {
  const [row] = await select(
    z.strictObject({ may: z.boolean() }),
    sql`SELECT has_table_privilege(${tables.deleted_rows}, 'SELECT') AS may`,
  );
  if (row?.may !== true) return sql`SELECT NULL::jsonb AS content`;
  const [schema = '', relation = ''] = name.split('.');
  return sql`
    SELECT d.content FROM ${from('changes', 'going')} JOIN ${from('deleted_rows', 'd')}
      ON d.batch_id = going.batch_id AND d.record_kind = going.record_kind AND d.record_id = going.record_id
    WHERE going.record_kind = 'user' AND going.record_id = person.record_id AND going.after IS NULL
      AND d.schema_name = ${schema} AND d.table_name = ${relation} AND d.content ->> 'id' = c.record_id
    ORDER BY d.id DESC LIMIT 1`;
}

async function readParts(
  connection: Connection,
  people: readonly z.infer<typeof personRow>[],
): Promise<PartRow[]> {
  const keptKey = await keptRow(connection, tables.api_keys);
  const keptSubscription = await keptRow(connection, tables.subscriptions);
  return connection.select(
    partRow,
    sql`
    SELECT c.part_of::text AS of, c.record_kind AS kind, c.record_id AS id, what.label, what.prefix, team.name AS team,
      what.team_id AS "teamId", CASE c.record_kind WHEN 'subscription' THEN c.before ->> 'status' ELSE c.before ->> 'role' END AS before,
      holder.username AS person, c.after IS NULL AS "isEnded", ${heardOf(sql`c.record_kind`, sql`c.record_id`)} AS told
    FROM ${from('changes', 'c')} JOIN ${from('changes', 'person')} ON person.id = c.part_of
    LEFT JOIN ${from('api_keys', 'k')} ON c.record_kind = 'api_key' AND k.id::text = c.record_id
    LEFT JOIN ${from('subscriptions', 's')} ON c.record_kind = 'subscription' AND s.id::text = c.record_id
    LEFT JOIN ${from('team_members', 'tm')} ON c.record_kind = 'team_member' AND tm.id::text = c.record_id
    LEFT JOIN LATERAL (${keptKey}) AS kept_key ON c.record_kind = 'api_key' AND k.id IS NULL
    LEFT JOIN LATERAL (${keptSubscription}) AS kept_subscription ON c.record_kind = 'subscription' AND s.id IS NULL
    LEFT JOIN ${from('models', 'm')} ON m.id = coalesce(s.model_id, kept_subscription.content ->> 'model_id')
    CROSS JOIN LATERAL (
      SELECT
        CASE c.record_kind
          WHEN 'api_key' THEN coalesce(k.name, k.litellm_key_alias, kept_key.content ->> 'name',
            kept_key.content ->> 'litellm_key_alias', k.key_prefix, kept_key.content ->> 'key_prefix')
          WHEN 'subscription' THEN coalesce(m.name, s.model_id, kept_subscription.content ->> 'model_id')
        END AS name,
        coalesce(k.key_prefix, kept_key.content ->> 'key_prefix') AS prefix,
        coalesce(c.before ->> 'teamId', c.after ->> 'teamId', tm.team_id::text) AS team_id,
        coalesce(c.after ->> 'userId', tm.user_id::text) AS user_id
    ) AS known
    LEFT JOIN ${from('teams', 'team')} ON team.id::text = known.team_id
    LEFT JOIN ${from('users', 'holder')} ON c.record_kind = 'team_member' AND holder.id::text = known.user_id
    CROSS JOIN LATERAL (
      SELECT coalesce(known.name, team.name) AS label, known.prefix, known.team_id
    ) AS what
    WHERE c.part_of = ANY(${sql.param(people.map(({ change }) => change))}::bigint[])
      AND c.record_kind IN ('api_key', 'subscription', 'team_member')
    ORDER BY c.id LIMIT ${mostParts}`,
  );
}
