import type { KeyRow, ModelDeployment, TeamRow, UserRow } from '../state';

function inAccessGroup(deployment: ModelDeployment, group: string): boolean {
  const groups = deployment.model_info.access_groups;
  return Array.isArray(groups) && groups.includes(group);
}

function grants(entry: string, deployment: ModelDeployment): boolean {
  if (entry === 'all-proxy-models' || entry === deployment.model_name) return true;
  if (entry === deployment.model_info.team_public_model_name) return true;
  if (entry.endsWith('/*')) return deployment.model_info.litellm_provider === entry.slice(0, -2);
  return inAccessGroup(deployment, entry);
}

function granted(
  entries: readonly string[],
  deployments: readonly ModelDeployment[],
): readonly ModelDeployment[] {
  if (entries.length === 0) return deployments;
  return deployments.filter((deployment) => entries.some((entry) => grants(entry, deployment)));
}

/**
 * Deployments a key can reach by LiteLLM's rules: an empty list is no restriction at that level, `all-team-models` is
 * whatever the team has, models of one team are for its keys only.
 */
export function reachableDeployments(
  key: KeyRow,
  team: TeamRow | undefined,
  user: UserRow | undefined,
  deployments: readonly ModelDeployment[],
): readonly ModelDeployment[] {
  const own = deployments.filter((deployment) => {
    const teamId = deployment.model_info.team_id;
    return teamId === null || teamId === key.team_id;
  });
  const ofTeam = team ? granted(team.models, own) : granted(user?.models ?? [], own);
  if (key.models.includes('no-default-models')) return team ? ofTeam : [];
  if (key.models.includes('all-team-models')) return ofTeam;
  return granted(key.models, ofTeam);
}
