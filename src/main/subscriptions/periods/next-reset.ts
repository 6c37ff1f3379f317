import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeValue } from '../../../shared/contract/changes';
import { uuid } from '../../../shared/contract/values';
import { grouped } from '../../../shared/grouped';
import type { Wish } from '../../changes/judge';
import { instantText } from '../../changes/record-table';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { endOfPeriod, periodOf } from './period';

/** When a period that begins now ends first; null where it never does. */
export async function nextResetOf({ select }: Connection, period: ChangeValue): Promise<string | null> {
  const [row] = await select(
    z.strictObject({ resetAt: z.string().nullable() }),
    sql`SELECT ${instantText(sql`next.reset`)} AS "resetAt"
      FROM (SELECT (${endOfPeriod(periodOf(period))}) AT TIME ZONE 'UTC' AS reset) AS next`,
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
      FROM ${from('subscriptions', 's')}, LATERAL (SELECT (${endOfPeriod(periodOf(period))}) AT TIME ZONE 'UTC' AS reset) AS next
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
