import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import type { MemberTarget } from '../../shared/contract/teams';
import { uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { keyOfOwner } from '../api-keys/api-keys-record';
import type { PartWish, Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { type Image, nothing, readRecordsNow, type RecordNow } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { findingOf, inactivePeople, namesOf, withFindings } from './member-findings';
import { readMemberKeys } from './member-keys';
import { membersChange } from './members-change';
import { membershipOfTeam, teamMembersRecord } from './team-members-record';

const { actions } = membersChange;

const personRow = z.strictObject({
  id: uuid,
  label: z.string(),
  isActive: z.boolean(),
  isMember: z.boolean(),
});

/** What adding people to a team would do. Who is a member already stays as they are, and is named. */
export const previewAddMembers: Handler<Contract['teams']['previewAddMembers']> = (
  { teamId, members },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const team = await checkTeam(connection, teamId);
    const people = await connection.select(
      personRow,
      sql`
      SELECT u.id, u.username AS label, u.is_active AS "isActive", EXISTS (
        SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = ${teamId} AND tm.user_id = u.id) AS "isMember"
      FROM ${from('users', 'u')} WHERE u.id = ANY(${sql.param(members.map(({ userId }) => userId))}::uuid[])
      ORDER BY u.username`,
    );
    const known = new Map(people.map((person) => [person.id, person]));
    const wishes = members.flatMap(({ userId, role }): Wish[] => {
      const person = known.get(userId.toLowerCase());
      if (person?.isMember === true) return [];
      const set = { teamId, userId: userId.toLowerCase(), role };
      const label = person?.label ?? userId;
      return [{ id: randomUUID(), way: 'create', label, expected: 'as it is', set, undoes: null, parts: [] }];
    });
    const preview = await previewChange(connection, workspace, membersChange, actions.create, wishes);
    return withFindings(preview, [
      ...teamFindings(team),
      ...findingOf(
        'info',
        'changes.members.alreadyThere',
        people.filter(({ isMember }) => isMember),
      ),
      ...findingOf(
        'warning',
        'changes.members.inactive',
        people.filter(({ isActive, isMember }) => !isActive && !isMember),
      ),
    ]);
  });

/** What another role would do to memberships. */
export const previewMemberRoles: Handler<Contract['teams']['previewMemberRoles']> = (
  { members, role },
  { signal, workspace },
) =>
  workspace.database.read(signal, (connection) =>
    previewChange(
      connection,
      workspace,
      membersChange,
      actions.update,
      members.map((member) => ({ ...wishOf(member, 'update', []), set: { role } })),
    ),
  );

/**
 * What ending memberships would do. LiteLLM deletes the keys that a member has in the team: here they are switched off,
 * but for those that are to be kept as personal keys.
 * @throws AppError `validation` where a key would be allowed more without the team.
 */
export const previewRemoveMembers: Handler<Contract['teams']['previewRemoveMembers']> = (
  { members, keepKeys },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const keys = await readMemberKeys(connection, idsOf(members));
    const kept = keys.filter(({ id }) => keepKeys.includes(id));
    const wider = kept.filter(({ mayBeKept }) => !mayBeKept);
    if (wider.length > 0) {
      throw new AppError('validation', say('changes.members.wider', { names: namesOf(wider) }), {
        hint: say('changes.members.widerHint'),
      });
    }
    const ending = keys.filter(({ isActive, id }) => isActive && !keepKeys.includes(id));
    const images = await readRecordsNow(
      connection,
      keyOfOwner.record,
      keys.map(({ id }) => id),
    );
    const parts = (member: string): PartWish[] => [
      ...ending
        .filter((key) => key.member === member)
        .map(({ id }) => keyPart(images, id, { isActive: false })),
      ...kept.filter((key) => key.member === member).map(({ id }) => keyPart(images, id, { teamId: null })),
    ];
    const wishes = members.map((member) => wishOf(member, 'delete', parts(member.id.toLowerCase())));
    const preview = await previewChange(connection, workspace, membersChange, actions.delete, wishes);
    return withFindings(preview, [
      ...findingOf('warning', 'changes.members.keysEnd', ending),
      ...findingOf('info', 'changes.members.keysKept', kept),
      ...findingOf(
        'warning',
        'changes.members.noCeiling',
        kept.filter(({ maxBudget, teamBudget }) => maxBudget === null && teamBudget !== null),
      ),
    ]);
  });

const movingRow = z.strictObject({ id: uuid, isMember: z.boolean() });

/** What moving members to another team would do: they join there, their keys follow, then they leave here. */
export const previewMoveMembers: Handler<Contract['teams']['previewMoveMembers']> = (
  { members, to },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const team = await checkTeam(connection, to);
    const memberships = await readRecordsNow(connection, teamMembersRecord, idsOf(members));
    const there = await connection.select(
      movingRow,
      sql`
      SELECT tm.id, EXISTS (
        SELECT FROM ${from('team_members', 'o')} WHERE o.team_id = ${to} AND o.user_id = tm.user_id) AS "isMember"
      FROM ${from('team_members', 'tm')} WHERE tm.id = ANY(${sql.param(idsOf(members))}::uuid[])`,
    );
    const already = new Set(there.filter(({ isMember }) => isMember).map(({ id }) => id));
    if ([...memberships.values()].some(({ image }) => image['teamId'] === to.toLowerCase())) {
      throw new AppError('validation', say('changes.members.sameTeam'));
    }
    const keys = await readMemberKeys(connection, idsOf(members));
    const images = await readRecordsNow(
      connection,
      keyOfOwner.record,
      keys.map(({ id }) => id),
    );
    const wishes = members.map((member) => {
      const id = member.id.toLowerCase();
      const { userId = '', role = 'member' } = memberships.get(id)?.image ?? nothing;
      const joining: PartWish[] = already.has(id)
        ? []
        : [
            {
              ...{ kind: membershipOfTeam, id: randomUUID(), way: 'create', expected: null, undoes: null },
              set: { teamId: to.toLowerCase(), userId, role },
            },
          ];
      const following = keys
        .filter((key) => key.member === id)
        .map((key) => keyPart(images, key.id, { teamId: to }));
      return wishOf(member, 'delete', [...joining, ...following]);
    });
    const preview = await previewChange(connection, workspace, membersChange, actions.delete, wishes);
    const people = [...memberships.values()].map(({ image }) => String(image['userId']));
    return withFindings(preview, [
      ...teamFindings(team),
      ...findingOf('warning', 'changes.members.inactive', await inactivePeople(connection, people)),
      ...findingOf('info', 'changes.members.keysMove', keys),
    ]);
  });

const idsOf = (members: readonly MemberTarget[]): string[] => members.map(({ id }) => id);

function wishOf({ id, version }: MemberTarget, way: 'update' | 'delete', parts: readonly PartWish[]): Wish {
  return { id, way, label: id, expected: { version }, set: nothing, undoes: null, parts };
}

/** A key that must be as the review showed it. */
function keyPart(images: ReadonlyMap<string, RecordNow>, id: string, set: Image): PartWish {
  const image = images.get(id)?.image;
  const expected = image === undefined ? null : { fields: image };
  return { kind: keyOfOwner, id, way: 'update', set, expected, undoes: null };
}

const teamRow = z.strictObject({ id: uuid, label: z.string(), isActive: z.boolean() });
type Team = z.infer<typeof teamRow>;

/** @throws AppError `not_found` where there is no such team. */
async function checkTeam({ select }: Connection, id: string): Promise<Team> {
  const [team] = await select(
    teamRow,
    sql`SELECT t.id, t.name AS label, t.is_active AS "isActive" FROM ${from('teams', 't')} WHERE t.id = ${id}`,
  );
  if (team === undefined) {
    throw new AppError('not_found', say('records.gone.team'), { hint: say('records.goneHint.team') });
  }
  return team;
}

/** Whoever joins a team that is switched off gets nothing by it. */
const teamFindings = (team: Team): ReturnType<typeof findingOf> =>
  team.isActive ? [] : findingOf('warning', 'changes.members.teamOff', [team]);
