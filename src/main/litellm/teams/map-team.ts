import * as z from 'zod';
import type { TeamRow } from './team-rows';
import { isTooLong, type Mapped, truncate } from '../mapping/fields';
import {
  budgetDuration,
  clampFinding,
  findingOf,
  limitFields,
  resetsDaily,
  spendField,
} from '../mapping/limits';

/** LiteLLM keeps its dashboard's session keys under this team. */
export const dashboardTeamId = 'litellm-dashboard';
const maxText = 255;

export function mapTeam(row: TeamRow): Mapped {
  if (row.team_id === dashboardTeamId) return { home: false, reason: 'system_object', name: row.team_alias };
  if (isTooLong(row.team_id, maxText)) return { home: false, reason: 'id_too_long', name: row.team_alias };
  const limits = limitFields(row);
  const alias = row.team_alias === null ? null : truncate(row.team_alias, maxText);
  return {
    home: true,
    fields: {
      name: alias ?? row.team_id,
      alias,
      litellm_team_id: row.team_id,
      ...limits.fields,
      current_spend: spendField(row.spend),
      budget_duration: budgetDuration(row.budget_duration),
      // Wildcards, access groups and `all-proxy-models` stay as they are; an empty list is every model on both sides.
      allowed_models: row.models,
      is_active: !row.blocked,
      created_at: row.created_at,
      members: { list: row.members_with_roles.map(memberOf) },
      litellm: {
        metadata: row.metadata,
        organization_id: row.organization_id,
        soft_budget: row.soft_budget,
        max_parallel_requests: row.max_parallel_requests,
        budget_duration: row.budget_duration,
      },
    },
    finding: findingOf([
      resetsDaily(row.budget_duration) && 'budget_resets_daily',
      alias !== row.team_alias && 'name_too_long',
      clampFinding(limits.clamped),
    ]),
  };
}

/** One entry of a team's member list, as it is kept for the members' own step. */
export const remoteMember = z.strictObject({
  role: z.enum(['admin', 'member']),
  user_id: z.string().nullable(),
  user_email: z.string().nullable(),
});
export type RemoteMember = Readonly<z.infer<typeof remoteMember>>;

function memberOf(member: TeamRow['members_with_roles'][number]): RemoteMember {
  return {
    role: member.role === 'admin' ? 'admin' : 'member',
    user_id: member.user_id,
    user_email: member.user_email,
  };
}
