import { sql } from 'drizzle-orm';
import type { TeamRow } from '../../shared/contract/teams';
import type { Connection } from '../postgres/database';
import { pageRelation } from '../postgres/list-query';

/** The given teams in the given order; counts are taken for these rows only. */
export function teamRows({ select }: Connection, ids: readonly string[]): Promise<TeamRow[]> {
  return select<TeamRow>(sql`
    SELECT
      t.id, t.name, t.alias, t.description, t.is_active AS "isActive",
      member_count.total AS "memberCount", subscription_count.total AS "subscriptionCount",
      key_count.total AS "apiKeyCount", trim_scale(t.max_budget) AS "maxBudget",
      trim_scale(t.current_spend) AS "currentSpend", t.budget_duration AS "budgetDuration",
      t.allowed_models = '[]' OR t.allowed_models ? 'all-proxy-models' AS "allModels",
      ARRAY(SELECT jsonb_array_elements_text(t.allowed_models)) AS "allowedModels",
      t.litellm_team_id AS "litellmTeamId", t.sync_status AS "syncStatus", t.created_at AS "createdAt"
    FROM ${pageRelation(ids)}
    JOIN teams t ON t.id = page.id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS total FROM team_members tm WHERE tm.team_id = t.id
    ) AS member_count
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS total FROM subscriptions s WHERE s.team_id = t.id
    ) AS subscription_count
    CROSS JOIN LATERAL (SELECT count(*)::int AS total FROM api_keys k WHERE k.team_id = t.id) AS key_count
    ORDER BY page.position`);
}
