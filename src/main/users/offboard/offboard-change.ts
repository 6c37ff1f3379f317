import { sql } from 'drizzle-orm';
import { AppError } from '../../../shared/errors';
import { keyOfOwner } from '../../api-keys/api-keys-record';
import type { Change, ChangedRecord, RecordFinding } from '../../changes/change';
import type { ChangedPart } from '../../changes/judge';
import { grouped } from '../../../shared/grouped';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { subscriptionOfUser } from '../../subscriptions/subscriptions-record';
import { membersChange } from '../../teams/members-change';
import { membershipOfTeam } from '../../teams/team-members-record';
import { doubledSinceFindings, keepNothingBehind } from '../merge/merge-rules';
import { obstaclesOfParts } from '../merge/part-rules';
import { keepSiteRowsOfParts } from '../merge/site-rows';
import { usersChange } from '../users-change';
import { readLastAdmins, teamsWithoutAdmin } from './last-admins';
import { examplesOf, listed } from './offboard-findings';
import { keepLostAway, stayOffFindings, withoutWhatIsLost } from './returning-parts';

const mostTeams = 1_000;

/** Who becomes admin of which team; NULL: it goes on without one. */
export type Decisions = ReadonlyMap<string, string | null>;

/**
 * People who leave: switched off with their keys, their subscriptions and memberships ended, and the teams whose last
 * admin they are handed on. What they have is said as parts: it is what the review showed.
 */
export const offboardChange: Change = offboardingBy(new Map());

/** The same, with what was decided about their teams: in the plan too, so that the run judges as the preview did. */
export function offboardingBy(decisions: Decisions): Change {
  return {
    ...usersChange,
    actions: { ...usersChange.actions, update: 'USER_OFFBOARD' },
    fields: ['isActive'],
    partKinds: [keyOfOwner, subscriptionOfUser, membershipOfTeam],
    // What one person has may be much, and usage waits for the rows of one transaction.
    sliceSize: 1,
    grade: () => 'reaches_people',
    rulesOfEach: (connection, changed) => adminFindings(connection, changed, decisions),
    rulesOfAll: async (connection, changed) => [
      ...((await usersChange.rulesOfAll?.(connection, changed)) ?? []),
      ...(await doubledSinceFindings(connection, changed)),
      ...(await stayOffFindings(connection, changed)),
    ],
    async rulesOfParts(connection, changed, parts) {
      const undone = changed.filter(({ undoes }) => undoes !== null);
      if (undone.length === 0) return [];
      const examples = examplesOf(undone);
      return [
        ...((await usersChange.rulesOfParts?.(connection, changed, parts)) ?? []),
        ...((await membersChange.rulesOfParts?.(connection, changed, parts)) ?? []),
        ...[
          ...(await obstaclesOfParts(connection, parts)),
          ...(await unledAgain(connection, changed, parts)),
        ].map((text) => ({
          ...{ severity: 'error' as const, text, count: undone.length, examples },
        })),
      ];
    },
    async beforeParts(connection, parts) {
      await keepSiteRowsOfParts(connection, parts);
      await keepLostAway(connection, parts);
      const returning = parts.filter(({ undoes }) => undoes !== null);
      const [obstacle] = await obstaclesOfParts(connection, returning);
      if (obstacle !== undefined) throw new AppError('validation', obstacle);
    },
    wayBack: withoutWhatIsLost,
    async hold(connection, changed, parts) {
      await usersChange.hold?.(connection, changed, parts);
      await membersChange.hold?.(connection, changed, parts);
      await keepNothingBehind(connection, changed.filter(isLeaving), {
        keys: sql`k.is_active`,
        text: say('changes.users.offboard.gotMore'),
        hint: say('changes.users.offboard.gotMoreHint'),
      });
      await keepTeamsLed(connection, changed, parts, decisions);
    },
  };
}

/** Whoever was off already does not come back by an undo either: only what was taken does. */
const isLeaving = ({ before, after, undoes }: ChangedRecord): boolean =>
  after['isActive'] === false && (undoes === null || before['isActive'] === true);

async function adminFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
  decisions: Decisions,
): Promise<ReadonlyMap<string, readonly RecordFinding[]>> {
  const leaving = changed.filter(({ undoes }) => undoes === null).map(({ id }) => id);
  const led = await readLastAdmins(connection, leaving, mostTeams);
  const open = led.filter(({ teamId }) => !decisions.has(teamId));
  return new Map(
    [...grouped(open, ({ userId }) => userId)].map(([id, teams]) => {
      const names = listed(teams.map(({ team: label }) => ({ label })));
      const text = say('changes.users.offboard.needsAdmin', { teams: names });
      const hint = say('changes.users.offboard.needsAdminHint');
      return [id, [{ severity: 'error', text: `${text} ${hint}` }]];
    }),
  );
}

/** Leaving anew, after that was taken back: teams that nobody else leads by now, and for which nobody is proposed. */
async function unledAgain(
  connection: Connection,
  changed: readonly ChangedRecord[],
  parts: readonly ChangedPart[],
): Promise<string[]> {
  const again = changed.filter((each) => each.undoes !== null && isLeaving(each)).map(({ id }) => id);
  const led = new Set(
    parts
      .filter(({ kind, after }) => kind.record.kind === 'team_member' && after['role'] === 'admin')
      .map(({ after }) => String(after['teamId'])),
  );
  const unled = (await readLastAdmins(connection, again, mostTeams)).filter(({ teamId }) => !led.has(teamId));
  if (unled.length === 0) return [];
  const teams = listed(unled.map(({ team: label }) => ({ label })));
  return [
    `${say('changes.users.offboard.needsAdmin', { teams })} ${say('changes.users.offboard.needsAdminHint')}`,
  ];
}

/**
 * Who is to become admin may have been switched off meanwhile, and another admin have left.
 * @throws AppError `validation` where a team is left without an admin and nobody decided that.
 */
async function keepTeamsLed(
  connection: Connection,
  changed: readonly ChangedRecord[],
  parts: readonly ChangedPart[],
  decisions: Decisions,
): Promise<void> {
  if (!changed.some(isLeaving)) return;
  const left = parts
    .filter(({ kind, way, before }) => {
      return kind.record.kind === 'team_member' && way === 'delete' && before['role'] === 'admin';
    })
    .map(({ before }) => String(before['teamId']))
    .filter((teamId) => decisions.get(teamId) !== null);
  const teams = await teamsWithoutAdmin(connection, left);
  if (teams.length === 0) return;
  throw new AppError('validation', say('changes.users.offboard.needsAdmin', { teams: listed(teams) }), {
    hint: say('changes.users.offboard.needsAdminHint'),
  });
}
