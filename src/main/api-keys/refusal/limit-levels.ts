import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { LimitLevel } from '../../../shared/contract/api-keys';
import { recordedDecimal, reference } from '../../../shared/contract/values';
import { compareDecimals, isDecimal } from '../../../shared/decimal';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { readOverBudget } from '../../users/over-budget';
import type { RefusalText } from './refusal-text';

const levelRow = z.strictObject({
  level: z.enum(['key', 'user', 'team', 'subscription']),
  measure: z.enum(['budget', 'rpm', 'tpm', 'requests', 'tokens']),
  record: reference,
  limit: recordedDecimal,
  spent: recordedDecimal.nullable(),
  period: z.string().nullable(),
  applies: z.boolean(),
});
type LevelRow = z.infer<typeof levelRow>;

const mostLevels = 50;

/** Every limit that may refuse a request of a key, with what is counted of it here. */
export async function readLimitLevels(
  connection: Connection,
  id: string,
  said: RefusalText,
): Promise<LimitLevel[]> {
  const rows = await connection.select(
    levelRow,
    sql`
    WITH of_key AS (
      SELECT k.id, k.user_id, k.team_id, k.max_budget, k.current_spend, k.budget_duration, k.rpm_limit, k.tpm_limit,
        coalesce(nullif(k.name, ''), nullif(k.litellm_key_alias, ''), k.key_prefix) AS label
      FROM ${from('api_keys', 'k')} WHERE k.id = ${id}
    )
    SELECT found.level, found.measure, jsonb_build_object('id', found.id, 'label', found.label) AS record,
      trim_scale(found.limit_value)::text AS "limit", trim_scale(found.spent)::text AS spent, found.period, found.applies
    FROM (
      SELECT 'key' AS level, m.measure, k.id::text AS id, k.label, m.limit_value, m.spent, k.budget_duration AS period, true AS applies
      FROM of_key AS k CROSS JOIN LATERAL (VALUES
        ('budget', k.max_budget, k.current_spend), ('rpm', k.rpm_limit::numeric, NULL::numeric), ('tpm', k.tpm_limit::numeric, NULL::numeric)
      ) AS m (measure, limit_value, spent)
      UNION ALL
      -- LiteLLM asks a person's limits of personal keys alone.
      SELECT 'user', m.measure, u.id::text, u.username, m.limit_value, NULL::numeric, NULL, k.team_id IS NULL
      FROM of_key AS k JOIN ${from('users', 'u')} ON u.id = k.user_id CROSS JOIN LATERAL (VALUES
        ('budget', u.max_budget), ('rpm', u.rpm_limit::numeric), ('tpm', u.tpm_limit::numeric)
      ) AS m (measure, limit_value)
      UNION ALL
      SELECT 'team', m.measure, t.id::text, t.name, m.limit_value, m.spent, t.budget_duration, true
      FROM of_key AS k JOIN ${from('teams', 't')} ON t.id = k.team_id CROSS JOIN LATERAL (VALUES
        ('budget', t.max_budget, t.current_spend), ('rpm', t.rpm_limit::numeric, NULL::numeric), ('tpm', t.tpm_limit::numeric, NULL::numeric)
      ) AS m (measure, limit_value, spent)
      UNION ALL
      SELECT 'subscription', m.measure, s.id::text, s.model_id, m.limit_value, m.spent, NULL, true
      FROM of_key AS k JOIN ${from('subscriptions', 's')} ON s.user_id = k.user_id
        AND s.status IN ('active', 'suspended')
        AND EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND km.model_id = s.model_id)
      CROSS JOIN LATERAL (VALUES
        ('requests', s.quota_requests::numeric, s.used_requests::numeric), ('tokens', s.quota_tokens::numeric, s.used_tokens::numeric)
      ) AS m (measure, limit_value, spent)
    ) AS found
    WHERE found.limit_value IS NOT NULL
    ORDER BY array_position(ARRAY['key', 'user', 'team', 'subscription'], found.level), found.measure, found.id
    LIMIT ${mostLevels}`,
  );
  const over = await readOverBudget(
    connection,
    rows
      .filter(({ level, measure }) => level === 'user' && measure === 'budget')
      .map(({ record, limit }) => ({ id: record.id, set: { maxBudget: limit } })),
  );
  return rows.map((row) => {
    const spentByUser = over.find((each) => row.level === 'user' && each.id === row.record.id);
    const spent = row.measure === 'budget' && spentByUser !== undefined ? spentByUser.spent : row.spent;
    return { ...row, spent, isReached: isReached(row, spent), isSaid: isSaid(row, said) };
  });
}

/** What is counted in a minute is not known here. A team's budget of 0 lets calls through while nothing is spent. */
export function isReached(
  { applies, level, measure, limit }: Pick<LevelRow, 'applies' | 'level' | 'measure' | 'limit'>,
  spent: string | null,
): boolean {
  if (!applies || !isDecimal(limit)) return false;
  const isZero = compareDecimals(limit, '0') === 0;
  if (isZero && (level !== 'team' || measure !== 'budget')) return true;
  if (spent === null || !isDecimal(spent)) return false;
  return compareDecimals(spent, '0') > 0 && compareDecimals(spent, limit) >= 0;
}

/** Whether the text names this limit: a budget or a rate, as it says itself. */
function isSaid({ measure, limit }: LevelRow, { reason, amounts }: RefusalText): boolean {
  if (reason !== 'budget' && reason !== 'rate') return false;
  const isMoney = measure === 'budget';
  if (isMoney !== (reason === 'budget') || !isDecimal(limit)) return false;
  return amounts.some((amount) => compareDecimals(amount, limit) === 0);
}
