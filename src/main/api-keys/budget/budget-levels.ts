import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { type BudgetLevel, budgetEnforcements } from '../../../shared/contract/api-keys';
import {
  calendarDay,
  decimal,
  instant,
  recordedDecimal,
  reference,
  uuid,
} from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { periodOfWanted, spentOfWanted } from '../../users/over-budget';
import { outlookOf, strictestOf } from './strictest';

/** How many of its subscriptions are told of one key. */
const mostSubscriptions = 50;
/** Of what has no period the rate is that of so many days. */
const rateDays = 30;
/** Of fewer whole days no rate is told. */
const leastDays = 3;
/** Nobody plans further ahead, and PostgreSQL's calendar ends. */
const furthestDays = 3_650;

const forecastRow = z.strictObject({
  days: z.int(),
  perDay: decimal,
  band: decimal,
  likely: calendarDay.nullable(),
  earliest: calendarDay.nullable(),
  latest: calendarDay.nullable(),
});

const budgetRow = z.strictObject({
  keyId: uuid,
  level: z.enum(['key', 'user', 'team', 'subscription']),
  record: reference,
  limit: recordedDecimal.nullable(),
  spent: recordedDecimal,
  left: recordedDecimal.nullable(),
  period: z.string().nullable(),
  startedAt: instant.nullable(),
  endsAt: instant.nullable(),
  lastDay: calendarDay.nullable(),
  isOfUsage: z.boolean(),
  enforcement: z.enum(budgetEnforcements),
  forecast: forecastRow.nullable(),
});

type BudgetRow = z.infer<typeof budgetRow>;

const zone = sql`litemaas_console.reporting_time_zone()`;
const here = sql`(CURRENT_TIMESTAMP AT TIME ZONE ${zone})`;

/** SQL: joins the period of LiteLLM's counter behind the column `duration`, in UTC; nothing where its dates are unknown. */
const periodOf = (duration: SQL): SQL => sql`
  LEFT JOIN LATERAL (
    SELECT date_trunc(known.unit, CURRENT_TIMESTAMP AT TIME ZONE 'UTC') AS first, known.length
    FROM (VALUES ('monthly', 'month', interval '1 month'), ('1mo', 'month', interval '1 month'),
      ('30d', 'month', interval '1 month'), ('7d', 'week', interval '7 days'),
      ('1d', 'day', interval '1 day'), ('24h', 'day', interval '1 day')) AS known (period, unit, length)
    WHERE known.period = ${duration}
  ) AS counted ON true`;

/**
 * SQL: what a subscription `s` has spent since its period began, from the rollups: whole days, and of the first day what
 * the log has of it from that moment on. One whose period never began is counted over its lifetime.
 */
const spentOfSubscription = sql`
  CROSS JOIN LATERAL (
    SELECT CASE WHEN s.period_started_at IS NULL OR NOT isfinite(s.period_started_at) THEN (
      SELECT sum(m.cost) FROM ${from('usage_monthly', 'm')} WHERE m.subscription_id = s.id
    ) ELSE coalesce((
      SELECT sum(d.cost) FROM ${from('usage_daily', 'd')}
      WHERE d.subscription_id = s.id AND d.day > (s.period_started_at AT TIME ZONE ${zone})::date
    ), 0) + coalesce((
      SELECT sum(l.total_cost) FROM ${from('usage_logs', 'l')}
      WHERE l.subscription_id = s.id AND l.created_at >= s.period_started_at
        AND l.created_at < ((s.period_started_at AT TIME ZONE ${zone})::date + 1)::timestamp AT TIME ZONE ${zone}
    ), 0) END AS total
  ) AS used`;

/** SQL: the days before today of whom `held` names, from `first` on, by the rollups. */
const daysOfHeld = sql.join(
  (['api_key_id', 'user_id', 'team_id', 'subscription_id'] as const).map((column) => {
    const level = column === 'api_key_id' ? 'key' : column.slice(0, -'_id'.length);
    return sql`SELECT d.day, d.cost FROM ${from('usage_daily', 'd')}
      WHERE held.level = ${level} AND d.${sql.identifier(column)} = held.id AND d.day >= looked.first AND d.day < ${here}::date`;
  }),
  sql` UNION ALL `,
);

/** SQL: the day on which what is left is used up at a rate a day; NULL where it never is, or in no foreseeable time. */
const dayAt = (
  rate: SQL,
): SQL => sql`CASE WHEN ${rate} > 0 AND held.left_over / nullif(${rate}, 0) <= ${furthestDays}
  THEN (${here} + held.left_over / nullif(${rate}, 0) * interval '1 day')::date END`;

type BudgetLevels = ReadonlyMap<string, readonly BudgetLevel[]>;

/**
 * Every budget that the spend of these keys counts towards, by key: its own, its owner's, its team's, and those of the
 * subscriptions to its models. LiteLLM's counter is what a key and a team have spent; what a person and a subscription
 * have spent is summed from the rollups. All keys are read by one statement.
 */
export async function readBudgetLevels(
  connection: Connection,
  ids: readonly string[],
): Promise<BudgetLevels> {
  const rows = await connection.select(
    budgetRow,
    sql`
    WITH of_key AS MATERIALIZED (
      SELECT k.id, k.user_id, k.team_id, k.subscription_id, k.max_budget, k.current_spend, k.budget_duration, k.created_at,
        coalesce(nullif(k.name, ''), nullif(k.litellm_key_alias, ''), k.key_prefix) AS label
      FROM ${from('api_keys', 'k')} WHERE k.id = ANY(${sql.param(ids)}::uuid[])
    ), of_user AS MATERIALIZED (
      SELECT wanted.id, remote.period, since.day AS first, since.day + since.length AS last, coalesce(spend.total, 0) AS spent
      FROM (SELECT DISTINCT k.user_id AS id FROM of_key AS k) AS wanted ${periodOfWanted} ${spentOfWanted}
    ), held AS MATERIALIZED (
      SELECT found.*, found.limit_value - found.spent AS left_over FROM (
        SELECT k.id AS key_id, 'key' AS level, k.id, k.label::text AS label, k.max_budget AS limit_value, k.current_spend AS spent,
          k.budget_duration::text AS period, counted.first AT TIME ZONE 'UTC' AS first,
          (counted.first + counted.length) AT TIME ZONE 'UTC' AS last, false AS is_of_usage, 'enforced' AS enforcement, k.created_at
        FROM of_key AS k ${periodOf(sql`k.budget_duration`)}
        UNION ALL
        SELECT k.id, 'user', u.id, u.username, u.max_budget, of_user.spent, of_user.period, of_user.first AT TIME ZONE 'UTC',
          of_user.last AT TIME ZONE 'UTC', true, CASE WHEN k.team_id IS NULL THEN 'enforced' ELSE 'other_keys' END, u.created_at
        FROM of_key AS k JOIN ${from('users', 'u')} ON u.id = k.user_id JOIN of_user ON of_user.id = u.id
        UNION ALL
        SELECT k.id, 'team', t.id, t.name, t.max_budget, t.current_spend, t.budget_duration, counted.first AT TIME ZONE 'UTC',
          (counted.first + counted.length) AT TIME ZONE 'UTC', false,
          CASE WHEN t.max_budget = 0 AND t.current_spend <= 0 THEN 'zero_of_team' ELSE 'enforced' END, t.created_at
        FROM of_key AS k JOIN ${from('teams', 't')} ON t.id = k.team_id ${periodOf(sql`t.budget_duration`)}
        UNION ALL
        SELECT k.id, 'subscription', s.id, s.model_id, s.max_budget, coalesce(used.total, 0),
          CASE WHEN isfinite(s.period_started_at) THEN s.budget_duration END,
          CASE WHEN isfinite(s.period_started_at) THEN s.period_started_at END,
          CASE WHEN isfinite(s.period_started_at) AND isfinite(s.reset_at) THEN s.reset_at END, true, 'counted', s.created_at
        FROM of_key AS k CROSS JOIN LATERAL (
          SELECT own.* FROM ${from('subscriptions', 'own')}
          WHERE own.user_id = k.user_id AND own.status IN ('active', 'suspended') AND (own.id = k.subscription_id
            OR EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND km.model_id = own.model_id))
          ORDER BY own.model_id, own.id LIMIT ${mostSubscriptions}
        ) AS s ${spentOfSubscription}
      ) AS found
    ), rated AS (
      -- A record that several keys share is looked at once.
      SELECT held.level, held.id, looked.first, rate.* FROM (SELECT DISTINCT h.level, h.id, h.first, h.created_at FROM held AS h) AS held
      CROSS JOIN LATERAL (
        SELECT greatest(coalesce((held.first AT TIME ZONE ${zone})::date, ${here}::date - ${rateDays}::int),
          CASE WHEN isfinite(held.created_at) THEN (held.created_at AT TIME ZONE ${zone})::date END) AS first
      ) AS looked
      CROSS JOIN LATERAL (SELECT ${here}::date - looked.first AS days) AS span
      CROSS JOIN LATERAL (
        SELECT span.days, sum(of_day.cost) / nullif(span.days, 0) AS mean,
          -- Days without usage are days too: of them the sums need nothing.
          sqrt(greatest((sum(of_day.cost * of_day.cost) - sum(of_day.cost) * sum(of_day.cost) / nullif(span.days, 0))
            / nullif(span.days - 1, 0) / nullif(span.days, 0), 0)) * 2 AS band
        FROM (SELECT one.day, sum(one.cost) AS cost FROM (${daysOfHeld}) AS one GROUP BY one.day) AS of_day
      ) AS rate
    )
    SELECT held.key_id AS "keyId", held.level, jsonb_build_object('id', held.id, 'label', held.label) AS record,
      trim_scale(held.limit_value)::text AS "limit", trim_scale(held.spent)::text AS spent, trim_scale(held.left_over)::text AS left,
      held.period, held.first AS "startedAt", held.last AS "endsAt",
      ((held.last - interval '1 microsecond') AT TIME ZONE ${zone})::date AS "lastDay",
      held.is_of_usage AS "isOfUsage", held.enforcement,
      -- Of a period that only LiteLLM knows the end of nobody can say whether the budget lasts.
      CASE WHEN (held.last IS NOT NULL OR coalesce(held.period, 'lifetime') = 'lifetime')
        AND held.left_over > 0 AND held.left_over <> 'NaN' AND rated.days >= ${leastDays} AND rated.mean > 0 THEN jsonb_build_object(
        'days', rated.days, 'perDay', trim_scale(round(rated.mean, 12))::text, 'band', trim_scale(round(rated.band, 12))::text,
        'likely', ${dayAt(sql`rated.mean`)}, 'earliest', ${dayAt(sql`(rated.mean + rated.band)`)},
        'latest', ${dayAt(sql`(rated.mean - rated.band)`)}) END AS forecast
    FROM held JOIN rated ON rated.level = held.level AND rated.id = held.id
    ORDER BY held.key_id, array_position(ARRAY['key', 'user', 'team', 'subscription'], held.level), held.label, held.id`,
  );
  const byKey = new Map<string, BudgetRow[]>();
  for (const row of rows) {
    const known = byKey.get(row.keyId);
    if (known === undefined) byKey.set(row.keyId, [row]);
    else known.push(row);
  }
  return new Map([...byKey].map(([keyId, ofKey]) => [keyId, levelsOf(ofKey)]));
}

function levelsOf(rows: readonly BudgetRow[]): BudgetLevel[] {
  const strictest = strictestOf(rows);
  return rows.map(({ keyId: _, lastDay, ...row }) => ({
    ...row,
    outlook: outlookOf(row, lastDay),
    isStrictest: strictest !== null && row.level === strictest.level && row.record.id === strictest.record.id,
  }));
}
