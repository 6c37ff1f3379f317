import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { type TeamRow, teamRow } from '../../shared/contract/teams';
import { cutMark } from '../export/cut-mark';
import type { Connection } from '../postgres/database';
import { pageRelation } from '../records/list-query';
import { beginningWithoutSecrets } from '../postgres/long-text';
import { from } from '../postgres/relations';
import { untoldOf } from '../changes/outbox';
import { versionOf } from '../changes/record-table';
import { teamsRecord } from './teams-record';

/** How much of a team a row of a list shows; the counts beside it are complete. */
const shown = { models: 5, description: 300 } as const;
/** An export tells all models; a cell of a spreadsheet takes no longer text, and one that was cut says so. */
const exported = { models: null, description: 32_000 } as const;

/** With the length of the whole description. */
const storedRow = teamRow.extend({ characters: z.int().nullable() });

/** Of the team `t`, an array in jsonb: anything may stand in the column, and only a text can name a model. */
export const allowedModelIds = sql`jsonb_path_query_array(t.allowed_models, 'strict $[*] ? (@.type() == "string")')`;

/**
 * The given teams in the given order; counts are taken for these rows only.
 * @param extent how much of long values: what a list shows, or what an export does.
 */
export async function teamRows(
  { select }: Connection,
  ids: readonly string[],
  extent: 'shown' | 'exported' = 'shown',
): Promise<TeamRow[]> {
  const limit = extent === 'shown' ? shown : exported;
  const rows = await select(
    storedRow,
    sql`
      SELECT
        t.id, t.name, t.alias, left(t.description, ${limit.description}) AS description,
        length(t.description) AS characters, t.is_active AS "isActive",
        member_count.total AS "memberCount", subscription_count.total AS "subscriptionCount",
        key_count.total AS "apiKeyCount", trim_scale(t.max_budget) AS "maxBudget",
        trim_scale(t.current_spend) AS "currentSpend", t.budget_duration AS "budgetDuration",
        t.tpm_limit AS "tpmLimit", t.rpm_limit AS "rpmLimit",
        t.allowed_models = '[]' OR t.allowed_models ? 'all-proxy-models' AS "allModels",
        ARRAY(
          SELECT listed.name FROM jsonb_array_elements_text(allowed.models) AS listed (name) LIMIT ${limit.models}
        ) AS "allowedModels",
        jsonb_array_length(allowed.models) AS "allowedModelCount",
        t.litellm_team_id AS "litellmTeamId", t.sync_status AS "syncStatus", t.created_at AS "createdAt",
        ${versionOf(teamsRecord, 't')} AS version, ${untoldOf('team', sql`t.id`)} AS untold
      FROM ${pageRelation(ids)}
      JOIN ${from('teams', 't')} ON t.id = page.id
      CROSS JOIN LATERAL (SELECT ${allowedModelIds} AS models) AS allowed
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS total FROM ${from('team_members', 'tm')} WHERE tm.team_id = t.id
      ) AS member_count
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS total FROM ${from('subscriptions', 's')} WHERE s.team_id = t.id
      ) AS subscription_count
      CROSS JOIN LATERAL (SELECT count(*)::int AS total FROM ${from('api_keys', 'k')} WHERE k.team_id = t.id) AS key_count
      ORDER BY page.position`,
  );
  return rows.map(({ characters, ...row }) => {
    const description = beginningWithoutSecrets(row.description, limit.description);
    const isCut = characters !== null && characters > limit.description;
    const mark = extent === 'exported' && isCut ? cutMark(`${String(characters)} characters`) : '';
    return { ...row, description: description === null ? null : `${description}${mark}` };
  });
}
