import { teamRow } from '../rows';
import type { TeamMember, TeamMembership, TeamRow, UserRow } from '../state';
import { people } from './people';
import type { Random } from './random';

export const teamIds = {
  platform: '7b0c4e1d-8f2a-4c3b-9d5e-6f7081a2b3c4',
  dataScience: 'c9d8e7f6-a5b4-4c3d-8e2f-1a0b9c8d7e6f',
  support: '1e2d3c4b-5a69-4788-97a6-b5c4d3e2f1a0',
  research: '94a3b2c1-d0e9-4f87-a6b5-c4d3e2f1a0b9',
  marketing: '2f4e6d8c-0b1a-4938-8756-a1b2c3d4e5f6',
  legacy: 'legacy-pilot',
} as const;

const afterInt32 = 3_000_000_000;
const largestBigint = 9_223_372_036_854_775_807n;

/** Limits and models differ on purpose: unlimited (null), nothing (0), past int32, every kind of model entry. */
const outlines: readonly (Partial<TeamRow> & Pick<TeamRow, 'team_id'>)[] = [
  {
    team_id: teamIds.platform,
    team_alias: 'Platform Engineering',
    models: ['all-proxy-models'],
    max_budget: 2000,
    budget_duration: '1mo',
    tpm_limit: afterInt32,
  },
  // A spelling LiteMaaS itself sends; LiteLLM takes it for "every day".
  { team_id: teamIds.dataScience, team_alias: 'Data Science', max_budget: 1000, budget_duration: 'monthly' },
  {
    team_id: teamIds.support,
    team_alias: 'Customer Support',
    models: ['gpt-5-mini', 'claude-haiku-4-5', 'gemini-2.5-flash', 'text-embedding-3-small'],
    max_budget: 400,
    budget_duration: '30d',
    rpm_limit: 300,
    metadata: { cost_center: 'CS-114', model_tpm_limit: { 'gpt-5-mini': 50_000 } },
  },
  {
    team_id: teamIds.research,
    team_alias: 'Research',
    models: ['prod', 'deepseek-research', 'granite-internal', 'mistral/*', 'retired-model'],
    tpm_limit: largestBigint,
    max_parallel_requests: 20,
  },
  {
    team_id: teamIds.marketing,
    team_alias: 'Marketing',
    models: ['cheap'],
    max_budget: 150,
    budget_duration: '1mo',
  },
  // Blocked for good, budget 0 = may spend nothing, id is no UUID.
  {
    team_id: teamIds.legacy,
    team_alias: 'Legacy pilot',
    blocked: true,
    max_budget: 0,
    budget_duration: '1w',
  },
];

function memberOf(user: UserRow, role: TeamMember['role']): TeamMember {
  return { role, user_id: user.user_id, user_email: user.user_email };
}

/** The odd members: the master key's user everywhere, an invitation by e-mail, somebody who was deleted. */
function oddMembers(teamId: string): TeamMember[] {
  const master: TeamMember = { role: 'admin', user_id: people.masterKeyUser, user_email: null };
  if (teamId === teamIds.marketing) {
    return [master, { role: 'user', user_id: null, user_email: 'invited.person@example.test' }];
  }
  if (teamId === teamIds.legacy) return [master, { role: 'user', user_id: people.deleted, user_email: null }];
  return [master];
}

/** Six teams; fills `user.teams` of the users it puts into them. */
export function demoTeams(random: Random, users: readonly UserRow[], createdAt: string): TeamRow[] {
  const teams = outlines.map((outline) =>
    teamRow({
      ...outline,
      members_with_roles: oddMembers(outline.team_id),
      created_at: createdAt,
      updated_at: createdAt,
    }),
  );
  const open = teams.filter((team) => !team.blocked);
  for (const user of users) {
    if (user.user_id === people.masterKeyUser) {
      user.teams = teams.map((team) => team.team_id);
      continue;
    }
    const chosen = new Set([random.pick(open), ...(random.chance(0.3) ? [random.pick(open)] : [])]);
    for (const team of chosen) {
      const isFirstPerson = team.members_with_roles.every(
        (member) => member.role === 'user' || member.user_id === people.masterKeyUser,
      );
      team.members_with_roles.push(memberOf(user, isFirstPerson ? 'admin' : 'user'));
      user.teams.push(team.team_id);
    }
  }
  return teams;
}

/** Rows exist only where a member has a budget of its own. */
export function demoMemberships(teams: readonly TeamRow[]): TeamMembership[] {
  const support = teams.find((team) => team.team_id === teamIds.support);
  return (support?.members_with_roles ?? []).flatMap((member, place) =>
    member.user_id === null || place % 2 === 0
      ? []
      : [
          {
            user_id: member.user_id,
            team_id: teamIds.support,
            budget_id: 'support-member-budget',
            spend: 0,
            litellm_budget_table: {
              budget_id: 'support-member-budget',
              max_budget: 25,
              soft_budget: null,
              tpm_limit: null,
              rpm_limit: null,
              budget_duration: '1mo',
            },
          },
        ],
  );
}
