import type { AreaHandlers } from '../router/handlers';
import { exportTeams } from './export-teams';
import { getTeam } from './get-team';
import { listTeams } from './list-teams';
import { exportTeamMembers, teamMembers } from './team-members';
import { teamOptions } from './team-options';

export const teamsHandlers: AreaHandlers<'teams'> = {
  list: listTeams,
  get: getTeam,
  members: teamMembers,
  exportMembersCsv: exportTeamMembers,
  options: teamOptions,
  exportCsv: exportTeams,
};
