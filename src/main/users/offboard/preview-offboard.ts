import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../../shared/contract/index';
import { type HandedOn, mostLedTeams } from '../../../shared/contract/users';
import { type Reference, uuid } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import { previewChange } from '../../changes/preview';
import { readRecordsNow } from '../../changes/record-table';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { Handler } from '../../router/handlers';
import { effectiveStatus } from '../../subscriptions/subscription-rows';
import { withFindings } from '../../teams/member-findings';
import { teamMembersRecord } from '../../teams/team-members-record';
import { linkedProxy } from '../../workspace/console-settings';
import { readBelongings } from '../merge/belongings';
import { keepSiteRows } from '../merge/site-rows';
import { usersRecord } from '../users-record';
import { readLastAdmins } from './last-admins';
import { listed, offboardFindings } from './offboard-findings';
import { offboardChange, offboardingBy } from './offboard-change';
import { type Handed, type Leaver, planOffboard } from './plan-offboard';

/** So many records change along with the people at a time. */
const mostParts = 10_000;

/** What it would do that people leave: each in a transaction of their own. */
export const previewOffboard: Handler<Contract['users']['previewOffboard']> = (
  { targets: { selected }, handedOn },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const targets = selected.map((target) => ({ ...target, id: target.id.toLowerCase() }));
    const ids = targets.map(({ id }) => id);
    await checkAmount(connection, ids);
    const handed = await readHanded(connection, ids, handedOn);
    const now = await readRecordsNow(connection, usersRecord, ids);
    const leavers: Leaver[] = [];
    for (const { id, version } of targets) {
      const person = now.get(id);
      if (person === undefined) continue;
      const label = String(person.image['username']);
      const own = handed.filter(({ leaver }) => leaver === id);
      leavers.push(planOffboard({ id, label, version }, await readBelongings(connection, id), own));
    }
    const ending = leavers.flatMap(({ memberships }) => memberships.map(({ id }) => id));
    await keepSiteRows(connection, teamMembersRecord, ending, 'look');
    const partsOf = new Map(leavers.map(({ id, parts }) => [id, parts]));
    const wishes = targets.map(({ id, version }) => ({
      ...{ id, way: 'update' as const, label: id, expected: { version } },
      ...{ set: { isActive: false }, undoes: null, parts: partsOf.get(id) ?? [] },
    }));
    const change = offboardingBy(new Map(handedOn.map(({ teamId, to }) => [teamId.toLowerCase(), to])));
    const { update } = offboardChange.actions;
    const preview = await previewChange(connection, workspace, change, update, wishes);
    if (preview.toChange === 0) return preview;
    const isLinked = (await linkedProxy(connection)) !== null;
    return withFindings(preview, await offboardFindings(connection, leavers, isLinked));
  });

/** @throws AppError `validation` where the people have more than is changed at a time. */
async function checkAmount({ select }: Connection, ids: readonly string[]): Promise<void> {
  const people = sql`${sql.param([...ids])}::uuid[]`;
  const [row] = await select(
    z.strictObject({ total: z.int() }),
    sql`
    SELECT (SELECT count(*) FROM ${from('api_keys', 'k')} WHERE k.user_id = ANY(${people}))::int
      + (SELECT count(*) FROM ${from('team_members', 'tm')} WHERE tm.user_id = ANY(${people}))::int
      + (SELECT count(*) FROM ${from('subscriptions', 's')} WHERE s.user_id = ANY(${people})
          AND ${effectiveStatus} IN ('active', 'suspended', 'pending'))::int AS total`,
  );
  if ((row?.total ?? 0) <= mostParts) return;
  throw new AppError('validation', say('changes.users.offboard.tooMuch', { limit: mostParts }), {
    hint: say('changes.users.offboard.tooMuchHint'),
  });
}

const successorRow = z.strictObject({ id: uuid, label: z.string(), isActive: z.boolean() });

/**
 * What was decided of the teams whose last admin leaves; what was decided of others is not needed any more. Where
 * several admins leave together, the team is handed on by the first.
 * @throws AppError `not_found` or `validation` where somebody who was chosen can't become admin.
 */
async function readHanded(
  connection: Connection,
  leavers: readonly string[],
  decided: readonly HandedOn[],
): Promise<(Handed & { readonly leaver: string })[]> {
  const decisions = new Map(
    decided.map(({ teamId, to }) => [teamId.toLowerCase(), to?.toLowerCase() ?? null]),
  );
  const led = await readLastAdmins(connection, leavers, mostLedTeams * leavers.length);
  const handed = led.filter(
    ({ teamId }, place) => decisions.has(teamId) && led.findIndex((each) => each.teamId === teamId) === place,
  );
  const pairs = handed.flatMap(({ teamId }) => {
    const to = decisions.get(teamId) ?? null;
    return to === null ? [] : [{ teamId, to }];
  });
  const people = await readSuccessors(connection, leavers, [...new Set(pairs.map(({ to }) => to))]);
  const members = await readMembers(connection, pairs);
  return handed.map(({ teamId, team, userId }) => {
    const to = decisions.get(teamId) ?? null;
    return {
      leaver: userId,
      team: { id: teamId, label: team },
      to: to === null ? null : (people.get(to) ?? null),
      membership: members.get(`${teamId} ${to ?? ''}`) ?? null,
    };
  });
}

async function readSuccessors(
  { select }: Connection,
  leavers: readonly string[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, Reference>> {
  const rows = await select(
    successorRow,
    sql`SELECT u.id, u.username AS label, u.is_active AS "isActive" FROM ${from('users', 'u')}
        WHERE u.id = ANY(${sql.param([...ids])}::uuid[])`,
  );
  const hint = say('changes.users.offboard.successorHint');
  if (rows.length < ids.length) {
    throw new AppError('not_found', say('changes.users.offboard.successorGone'), { hint });
  }
  const leaving = rows.filter(({ id }) => leavers.includes(id));
  if (leaving.length > 0) {
    throw new AppError(
      'validation',
      say('changes.users.offboard.successorLeaves', { names: listed(leaving) }),
      { hint },
    );
  }
  const off = rows.filter(({ isActive }) => !isActive);
  if (off.length > 0) {
    throw new AppError('validation', say('changes.users.offboard.successorOff', { names: listed(off) }), {
      hint,
    });
  }
  return new Map(rows.map(({ id, label }) => [id, { id, label }]));
}

const memberRow = z.strictObject({ id: uuid, teamId: uuid, userId: uuid });

/** The memberships that people have already in teams, by team and person. */
async function readMembers(
  connection: Connection,
  pairs: readonly { readonly teamId: string; readonly to: string }[],
) {
  const rows = await connection.select(
    memberRow,
    sql`
    SELECT tm.id, tm.team_id AS "teamId", tm.user_id AS "userId"
    FROM unnest(${sql.param(pairs.map(({ teamId }) => teamId))}::uuid[],
      ${sql.param(pairs.map(({ to }) => to))}::uuid[]) AS wanted (team_id, user_id)
    JOIN ${from('team_members', 'tm')} ON tm.team_id = wanted.team_id AND tm.user_id = wanted.user_id`,
  );
  const now = await readRecordsNow(
    connection,
    teamMembersRecord,
    rows.map(({ id }) => id),
  );
  return new Map(rows.map(({ id, teamId, userId }) => [`${teamId} ${userId}`, now.get(id)]));
}
