import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { DeletionRules } from '../changes/change';
import { from } from '../postgres/relations';
import { moveToArchive, moveToLog } from '../usage-log/archive-usage';

/** SQL: the ids and times of the requests of subscriptions in one of the two places. */
const requestsOf = {
  log: (ids: readonly string[]): SQL => sql`
    SELECT o.id, o.created_at FROM ${from('usage_logs', 'o')}
    WHERE o.subscription_id = ANY(${sql.param([...ids])}::uuid[])`,
  archive: (ids: readonly string[]): SQL => sql`
    SELECT o.id, o.created_at FROM ${from('unattributed_usage', 'o')}
    JOIN ${from('subscriptions', 's')} ON s.id = o.subscription_id
    WHERE s.id = ANY(${sql.param([...ids])}::uuid[]) AND o.reason = 'subscription_deleted'`,
};

const manyRow = z.strictObject({ many: z.boolean() });
const asideRow = z.strictObject({ has: z.boolean() });
const amountsRow = z.strictObject({ aside: z.int(), left: z.int() });

/**
 * How subscriptions are deleted: what was used through them goes to the archive, and stays in every chart.
 * @param most so many requests are moved in one transaction.
 */
export function subscriptionDeletionBy(most: number): DeletionRules {
  return {
    own: [],
    sliceSize: 50,
    async isTooMuch({ select }, ids) {
      const [row] = await select(
        manyRow,
        sql`SELECT count(*) > ${most} AS many FROM (${requestsOf.log(ids)} LIMIT ${most + 1}) AS first`,
      );
      return row?.many === true;
    },
    archive: (connection, ids) => moveToArchive(connection, sql`${requestsOf.log(ids)} LIMIT ${most}`),
    restore: (connection, ids, atOnce = most) =>
      moveToLog(connection, sql`${requestsOf.archive(ids)} LIMIT ${Math.min(atOnce, most)}`),
    async hasAside({ select }, ids) {
      const [row] = await select(asideRow, sql`SELECT EXISTS (${requestsOf.archive(ids)}) AS has`);
      return row?.has === true;
    },
    async amounts({ select }, ids) {
      const [row] = await select(
        amountsRow,
        sql`
        SELECT (SELECT count(*)::float8 FROM (${requestsOf.archive(ids)}) AS moved) AS aside,
          (SELECT count(*)::float8 FROM (${requestsOf.log(ids)}) AS logged) AS "left"`,
      );
      return row ?? { aside: 0, left: 0 };
    },
  };
}
