import { sql } from 'drizzle-orm';
import type { ChangeFinding } from '../../../shared/contract/changes';
import { type Reference, reference } from '../../../shared/contract/values';
import { defaultTeamId } from '../../../shared/default-team';
import { grouped } from '../../../shared/grouped';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { Leaver } from './plan-offboard';

const shownNames = 20;
const shownPeople = 20;
const mostOthers = 1_000;

type Said = Pick<ChangeFinding, 'severity' | 'text'>;
const warning = (text: string): Said => ({ severity: 'warning', text });
const info = (text: string): Said => ({ severity: 'info', text });

/** The names of records, each once, the first of many. */
export function listed(named: readonly { readonly label: string }[]): string {
  const names = [...new Set(named.map(({ label }) => label))];
  return [...names.slice(0, shownNames), ...(names.length > shownNames ? ['…'] : [])].join(', ');
}

/** Whom a finding is about. */
export function examplesOf(people: readonly Reference[]): ChangeFinding['examples'] {
  return people.slice(0, shownPeople).map(({ id, label }) => ({ id, label }));
}

/** What there is to say beforehand of people who leave, what asks for care first. */
export async function offboardFindings(
  connection: Connection,
  leavers: readonly Leaver[],
  isLinked: boolean,
): Promise<ChangeFinding[]> {
  const texts = [
    ...(isLinked ? [warning(say('changes.users.offboard.notTold', { names: listed(leavers) }))] : []),
    ...teamTexts(leavers),
    ...keyTexts(leavers),
    ...(await othersTexts(connection, leavers)),
    ...subscriptionTexts(leavers),
    ...(await createdTexts(connection, leavers)),
    info(say('changes.users.offboard.stays')),
  ];
  return texts.map((each) => ({ ...each, count: leavers.length, examples: examplesOf(leavers) }));
}

function teamTexts(leavers: readonly Leaver[]): Said[] {
  const given = grouped(
    leavers.flatMap(({ handedOn }) => handedOn),
    ({ to }) => to?.id ?? null,
  );
  const teams = leavers.flatMap(({ memberships }) =>
    memberships.map(({ teamName, teamId }) => ({ label: teamName, teamId })),
  );
  return [
    ...[...given.values()].map((handed) => {
      const names = { teams: listed(handed.map(({ team }) => team)) };
      const to = handed[0]?.to ?? null;
      return to === null
        ? warning(say('changes.users.offboard.withoutAdmin', names))
        : info(say('changes.users.offboard.becomesAdmin', { ...names, name: to.label }));
    }),
    ...(teams.length === 0
      ? []
      : [info(say('changes.users.offboard.teamsEnd', { count: teams.length, names: listed(teams) }))]),
    ...(teams.some(({ teamId }) => teamId === defaultTeamId)
      ? [info(say('changes.members.defaultTeam'))]
      : []),
  ];
}

function keyTexts(leavers: readonly Leaver[]): Said[] {
  const keys = leavers.flatMap((leaver) => leaver.keys);
  if (keys.length === 0) return [];
  const inTeams = leavers.flatMap(({ keys: own, memberships }) =>
    own.filter(({ teamId }) => memberships.some((each) => each.teamId === teamId)),
  );
  return [
    warning(say('changes.users.offboard.keysEnd', { count: keys.length, names: listed(keys) })),
    ...(inTeams.length === 0 ? [] : [warning(say('changes.members.keysEnd', { names: listed(inTeams) }))]),
  ];
}

/** Keys that others work with, in the teams that are left. */
async function othersTexts({ select }: Connection, leavers: readonly Leaver[]): Promise<Said[]> {
  const teams = leavers.flatMap(({ memberships }) => memberships.map(({ teamId }) => teamId));
  const own = teams.filter((id) => id !== defaultTeamId);
  if (own.length === 0) return [];
  const others = await select(
    reference,
    sql`
    SELECT k.id::text AS id, coalesce(k.name, k.litellm_key_alias, k.key_prefix) AS label
    FROM ${from('api_keys', 'k')}
    WHERE k.team_id = ANY(${sql.param(own)}::uuid[]) AND k.is_active
      AND NOT k.user_id = ANY(${sql.param(leavers.map(({ id }) => id))}::uuid[])
    ORDER BY 2, 1 LIMIT ${mostOthers}`,
  );
  if (others.length === 0) return [];
  return [info(say('changes.users.offboard.othersKeys', { count: others.length, names: listed(others) }))];
}

function subscriptionTexts(leavers: readonly Leaver[]): Said[] {
  const all = leavers.flatMap((leaver) => leaver.subscriptions);
  const named = (pending: boolean) =>
    all
      .filter(({ status }) => (status === 'pending') === pending)
      .map(({ modelName }) => ({ label: modelName }));
  const [used, asked] = [named(false), named(true)];
  return [
    ...(used.length === 0
      ? []
      : [warning(say('changes.users.offboard.subscriptions', { count: used.length, names: listed(used) }))]),
    ...(asked.length === 0
      ? []
      : [info(say('changes.users.offboard.pending', { count: asked.length, names: listed(asked) }))]),
  ];
}

/** Who made a team is its history, and gives no right. */
async function createdTexts({ select }: Connection, leavers: readonly Leaver[]): Promise<Said[]> {
  const made = await select(
    reference,
    sql`
    SELECT t.id::text AS id, t.name AS label FROM ${from('teams', 't')}
    WHERE t.created_by = ANY(${sql.param(leavers.map(({ id }) => id))}::uuid[])
    ORDER BY t.name, t.id LIMIT ${shownNames + 1}`,
  );
  return made.length === 0 ? [] : [info(say('changes.users.offboard.created', { teams: listed(made) }))];
}
