import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeValue } from '../../shared/contract/changes';
import { uuid } from '../../shared/contract/values';
import { grouped } from '../../shared/grouped';
import type { Wish } from '../changes/judge';
import { instantText } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

/** Periods that begin with the calendar, in UTC as LiteLLM counts them. */
const calendarUnits: Readonly<Record<string, string>> = {
  '1mo': 'month',
  '30d': 'month',
  monthly: 'month',
  '365d': 'year',
  yearly: 'year',
  '7d': 'week',
  '1d': 'day',
  '24h': 'day',
};

const units: Readonly<Record<string, string>> = { s: 'secs', m: 'mins', h: 'hours', d: 'days' };
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** Nobody waits for a reset longer than a century, and PostgreSQL's calendar ends. */
const longestSeconds = 100 * 365 * 86_400;
const now = sql`(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')`;

/** SQL: when a period that is new now ends first, in UTC without a zone; NULL where it never does. */
function endOfPeriod(period: ChangeValue): SQL {
  if (typeof period !== 'string') return sql`NULL::timestamp`;
  const unit = calendarUnits[period];
  if (unit !== undefined) {
    return sql`date_trunc(${unit}, ${now}) + ${`1 ${unit}`}::interval`;
  }
  const [, count, letter = ''] = /^(\d+)([smhd])$/.exec(period) ?? [];
  if (count === undefined || Number(count) * (unitSeconds[letter] ?? 0) > longestSeconds) {
    return sql`NULL::timestamp`;
  }
  const start = letter === 'd' ? sql`date_trunc('day', ${now})` : now;
  return sql`${start} + ${`${count} ${units[letter] ?? ''}`}::interval`;
}

/** When a period that begins now ends first; null where it never does. */
export async function nextResetOf({ select }: Connection, period: ChangeValue): Promise<string | null> {
  const [row] = await select(
    z.strictObject({ resetAt: z.string().nullable() }),
    sql`SELECT ${instantText(sql`next.reset`)} AS "resetAt"
      FROM (SELECT (${endOfPeriod(period)}) AT TIME ZONE 'UTC' AS reset) AS next`,
  );
  return row?.resetAt ?? null;
}

const resetRow = z.strictObject({ id: uuid, resetAt: z.string().nullable() });

/**
 * Wishes in which another period of the budget brings the date of its next reset along: the old one would keep a budget
 * shut, or open it too early. What had a period and no date gets none: nothing resets it here.
 */
export async function withNextReset({ select }: Connection, wishes: readonly Wish[]): Promise<Wish[]> {
  const periods = grouped(
    wishes.filter(({ set }) => 'budgetDuration' in set),
    ({ set }) => set['budgetDuration'] ?? null,
  );
  const resets = new Map<string, string | null>();
  for (const [period, group] of periods) {
    const rows = await select(
      resetRow,
      sql`
      SELECT s.id, ${instantText(sql`next.reset`)} AS "resetAt"
      FROM ${from('subscriptions', 's')}, LATERAL (SELECT (${endOfPeriod(period)}) AT TIME ZONE 'UTC' AS reset) AS next
      WHERE s.id = ANY(${sql.param(group.map(({ id }) => id))}::uuid[]) AND (s.reset_at IS NOT NULL OR coalesce(s.budget_duration, 'lifetime') = 'lifetime')
        AND s.budget_duration IS DISTINCT FROM ${period}::text`,
    );
    for (const { id, resetAt } of rows) resets.set(id, resetAt);
  }
  return wishes.map((wish) => {
    const resetAt = resets.get(wish.id.toLowerCase());
    return resetAt === undefined ? wish : { ...wish, set: { ...wish.set, resetAt } };
  });
}
