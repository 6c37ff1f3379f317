import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { DeletionRules } from '../changes/change';
import { from, type RelationName, table } from '../postgres/relations';

/** So many log rows are written in one transaction: usage that comes in meanwhile waits for one of them at most. */
const sliceSize = 10_000;

/** What is recorded of requests is not changed by it: charts and counters stay as they are. */
const keepRollups = sql`SELECT set_config('litemaas.keep_rollups', 'on', true)`;

const manyRow = z.strictObject({ many: z.boolean() });
const asideRow = z.strictObject({ has: z.boolean() });
const amountsRow = z.strictObject({ aside: z.int(), left: z.int() });

interface FormerOwner {
  readonly relation: Extract<RelationName, 'teams' | 'api_keys'>;
  /** By which requests belong to it. */
  readonly column: string;
  /** Where a trigger notes what the column held. */
  readonly former: string;
  readonly own: DeletionRules['own'];
}

/**
 * How records are deleted whose requests stay in the log without them. A trigger notes beside each whose it was, and every
 * chart goes on counting it there. Where there are many of them, that is done in slices beforehand.
 */
export function deletionKeepingRequests({ relation, column, former, own }: FormerOwner): DeletionRules {
  const owner = sql.identifier(column);
  const lost = sql.identifier(former);
  const idsOf = (ids: readonly string[]): SQL => sql`${sql.param([...ids])}::uuid[]`;
  /**
   * SQL: requests in the log that have lost one of these, which is there again. Nothing indexes the lost one: what was
   * recorded by day says which subscriptions have some, and when. A day in any time zone is within these of UTC.
   */
  const orphansOf = (ids: readonly string[]): SQL => sql`
  SELECT o.id, o.created_at, o.${lost} FROM (
    SELECT d.subscription_id, min(d.day) AS first, max(d.day) AS last FROM ${from('usage_daily', 'd')}
    WHERE d.${owner} = ANY(${idsOf(ids)}) GROUP BY d.subscription_id
  ) AS used
  JOIN ${from('usage_logs', 'o')} ON o.subscription_id = used.subscription_id
    AND o.created_at >= (used.first - 1)::timestamp AT TIME ZONE 'UTC'
    AND o.created_at < (used.last + 2)::timestamp AT TIME ZONE 'UTC'
  JOIN ${from(relation, 'back')} ON back.id = o.${lost}
  WHERE o.${lost} = ANY(${idsOf(ids)}) AND o.${owner} IS NULL`;
  return {
    own,
    sliceSize: 50,
    async isTooMuch({ select }, ids) {
      const [row] = await select(
        manyRow,
        sql`SELECT count(*) > ${sliceSize} AS many FROM (
        SELECT FROM ${from('usage_logs', 'l')} WHERE l.${owner} = ANY(${idsOf(ids)}) LIMIT ${sliceSize + 1}) AS first`,
      );
      return row?.many === true;
    },
    async archive({ run }, ids) {
      await run(keepRollups);
      return run(sql`
      UPDATE ${table('usage_logs')} AS l SET ${owner} = NULL
      FROM (
        SELECT o.id, o.created_at FROM ${from('usage_logs', 'o')} WHERE o.${owner} = ANY(${idsOf(ids)}) LIMIT ${sliceSize}
      ) AS slice
      WHERE l.id = slice.id AND l.created_at = slice.created_at`);
    },
    async restore({ run }, ids, most = sliceSize) {
      await run(keepRollups);
      return run(sql`
      UPDATE ${table('usage_logs')} AS l SET ${owner} = slice.${lost}, ${lost} = NULL
      FROM (${orphansOf(ids)} LIMIT ${most}) AS slice
      WHERE l.id = slice.id AND l.created_at = slice.created_at`);
    },
    async hasAside({ select }, ids) {
      const [row] = await select(asideRow, sql`SELECT EXISTS (${orphansOf(ids)}) AS has`);
      return row?.has === true;
    },
    async amounts({ select }, ids) {
      const [row] = await select(
        amountsRow,
        sql`
      SELECT
        (SELECT count(*)::float8 FROM (${orphansOf(ids)}) AS orphans) AS aside,
        (SELECT count(*)::float8 FROM ${from('usage_logs', 'l')} WHERE l.${owner} = ANY(${idsOf(ids)})) AS "left"`,
      );
      return row ?? { aside: 0, left: 0 };
    },
  };
}
