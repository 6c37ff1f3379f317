import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { DeletionRules } from '../changes/change';
import type { Connection } from '../postgres/database';
import { from, table } from '../postgres/relations';

/** So many log rows are written in one transaction: usage that comes in meanwhile waits for one of them at most. */
const sliceSize = 10_000;

/** What is recorded of requests is not changed by it: charts and counters stay as they are. */
const keepRollups = sql`SELECT set_config('litemaas.keep_rollups', 'on', true)`;

const manyRow = z.strictObject({ many: z.boolean() });
const asideRow = z.strictObject({ has: z.boolean() });
const amountsRow = z.strictObject({ aside: z.int(), left: z.int() });

const idsOf = (teams: readonly string[]) => sql`${sql.param([...teams])}::uuid[]`;

/**
 * SQL: requests in the log that have lost one of these teams, which is there again. Nothing indexes the lost one: what was
 * recorded by day says which subscriptions have some, and when. A day in any time zone is within these of UTC.
 */
const teamlessOf = (teams: readonly string[]): SQL => sql`
  SELECT o.id, o.created_at, o.former_team_id FROM (
    SELECT d.subscription_id, min(d.day) AS first, max(d.day) AS last FROM ${from('usage_daily', 'd')}
    WHERE d.team_id = ANY(${idsOf(teams)}) GROUP BY d.subscription_id
  ) AS used
  JOIN ${from('usage_logs', 'o')} ON o.subscription_id = used.subscription_id
    AND o.created_at >= (used.first - 1)::timestamp AT TIME ZONE 'UTC'
    AND o.created_at < (used.last + 2)::timestamp AT TIME ZONE 'UTC'
  JOIN ${from('teams', 't')} ON t.id = o.former_team_id
  WHERE o.former_team_id = ANY(${idsOf(teams)}) AND o.team_id IS NULL`;

/**
 * How teams are deleted. Their requests stay in the log without the team; a trigger notes beside each which it was
 * (`former_team_id`), and every chart goes on counting it for that team. Where there are many of them, that is done in
 * slices beforehand.
 */
export const teamDeletion: DeletionRules = {
  own: ['team_members'],
  sliceSize: 50,
  async isTooMuch({ select }, teams) {
    const [row] = await select(
      manyRow,
      sql`SELECT count(*) > ${sliceSize} AS many FROM (
        SELECT FROM ${from('usage_logs', 'l')} WHERE l.team_id = ANY(${idsOf(teams)}) LIMIT ${sliceSize + 1}) AS first`,
    );
    return row?.many === true;
  },
  async archive({ run }, teams) {
    await run(keepRollups);
    return run(sql`
      UPDATE ${table('usage_logs')} AS l SET team_id = NULL
      FROM (
        SELECT o.id, o.created_at FROM ${from('usage_logs', 'o')} WHERE o.team_id = ANY(${idsOf(teams)}) LIMIT ${sliceSize}
      ) AS slice
      WHERE l.id = slice.id AND l.created_at = slice.created_at`);
  },
  async restore({ run }, teams, most = sliceSize) {
    await run(keepRollups);
    return run(sql`
      UPDATE ${table('usage_logs')} AS l SET team_id = slice.former_team_id, former_team_id = NULL
      FROM (${teamlessOf(teams)} LIMIT ${most}) AS slice
      WHERE l.id = slice.id AND l.created_at = slice.created_at`);
  },
  async hasAside({ select }, teams) {
    const [row] = await select(asideRow, sql`SELECT EXISTS (${teamlessOf(teams)}) AS has`);
    return row?.has === true;
  },
  async amounts({ select }: Connection, teams) {
    const [row] = await select(
      amountsRow,
      sql`
      SELECT
        (SELECT count(*)::float8 FROM (${teamlessOf(teams)}) AS teamless) AS aside,
        (SELECT count(*)::float8 FROM ${from('usage_logs', 'l')} WHERE l.team_id = ANY(${idsOf(teams)})) AS "left"`,
    );
    return row ?? { aside: 0, left: 0 };
  },
};
