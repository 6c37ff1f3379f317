import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { type ApiKeyRow, apiKeyRow } from '../../shared/contract/api-keys';
import { reference } from '../../shared/contract/values';
import { untoldOf } from '../changes/outbox';
import { versionOf } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { pageRelation } from '../records/list-query';
import { from } from '../postgres/relations';
import { apiKeysRecord } from './api-keys-record';
import { allowsAllModels, otherModelNames } from './model-scope';

/** What state a key `k` is in now (contract: revoked, then inactive, then expired, else active). */
export const apiKeyState = sql`CASE
  WHEN k.revoked_at IS NOT NULL THEN 'revoked'
  WHEN NOT k.is_active THEN 'inactive'
  WHEN k.expires_at <= CURRENT_TIMESTAMP THEN 'expired'
  ELSE 'active'
END`;

/** How many models a row of a list shows by name; the count beside them is complete. */
const shownModels = 5;
const shownOtherModels = 50;

/** An export names all models. */
const storedRow = apiKeyRow.extend({ models: z.array(reference), otherModels: z.array(z.string()) });

/**
 * The given keys in the given order. Selects neither the key's value nor its hash.
 * @param extent how much of long lists: what a list shows, or all of it for an export.
 */
export function apiKeyRows(
  { select }: Connection,
  ids: readonly string[],
  extent: 'shown' | 'exported' = 'shown',
): Promise<ApiKeyRow[]> {
  const modelLimit = extent === 'shown' ? shownModels : null;
  return select(
    storedRow,
    sql`
      SELECT
        k.id, k.name, k.litellm_key_alias AS alias, k.key_prefix AS prefix,
        jsonb_build_object('id', u.id, 'label', u.username) AS "user",
        CASE WHEN t.id IS NOT NULL THEN jsonb_build_object('id', t.id, 'label', t.name) END AS team,
        ${apiKeyState} AS state, model.references AS models, model_count.total AS "modelCount",
        ${otherModelNames(modelLimit === null ? null : shownOtherModels)} AS "otherModels", ${allowsAllModels} AS "allModels",
        trim_scale(k.max_budget) AS "maxBudget", trim_scale(k.current_spend) AS "currentSpend", k.budget_duration AS "budgetDuration",
        k.tpm_limit AS "tpmLimit", k.rpm_limit AS "rpmLimit", k.is_active AS "isActive",
        k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt", k.sync_status AS "syncStatus",
        k.created_at AS "createdAt", ${versionOf(apiKeysRecord, 'k')} AS version, ${untoldOf('api_key', sql`k.id`)} AS untold
      FROM ${pageRelation(ids)}
      JOIN ${from('api_keys', 'k')} ON k.id = page.id
      JOIN ${from('users', 'u')} ON u.id = k.user_id
      LEFT JOIN ${from('teams', 't')} ON t.id = k.team_id
      CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', shown.id, 'label', shown.name)), '[]') AS references
        FROM (
          SELECT m.id, m.name FROM ${from('api_key_models', 'km')} JOIN ${from('models', 'm')} ON m.id = km.model_id
          WHERE km.api_key_id = k.id ORDER BY m.name, m.id LIMIT ${modelLimit}
        ) AS shown
      ) AS model
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS total FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id
      ) AS model_count
      ORDER BY page.position`,
  );
}
