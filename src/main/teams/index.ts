import type { AreaHandlers } from '../router/handlers';
import { previewCreate } from './create-team';
import { getTeam } from './get-team';
import { memberKeys } from './member-keys';
import {
  previewAddMembers,
  previewMemberRoles,
  previewMoveMembers,
  previewRemoveMembers,
} from './preview-members';
import { namedTeams } from './named-teams';
import { previewDelete, previewEdits, previewUpdate } from './preview-teams';
import { teamSpend } from './team-spend';
import { exportTeamMembers, teamMembers } from './team-members';
import { teamMemberships } from './team-memberships';
import { exportTeams, listTeams, teamOptions } from './teams-list';

export const teamsHandlers: AreaHandlers<'teams'> = {
  list: listTeams,
  get: getTeam,
  spend: teamSpend,
  members: teamMembers,
  exportMembersCsv: exportTeamMembers,
  memberships: teamMemberships,
  options: teamOptions,
  named: namedTeams,
  previewUpdate,
  previewEdits,
  previewDelete,
  previewCreate,
  previewAddMembers,
  previewMemberRoles,
  previewRemoveMembers,
  previewMoveMembers,
  memberKeys,
  exportCsv: exportTeams,
};
