import type { Contract } from '../../shared/contract/index';
import type { TeamRow } from '../../shared/contract/teams';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { readAllIds } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { teamRows } from './team-rows';
import { teamsSource } from './teams-source';

const columns: readonly CsvColumn<TeamRow>[] = [
  { heading: 'id', value: (team) => team.id },
  { heading: 'name', value: (team) => team.name },
  { heading: 'alias', value: (team) => team.alias },
  { heading: 'description', value: (team) => team.description },
  { heading: 'is_active', value: (team) => team.isActive },
  { heading: 'member_count', value: (team) => team.memberCount },
  { heading: 'subscription_count', value: (team) => team.subscriptionCount },
  { heading: 'api_key_count', value: (team) => team.apiKeyCount },
  { heading: 'max_budget', type: 'number', value: (team) => team.maxBudget },
  { heading: 'current_spend', type: 'number', value: (team) => team.currentSpend },
  { heading: 'budget_duration', value: (team) => team.budgetDuration },
  { heading: 'all_models', value: (team) => team.allModels },
  { heading: 'allowed_models', value: (team) => team.allowedModels },
  { heading: 'litellm_team_id', value: (team) => team.litellmTeamId },
  { heading: 'sync_status', value: (team) => team.syncStatus },
  { heading: 'created_at', type: 'instant', value: (team) => team.createdAt },
];

/** Every team the list would show, page limit aside, with all of its allowed models. */
export const exportTeams: Handler<Contract['teams']['exportCsv']> = (input, { workspace: { database } }) =>
  Promise.resolve(
    csvFile({
      name: 'teams',
      columns,
      database,
      async *rows(connection, signal) {
        for await (const ids of readAllIds(connection, teamsSource(input), signal)) {
          yield await teamRows(connection, ids, 'exported');
        }
      },
    }),
  );
