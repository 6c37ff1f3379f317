import { deletionKeepingRequests } from '../usage-log/former-owner';

/** How teams are deleted: their requests stay in the log, and in every chart of the team. */
export const teamDeletion = deletionKeepingRequests({
  relation: 'teams',
  column: 'team_id',
  former: 'former_team_id',
  own: ['team_members'],
});
