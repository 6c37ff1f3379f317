import { createHash } from 'node:crypto';
import { keyRow } from '../rows';
import type { KeyRow, TeamRow, UserRow } from '../state';
import { people } from './people';
import type { Random } from './random';
import { teamIds } from './teams';

const dayMs = 86_400_000;

/** The plaintext of a demo key, from its name alone: made up, so it may be known. */
export function demoSecret(name: string): string {
  return `sk-demo-${createHash('sha256').update(`litemaas demo ${name}`).digest('base64url').slice(0, 22)}`;
}

/** Plaintext keys that the simulator accepts, one per kind of caller. */
export const demoCredentials = {
  administrator: demoSecret('administrator'),
  viewer: demoSecret('viewer'),
  member: demoSecret('member'),
  blocked: demoSecret('blocked'),
  expired: demoSecret('expired'),
} as const;

const largestBigint = 9_223_372_036_854_775_807n;

interface Moments {
  readonly now: Date;
  readonly timestamp: (at: Date) => string;
}

function special(name: string, values: Partial<KeyRow>, alias: string | null = name): KeyRow {
  return keyRow(demoSecret(name), { key_alias: alias, ...values });
}

/** Keys that a sync trips over; each name says what is odd about it. */
function hardKeys({ now, timestamp }: Moments, users: readonly UserRow[]): KeyRow[] {
  const [member] = users.filter((user) => user.teams.length > 0 && user.user_email?.startsWith('ben.'));
  const memberTeam = member?.teams[0] ?? teamIds.platform;
  const owner = { user_id: member?.user_id ?? people.robot, team_id: memberTeam };
  const inDays = (days: number): string => timestamp(new Date(now.getTime() + days * dayMs));
  return [
    special('administrator', { user_id: people.administrator }),
    special('viewer', { user_id: people.viewer }),
    special('member', { ...owner, models: ['all-team-models'] }),
    special('blocked', { ...owner, blocked: true }),
    special('expired', { ...owner, expires: inDays(-3), models: ['gpt-5-mini'] }),
    special('expires-soon', { ...owner, expires: inDays(5).replace('Z', '') }),
    special('service-without-user', { team_id: teamIds.platform, models: ['text-embedding-3-small'] }),
    special('pipeline-without-owner', { models: ['codestral', 'gpt-5-mini'] }),
    special('owner-was-deleted', { user_id: people.deleted, team_id: teamIds.research }),
    special('provider-wildcard', { user_id: people.robot, models: ['openai/*'] }),
    special('access-group', { user_id: people.withoutEmail, models: ['prod'] }),
    special('every-model', { user_id: people.robot, models: ['all-proxy-models'] }),
    special('nothing-outside-teams', { ...owner, models: ['no-default-models'] }),
    special('names-retired-model', { ...owner, models: ['gpt-5', 'gpt-3.5-turbo-retired'] }),
    special('monthly-verbatim', { ...owner, max_budget: 20, budget_duration: 'monthly' }),
    special('yearly-verbatim', { ...owner, max_budget: 0, budget_duration: 'yearly' }),
    special('limit-past-int32', {
      user_id: people.robot,
      tpm_limit: 5_000_000_000,
      rpm_limit: largestBigint,
    }),
    special('no-alias', { ...owner, metadata: { tags: ['batch'], owner_note: 'no alias on purpose' } }, null),
    special('research-own-model', {
      team_id: teamIds.research,
      models: ['deepseek-research', 'granite-internal'],
    }),
  ];
}

/** A session of LiteLLM's own dashboard: in the table, left out of every list. */
function dashboardSession(): KeyRow {
  return special('dashboard-session', { user_id: people.administrator, team_id: 'litellm-dashboard' }, null);
}

const modelChoices: readonly (readonly string[])[] = [
  [],
  [],
  ['all-team-models'],
  ['gpt-4.1'],
  ['gpt-5', 'gpt-5-mini'],
  ['claude-sonnet-4-5', 'claude-haiku-4-5'],
  ['codestral', 'claude-sonnet-4-5', 'gpt-5'],
  ['gemini-2.5-pro', 'gemini-2.5-flash'],
  ['gpt-5-mini', 'text-embedding-3-small', 'llama-3.3-70b'],
  ['mistral-large', 'granite-internal', 'meta-llama-3.3-70b'],
];

const purposes = ['laptop', 'notebook', 'agent', 'ci', 'chatbot', 'editor', 'batch', 'sandbox'] as const;

function ordinaryKey(place: number, random: Random, owner: UserRow, createdAt: string): KeyRow {
  const purpose = random.pick(purposes);
  const inTeam = random.chance(0.75);
  const login = (owner.user_email ?? owner.user_id).split(/[@.]/)[0]?.toLowerCase() ?? owner.user_id;
  return keyRow(demoSecret(`ordinary ${place}`), {
    key_alias: `${login}-${purpose}-${place}`,
    user_id: owner.user_id,
    team_id: inTeam ? (owner.teams[0] ?? null) : null,
    models: [...random.pick(modelChoices)],
    max_budget: random.pick([null, null, 10, 25, 100]),
    budget_duration: random.pick([null, '1mo', '30d', '7d']),
    tpm_limit: random.pick([null, null, 10_000, 50_000]),
    rpm_limit: random.pick([null, null, 30, 60]),
    created_by: owner.user_id,
    updated_by: owner.user_id,
    created_at: createdAt,
    updated_at: createdAt,
  });
}

/** 80 listed keys and one dashboard session that lists hide. Only hashes: the plaintext is nowhere in the state. */
export function demoKeys(
  random: Random,
  moments: Moments & { createdAt: () => Date },
  users: readonly UserRow[],
  teams: readonly TeamRow[],
): KeyRow[] {
  const blockedTeams = new Set(teams.filter((team) => team.blocked).map((team) => team.team_id));
  const owners = users.filter(
    (user) =>
      user.user_id !== people.masterKeyUser && user.teams.every((teamId) => !blockedTeams.has(teamId)),
  );
  const keys = hardKeys(moments, users);
  for (let place = keys.length; place < 80; place += 1) {
    const owner = owners[place % owners.length] ?? random.pick(owners);
    keys.push(ordinaryKey(place, random, owner, moments.timestamp(moments.createdAt())));
  }
  return [...keys, dashboardSession()];
}
