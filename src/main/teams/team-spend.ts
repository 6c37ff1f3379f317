import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { shownSpenders } from '../../shared/contract/teams';
import { decimal, reference } from '../../shared/contract/values';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';

/** The rows of `usage_monthly` `m` that belong to the current month of the reporting zone. */
export const thisMonth = sql`m.month >= date_trunc('month', CURRENT_TIMESTAMP AT TIME ZONE litemaas_console.reporting_time_zone())`;

const spendRow = z.strictObject({
  total: decimal,
  members: z.array(z.strictObject({ user: reference, spent: decimal })),
  others: z.int(),
  othersSpent: decimal,
  left: decimal.nullable(),
});

/** What is spent in a team this month, by member: the month's rollup is read once. */
export const teamSpend: Handler<Contract['teams']['spend']> = ({ id }, { signal, workspace: { database } }) =>
  database.read(signal, async ({ select }) => {
    const [row] = await select(
      spendRow,
      sql`
      WITH spent AS MATERIALIZED (
        SELECT m.user_id, sum(m.cost) AS cost, EXISTS (
          SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = ${id} AND tm.user_id = m.user_id) AS is_member
        FROM ${from('usage_monthly', 'm')} WHERE m.team_id = ${id} AND ${thisMonth}
        GROUP BY m.user_id HAVING sum(m.cost) <> 0
      ), placed AS (
        SELECT s.user_id, s.cost, row_number() OVER (ORDER BY s.cost DESC, s.user_id) AS place
        FROM spent AS s WHERE s.is_member
      )
      SELECT
        coalesce((SELECT trim_scale(sum(s.cost)) FROM spent AS s), 0)::text AS total,
        coalesce((
          SELECT jsonb_agg(jsonb_build_object(
            'user', jsonb_build_object('id', u.id, 'label', u.username), 'spent', trim_scale(p.cost)::text)
            ORDER BY p.place)
          FROM placed AS p JOIN ${from('users', 'u')} ON u.id = p.user_id WHERE p.place <= ${shownSpenders}
        ), '[]') AS members,
        (SELECT count(*)::int FROM placed AS p WHERE p.place > ${shownSpenders}) AS others,
        coalesce((SELECT trim_scale(sum(p.cost)) FROM placed AS p WHERE p.place > ${shownSpenders}), 0)::text AS "othersSpent",
        (SELECT trim_scale(sum(s.cost))::text FROM spent AS s WHERE NOT s.is_member) AS "left"`,
    );
    if (row === undefined) throw new Error('SELECT without FROM answered no row');
    const { others: count, othersSpent: spent, ...rest } = row;
    return { ...rest, others: { count, spent } };
  });
