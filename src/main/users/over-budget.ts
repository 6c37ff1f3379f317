import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangePreview } from '../../shared/contract/changes';
import { mostSelectedRecords } from '../../shared/contract/changes';
import { type OverBudget, shownOverBudget, type UserChanges } from '../../shared/contract/users';
import { decimal, instant, uuid } from '../../shared/contract/values';
import { planWith } from '../changes/plans';
import type { Image } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { OpenWorkspace } from '../workspace/open-workspace';

const overRow = z.strictObject({
  id: uuid,
  spent: decimal,
  period: z.string().nullable(),
  resetsAt: instant.nullable(),
  /** The new budget on top of what is spent, in whole cents. */
  raised: decimal,
});

/** Somebody who is over a budget that is to be set. */
type OverBudgetRow = z.infer<typeof overRow>;

const today = sql`(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')`;

/** SQL: joins to `wanted` the period of a user's budget, as far as it is known, and since when it runs. */
export const periodOfWanted = sql`
    LEFT JOIN LATERAL (
      SELECT o.remote ->> 'budget_duration' AS period FROM ${from('litellm_objects', 'o')}
      WHERE o.kind = 'user' AND o.local_id = wanted.id::text AND o.state <> 'missing'
      ORDER BY o.last_seen_at DESC LIMIT 1
    ) AS remote ON true
    LEFT JOIN LATERAL (
      VALUES ('1mo', 'month', interval '1 month'), ('30d', 'month', interval '1 month'),
        ('7d', 'week', interval '7 days'), ('1w', 'week', interval '7 days'),
        ('1d', 'day', interval '1 day'), ('24h', 'day', interval '1 day')
    ) AS known (period, unit, length) ON known.period = remote.period
    LEFT JOIN LATERAL (SELECT date_trunc(known.unit, ${today}) AS day, known.length) AS since ON true`;

/** SQL: joins to `wanted` and {@link periodOfWanted} what the user has spent in that period; NULL: nothing. */
export const spentOfWanted = sql`
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN known.unit IS NULL OR known.unit = 'month' THEN (
          SELECT sum(m.cost) FROM ${from('usage_monthly', 'm')}
          WHERE m.user_id = wanted.id AND m.month >= coalesce(since.day, '-infinity'))
        ELSE (
          SELECT sum(d.cost) FROM ${from('usage_daily', 'd')}
          WHERE d.user_id = wanted.id AND d.day >= since.day)
      END AS total
    ) AS spend`;

/** SQL: the ids of active users who have spent more than the budget that they have; all of them by one look. */
export const overOwnBudget = sql`(
  WITH budgeted AS MATERIALIZED (
    SELECT wanted.id, wanted.max_budget, since.day, coalesce(known.unit, 'month') = 'month' AS by_month
    FROM ${from('users', 'wanted')} ${periodOfWanted}
    WHERE wanted.is_active AND wanted.max_budget IS NOT NULL
  )
  SELECT b.id FROM budgeted AS b JOIN ${from('usage_monthly', 'm')} ON m.user_id = b.id
  WHERE b.by_month AND m.month >= coalesce(b.day, '-infinity')
  GROUP BY b.id, b.max_budget HAVING sum(m.cost) > b.max_budget
  UNION ALL
  SELECT b.id FROM budgeted AS b JOIN ${from('usage_daily', 'd')} ON d.user_id = b.id
  WHERE NOT b.by_month AND d.day >= b.day
  GROUP BY b.id, b.max_budget HAVING sum(d.cost) > b.max_budget)`;

/**
 * Who has spent more already than the budget that is to be set. LiteLLM counts anew at the end of a budget's period,
 * by UTC's days, weeks or months; without one it counts a lifetime, and so is counted where the period is none of those.
 */
export function readOverBudget(
  { select }: Connection,
  wishes: readonly { readonly id: string; readonly set: Image }[],
): Promise<OverBudgetRow[]> {
  const limited = wishes.filter(({ set }) => typeof set['maxBudget'] === 'string');
  if (limited.length === 0) return Promise.resolve([]);
  return select(
    overRow,
    sql`
    SELECT wanted.id, trim_scale(spend.total)::text AS spent, remote.period,
      (since.day + since.length) AT TIME ZONE 'UTC' AS "resetsAt",
      trim_scale(ceil((spend.total + wanted.budget) * 100) / 100)::text AS raised
    FROM unnest(${sql.param(limited.map(({ id }) => id))}::uuid[],
      ${sql.param(limited.map(({ set }) => String(set['maxBudget'])))}::numeric[]) AS wanted (id, budget)
    ${periodOfWanted}
    ${spentOfWanted}
    WHERE spend.total > wanted.budget
    ORDER BY spend.total DESC, wanted.id`,
  );
}

/** A preview with those who are over their new budget at once, and what to ask for so that they are not. */
export async function withOverBudget(
  connection: Connection,
  workspace: OpenWorkspace,
  preview: ChangePreview,
): Promise<ChangePreview & { readonly overBudget?: OverBudget }> {
  const { wishes } = planWith(workspace, preview.plan);
  const rows = await readOverBudget(connection, wishes);
  if (rows.length === 0) return preview;
  const over = new Map(rows.map((row) => [row.id, row]));
  const labels = new Map(
    wishes.map(({ id, label, set }) => [id, { label, budget: String(set['maxBudget']) }]),
  );
  const people = rows.slice(0, shownOverBudget).map(({ id, spent, period, resetsAt }) => {
    const { label = id, budget = '0' } = labels.get(id) ?? {};
    return { id, label, spent, budget, period, resetsAt };
  });
  const edits = wishes.flatMap(({ id, expected, set }) => {
    if (typeof expected !== 'object' || !('version' in expected)) return [];
    const raised = over.get(id)?.raised;
    const changes: UserChanges = raised === undefined ? set : { ...set, maxBudget: raised };
    return [{ id, version: expected.version, changes }];
  });
  return {
    ...preview,
    overBudget: {
      count: rows.length,
      people,
      countFromNow: edits.length > mostSelectedRecords ? null : edits,
    },
  };
}
