import type { AreaHandlers } from '../router/handlers';
import { getTeam } from './get-team';
import { previewDelete, previewEdits, previewUpdate } from './preview-teams';
import { exportTeamMembers, teamMembers } from './team-members';
import { exportTeams, listTeams, teamOptions } from './teams-list';

export const teamsHandlers: AreaHandlers<'teams'> = {
  list: listTeams,
  get: getTeam,
  members: teamMembers,
  exportMembersCsv: exportTeamMembers,
  options: teamOptions,
  previewUpdate,
  previewEdits,
  previewDelete,
  exportCsv: exportTeams,
};
