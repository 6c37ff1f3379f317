import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { ChangeFinding, ChangePreview } from '../../shared/contract/changes';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { mostSubscribedModels, mostSubscribers } from '../../shared/contract/subscriptions';
import type { JoinedTeam } from '../../shared/contract/users';
import { uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { missingEmailDomain } from '../../shared/missing-email';
import { unknownSignIn } from '../../shared/unknown-sign-in';
import type { PartKind } from '../changes/change';
import type { PartWish, Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import type { Image } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { defaultTeamId } from '../../shared/default-team';
import { imageOfTerms } from '../subscriptions/new-subscriptions';
import { subscriptionOfNewUser } from '../subscriptions/subscriptions-record';
import { membershipOfUser } from '../teams/team-members-record';
import { usersChange } from './users-change';

const shownFindings = 50;
const shownExamples = 20;
/** So many subscriptions are made with people at a time. */
const mostPairs = mostSubscribers * mostSubscribedModels;

const teamRow = z.strictObject({ id: uuid });

type Input = CheckedInputOf<Contract['users']['previewCreate']>;
type Person = Input['people'][number];
type Subscriptions = Input['subscriptions'];

/**
 * What creating users would do. Each is made with all of the memberships and subscriptions, or not at all.
 * @throws AppError `validation` where those are too many, or a team is gone or named twice.
 */
export const previewCreate: Handler<Contract['users']['previewCreate']> = (
  { people, teams, subscriptions },
  { signal, workspace },
) => {
  const pairs = people.length * (subscriptions?.modelIds.length ?? 0);
  if (pairs > mostPairs) {
    throw new AppError('validation', say('changes.users.tooManySubscriptions', { count: mostPairs }), {
      hint: say('changes.users.tooManySubscriptionsHint'),
    });
  }
  return workspace.database.read(signal, async (connection) => {
    const subscribed = await subscribedOf(connection, subscriptions);
    const joined = people.map((person) => joinedTeams(teams, person.teams));
    const hasDefaultTeam = await checkTeams(connection, joined);
    const wishes = people.map((person, index) => wishOf(person, joined[index] ?? teams, subscribed));
    const preview = await previewChange(
      connection,
      workspace,
      usersChange,
      usersChange.actions.create,
      wishes,
    );
    return withDefaultTeam(preview, hasDefaultTeam);
  });
};

/** What each is subscribed to, but for who it is. */
async function subscribedOf(connection: Connection, subscriptions: Subscriptions): Promise<readonly Image[]> {
  if (subscriptions === null) return [];
  const { modelIds, terms } = subscriptions;
  const image = await imageOfTerms(connection, { ...terms, teamId: null });
  return modelIds.map((modelId) => ({ ...image, modelId }));
}

/** The teams of all, and those of one person, whose own role in a team counts. */
function joinedTeams(all: readonly JoinedTeam[], own: readonly JoinedTeam[]): readonly JoinedTeam[] {
  const named = new Set(own.map(({ id }) => id.toLowerCase()));
  return [...all.filter(({ id }) => !named.has(id.toLowerCase())), ...own];
}

/**
 * Answers whether there is a Default Team.
 * @throws AppError `validation` where one of the teams is gone, or is the one that is joined anyway.
 */
async function checkTeams(
  { select }: Connection,
  joined: readonly (readonly JoinedTeam[])[],
): Promise<boolean> {
  const idsOf = (teams: readonly JoinedTeam[]) => new Set(teams.map(({ id }) => id.toLowerCase()));
  const ids = [...idsOf(joined.flat())];
  if (ids.includes(defaultTeamId) || joined.some((teams) => idsOf(teams).size < teams.length)) {
    throw new AppError('validation', say('changes.users.teamTwice'), {
      hint: say('changes.users.teamTwiceHint'),
    });
  }
  const found = await select(
    teamRow,
    sql`SELECT t.id FROM ${from('teams', 't')} WHERE t.id = ANY(${sql.param([...ids, defaultTeamId])}::uuid[])`,
  );
  const there = new Set(found.map(({ id }) => id));
  if (ids.some((id) => !there.has(id))) {
    throw new AppError('validation', say('changes.users.teamGone'), {
      hint: say('changes.users.teamGoneHint'),
    });
  }
  return there.has(defaultTeamId);
}

function wishOf(person: Person, teams: readonly JoinedTeam[], subscribed: readonly Image[]): Wish {
  const id = randomUUID();
  const { username, email, fullName, roles, maxBudget, tpmLimit, rpmLimit, oauthProvider, oauthId } = person;
  return {
    id,
    way: 'create',
    label: username,
    expected: 'as it is',
    set: {
      username,
      email: email ?? `${id}@${missingEmailDomain}`,
      fullName,
      roles: [...new Set(roles)],
      isActive: true,
      maxBudget,
      tpmLimit,
      rpmLimit,
      oauthProvider,
      oauthId: oauthId ?? unknownSignIn(id),
    },
    undoes: null,
    parts: [
      ...teams.map(({ id: teamId, role }) => made(membershipOfUser, { teamId, userId: id, role })),
      ...subscribed.map((each) => made(subscriptionOfNewUser, { ...each, userId: id })),
    ],
  };
}

const made = (kind: PartKind, set: Image): PartWish => ({
  ...{ kind, id: randomUUID(), way: 'create', set, expected: null, undoes: null },
});

/**
 * A trigger of the table puts everybody into the Default Team, whoever creates them. Where somebody deleted it, LiteMaaS
 * makes it anew when it starts, with everybody in it.
 */
function withDefaultTeam(preview: ChangePreview, hasDefaultTeam: boolean): ChangePreview {
  const { records, toChange: count } = preview;
  if (count === 0) return preview;
  const finding: ChangeFinding = {
    severity: hasDefaultTeam ? 'info' : 'warning',
    text: say(hasDefaultTeam ? 'changes.users.joinsDefaultTeam' : 'changes.users.noDefaultTeam'),
    count,
    examples: records.slice(0, shownExamples).map(({ id, label }) => ({ id, label })),
  };
  return { ...preview, findings: [...preview.findings.slice(0, shownFindings - 1), finding] };
}
