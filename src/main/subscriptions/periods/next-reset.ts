import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeValue } from '../../../shared/contract/changes';
import { uuid } from '../../../shared/contract/values';
import { grouped } from '../../../shared/grouped';
import type { Wish } from '../../changes/judge';
import { instantText, type RecordNow } from '../../changes/record-table';
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
 * Wishes with the date of the first or next reset, as it is when they are done: of what is made or approved the period
 * begins then, and another period brings another date along. What had a period and no date gets none: nothing resets it
 * here. An undo brings back what was there.
 */
export async function settleResets(
  connection: Connection,
  wishes: readonly Wish[],
  now: ReadonlyMap<string, RecordNow>,
): Promise<readonly Wish[]> {
  const own = wishes.filter(({ undoes }) => undoes === null);
  const changed = await readChangedResets(connection, own);
  const beginning = grouped(
    own.filter(({ id, way, set }) => {
      const image = now.get(id.toLowerCase())?.image ?? {};
      const isApproved = image['status'] === 'pending' && set['status'] === 'active';
      return way === 'create' || (isApproved && (image['resetAt'] ?? null) !== null);
    }),
    ({ id, set }) => set['budgetDuration'] ?? now.get(id.toLowerCase())?.image['budgetDuration'] ?? null,
  );
  for (const [period, group] of beginning) {
    const resetAt = await nextResetOf(connection, period);
    for (const { id } of group) changed.set(id.toLowerCase(), resetAt);
  }
  return wishes.map((wish) => {
    const resetAt = changed.get(wish.id.toLowerCase());
    return resetAt === undefined ? wish : { ...wish, set: { ...wish.set, resetAt } };
  });
}

/** The dates that other periods bring along, by subscription. */
async function readChangedResets(
  { select }: Connection,
  wishes: readonly Wish[],
): Promise<Map<string, string | null>> {
  const periods = grouped(
    wishes.filter(({ way, set }) => way === 'update' && 'budgetDuration' in set),
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
  return resets;
}
