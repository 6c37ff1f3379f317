import { sql } from 'drizzle-orm';
import type { TeamRow } from '../../shared/contract/teams';
import { teamDefinition } from '../../shared/records/teams';
import { hasUntoldMembers, isUntold } from '../changes/outbox';
import type { CsvColumn } from '../export/csv-file';
import { exportHandler } from '../export/export-records';
import { from } from '../postgres/relations';
import { optionsHandler } from '../records/options-query';
import { listHandler, recordList } from '../records/record-list';
import type { RecordSource } from '../records/record-source';
import { teamRows } from './team-rows';

/** Teams `t`, found by name, alias and LiteLLM's id. */
export const teamSource: RecordSource = {
  from: from('teams', 't'),
  id: sql`t.id`,
  idType: teamDefinition.idType,
  label: sql`t.name`,
  details: [sql`t.alias`],
  names: [sql`t.name`, sql`t.alias`],
  hasPrefixIndexes: false,
  ofKey: (keyHash) => sql`t.id = (SELECT team_id FROM ${from('api_keys')} WHERE key_hash = ${keyHash})`,
  alsoNamed: ({ text }) => [sql`t.litellm_team_id = ${text}`],
};

export const teamList = recordList({
  definition: teamDefinition,
  source: teamSource,
  rows: teamRows,
  sort: {
    name: { expression: sql`t.name`, text: true },
    alias: { expression: sql`t.alias`, text: true, nullable: true },
    memberCount: {
      expression: sql`coalesce(membership.members, 0)`,
      join: sql`LEFT JOIN (
        SELECT team_id, count(*) AS members FROM ${from('team_members')} GROUP BY team_id
      ) AS membership ON membership.team_id = t.id`,
    },
    maxBudget: { expression: sql`t.max_budget`, nullable: true },
    currentSpend: { expression: sql`t.current_spend` },
    createdAt: { expression: sql`t.created_at` },
  },
  filters: {
    active: sql`t.is_active`,
    userId: (userId) =>
      sql`EXISTS (SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = t.id AND tm.user_id = ${userId})`,
    syncStatus: sql`t.sync_status`,
    createdBy: sql`t.created_by`,
    untold: sql`(${isUntold('team', sql`t.id`)} OR ${hasUntoldMembers(sql`t.id`)})`,
  },
});

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

export const listTeams = listHandler(teamList);
export const teamOptions = optionsHandler(teamSource);
export const exportTeams = exportHandler(teamDefinition.path, teamList, columns);
