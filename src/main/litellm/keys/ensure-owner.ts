import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { missingEmailDomain } from '../../../shared/missing-email';
import { uuid } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import { ExactNumber } from '../../kernel/exact-json';
import { createTurns } from '../../kernel/turns';
import { say } from '../../kernel/say';
import type { Database } from '../../postgres/database';
import { from, table } from '../../postgres/relations';
import type { LitellmClient, WriteOutcome, WriteRequest } from '../client/client';
import { isNotThere } from '../client/failures';
import { isSoundDuration, remoteDuration } from './remote-key';

/** What is needed to make sure of whom a key belongs to over there. */
export interface OwnerContext {
  readonly client: LitellmClient;
  readonly database: Database;
  readonly proxyId: string;
  readonly signal: AbortSignal;
}

/** Whom a key belongs to, as LiteLLM calls them. */
export interface RemoteOwner {
  readonly userId: string;
  readonly teamId: string | null;
}

/** Why whom a key belongs to is not there: as a write is judged, or `refused` by what was read. */
export type OwnerProblem = {
  readonly kind: Exclude<WriteOutcome['kind'], 'done'>;
  readonly problem: string;
};

const numberOrNull = z.string().nullable();
const userRow = z.strictObject({
  id: uuid,
  remote: z.string(),
  username: z.string(),
  email: z.string(),
  budget: numberOrNull,
  tpm: numberOrNull,
  rpm: numberOrNull,
});
const teamRow = z.strictObject({
  id: uuid,
  remote: z.string(),
  name: z.string(),
  models: z.unknown(),
  budget: numberOrNull,
  duration: z.string().nullable(),
  tpm: numberOrNull,
  rpm: numberOrNull,
  is_active: z.boolean(),
});

const userAnswer = z.looseObject({
  user_info: z.looseObject({ user_id: z.string() }).nullish(),
  keys: z.array(z.unknown()).nullish(),
});
const teamAnswer = z.looseObject({
  team_info: z.looseObject({
    members_with_roles: z.array(z.looseObject({ user_id: z.string().nullish() })).nullish(),
  }),
});

const inTurn = createTurns();

/**
 * Makes sure that LiteLLM has the user, then the team, then the membership: it makes a key for anybody, and checks none
 * of it. What is there is left as it is; each write is read back.
 * @throws AppError as the client's `read` does; nothing was sent then.
 */
export async function ensureOwner(
  context: OwnerContext,
  owner: { readonly userId: string; readonly teamId: string | null },
): Promise<RemoteOwner | OwnerProblem> {
  let wasSent = false;
  const client: LitellmClient = {
    ...context.client,
    write(request) {
      wasSent = true;
      return context.client.write(request);
    },
  };
  try {
    // LiteLLM reads a team's members, adds one and writes them all: of two at once it would forget one. A person comes
    // before the team for everybody, so that no two wait for each other.
    const { userId, teamId } = owner;
    const ensure = () => ensureInOrder({ ...context, client }, owner);
    return await inTurn(`${context.proxyId} user ${userId}`, () =>
      teamId === null ? ensure() : inTurn(`${context.proxyId} team ${teamId}`, ensure),
    );
  } catch (error) {
    if (wasSent && error instanceof AppError) return { kind: 'unknown', problem: error.message };
    throw error;
  }
}

async function ensureInOrder(
  context: OwnerContext,
  owner: { readonly userId: string; readonly teamId: string | null },
): Promise<RemoteOwner | OwnerProblem> {
  const user = await localUser(context, owner.userId);
  if (user === undefined) return refused(say('litellm.push.userGone'));
  const madeUser = await ensureUser(context, user);
  if (madeUser !== null) return madeUser;
  if (owner.teamId === null) return { userId: user.remote, teamId: null };
  const team = await localTeam(context, owner.teamId);
  if (team === undefined) return refused(say('litellm.push.teamGone'));
  const problem =
    (await ensureTeam(context, team)) ?? (await ensureMember(context, team.remote, user.remote));
  return problem ?? { userId: user.remote, teamId: team.remote };
}

export function isOwnerProblem(owner: RemoteOwner | OwnerProblem): owner is OwnerProblem {
  return 'problem' in owner;
}

const refused = (problem: string): OwnerProblem => ({ kind: 'refused', problem });

async function localUser({ database, proxyId, signal }: OwnerContext, id: string) {
  const rows = await database.read(signal, ({ select }) =>
    select(
      userRow,
      sql`
      SELECT u.id, coalesce(
          (SELECT o.remote_id FROM ${from('litellm_objects', 'o')}
           WHERE o.proxy_id = ${proxyId} AND o.kind = 'user' AND o.local_id = u.id::text ORDER BY o.remote_id LIMIT 1),
          CASE WHEN u.oauth_provider = 'litellm' THEN u.oauth_id END, u.id::text) AS remote,
        u.username, u.email, u.max_budget::text AS budget, u.tpm_limit::text AS tpm, u.rpm_limit::text AS rpm
      FROM ${from('users', 'u')} WHERE u.id = ${id}`,
    ),
  );
  return rows[0];
}

async function localTeam({ database, proxyId, signal }: OwnerContext, id: string) {
  const rows = await database.read(signal, ({ select }) =>
    select(
      teamRow,
      sql`
      SELECT t.id, coalesce(t.litellm_team_id,
          (SELECT o.remote_id FROM ${from('litellm_objects', 'o')}
           WHERE o.proxy_id = ${proxyId} AND o.kind = 'team' AND o.local_id = t.id::text ORDER BY o.remote_id LIMIT 1),
          t.id::text) AS remote,
        t.name, t.allowed_models AS models, t.max_budget::text AS budget, t.budget_duration AS duration,
        t.tpm_limit::text AS tpm, t.rpm_limit::text AS rpm, t.is_active
      FROM ${from('teams', 't')} WHERE t.id = ${id}`,
    ),
  );
  return rows[0];
}

/** @returns null where LiteLLM has the user now. */
async function ensureUser(
  context: OwnerContext,
  user: z.infer<typeof userRow>,
): Promise<OwnerProblem | null> {
  if ((await readUser(context, user.remote)) !== null) return null;
  const { email, username, budget, tpm, rpm, remote } = user;
  const isKnown = !email.endsWith(`@${missingEmailDomain}`);
  const outcome = await write(context, '/user/new', {
    user_id: remote,
    user_alias: username,
    ...(isKnown ? { user_email: email } : {}),
    // A key makes nobody an administrator over there, whatever the person is here.
    user_role: 'internal_user',
    // Left out, LiteLLM makes a key that nobody asked for.
    auto_create_key: false,
    ...limitsOf(budget, tpm, rpm),
  });
  const found = await readUser(context, remote);
  if (found === null) return problemOf(outcome);
  if (outcome.kind === 'done' && found.keys > 0) return refused(say('litellm.push.userHasKey', { username }));
  await note(context, 'user', remote, user.id);
  return null;
}

async function ensureTeam(
  context: OwnerContext,
  team: z.infer<typeof teamRow>,
): Promise<OwnerProblem | null> {
  if ((await readMembers(context, team.remote)) !== null) return null;
  const { models, budget, duration, tpm, rpm, remote, name } = team;
  const remoteBudget = remoteDuration(duration);
  if (!Array.isArray(models)) return refused(say('litellm.push.teamModels', { team: name }));
  if (budget !== null && !isSoundDuration(remoteBudget)) {
    return refused(say('litellm.push.duration', { duration: duration ?? '' }));
  }
  const outcome = await write(context, '/team/new', {
    team_id: remote,
    team_alias: name,
    models,
    ...limitsOf(budget, tpm, rpm),
    // Without a budget there is nothing that a duration could reset, and one that older releases misread is not sent.
    ...(remoteBudget === null || !isSoundDuration(remoteBudget) ? {} : { budget_duration: remoteBudget }),
  });
  if ((await readMembers(context, remote)) === null) return problemOf(outcome);
  await note(context, 'team', remote, team.id);
  return null;
}

async function ensureMember(
  context: OwnerContext,
  teamId: string,
  userId: string,
): Promise<OwnerProblem | null> {
  if ((await readMembers(context, teamId))?.has(userId) === true) return null;
  // By id alone: an address finds somebody else on old releases.
  const body = { team_id: teamId, member: { user_id: userId, role: 'user' } };
  const outcome = await write(context, '/team/member_add', body);
  return (await readMembers(context, teamId))?.has(userId) === true ? null : problemOf(outcome);
}

/** How many keys a user has over there; null where LiteLLM does not have the user. */
async function readUser(
  { client, signal }: OwnerContext,
  userId: string,
): Promise<{ readonly keys: number } | null> {
  try {
    const query = { user_id: userId };
    const { value } = await client.read({ path: '/user/info', query, schema: userAnswer, signal });
    // Old releases answer for anybody, with nothing in it.
    return value.user_info === null || value.user_info === undefined
      ? null
      : { keys: value.keys?.length ?? 0 };
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}

async function readMembers(
  { client, signal }: OwnerContext,
  teamId: string,
): Promise<ReadonlySet<string> | null> {
  try {
    const query = { team_id: teamId };
    const { value } = await client.read({ path: '/team/info', query, schema: teamAnswer, signal });
    const members = value.team_info.members_with_roles ?? [];
    return new Set(members.flatMap(({ user_id: id }) => (typeof id === 'string' ? [id] : [])));
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}

function write(
  { client, signal }: OwnerContext,
  path: WriteRequest['path'],
  body: WriteRequest['body'],
): Promise<WriteOutcome> {
  return client.write({ path, body, signal });
}

/** Why an object is not there after a write, which may have said that it is done. */
function problemOf(outcome: WriteOutcome): OwnerProblem {
  if (outcome.kind === 'done') return { kind: 'unknown', problem: say('litellm.push.notThere') };
  return { kind: outcome.kind, problem: outcome.error.message };
}

function limitsOf(budget: string | null, tpm: string | null, rpm: string | null) {
  return {
    ...(budget === null ? {} : { max_budget: new ExactNumber(budget) }),
    ...(tpm === null ? {} : { tpm_limit: new ExactNumber(tpm) }),
    ...(rpm === null ? {} : { rpm_limit: new ExactNumber(rpm) }),
  };
}

/** Remembers whose counterpart was made. The next pull compares them: nothing was agreed on yet. */
async function note(
  { database, proxyId, signal }: OwnerContext,
  kind: 'user' | 'team',
  remoteId: string,
  localId: string,
): Promise<void> {
  await database.write(signal, ({ run }) =>
    run(sql`
    INSERT INTO ${table('litellm_objects')} (proxy_id, kind, remote_id, local_id, state, snapshot)
    VALUES (${proxyId}, ${kind}, ${remoteId}, ${localId}, 'linked', '{"remote": {}, "local": {}}')
    ON CONFLICT (proxy_id, kind, remote_id) DO NOTHING`),
  );
}
