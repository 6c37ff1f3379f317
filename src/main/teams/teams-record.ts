import { teamDefinition } from '../../shared/records/teams';
import { recordTable } from '../changes/record-table';
import { teams } from '../postgres/schema';

/** Teams as changes read and write them. An empty list of models is all of them, as in LiteLLM. */
export const teamsRecord = recordTable(teams, {
  kind: 'team',
  resourceType: teamDefinition.resourceType,
  relation: 'teams',
  idType: teamDefinition.idType,
  label: 'name',
  editable: teamDefinition.editable,
  fixed: ['createdAt'],
});
