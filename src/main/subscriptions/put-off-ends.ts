import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../shared/contract/values';
import type { Wish } from '../changes/judge';
import { instantText } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const endRow = z.strictObject({ id: uuid, ends: z.string().nullable(), isClosed: z.boolean() });

/**
 * Wishes for later ends: each so many days after the one it has, by the days of the reporting zone; where that is past,
 * after the end of today. What never expires stays so.
 */
export async function putOffEnds(
  { select }: Connection,
  wishes: readonly Wish[],
  days: number,
): Promise<Wish[]> {
  const rows = await select(
    endRow,
    sql`
    SELECT s.id, s.status = 'expired' AS "isClosed", ${instantText(sql`later.ends`)} AS ends
    FROM ${from('subscriptions', 's')}, litemaas_console.reporting_time_zone() AS zone (name),
      LATERAL (SELECT
        (CASE WHEN s.expires_at > CURRENT_TIMESTAMP THEN s.expires_at AT TIME ZONE zone.name
          ELSE date_trunc('day', CURRENT_TIMESTAMP AT TIME ZONE zone.name) + interval '1 day' - interval '1 second' END
          + make_interval(days => ${days}::int)) AT TIME ZONE zone.name AS ends
      ) AS later
    WHERE s.id = ANY(${sql.param(wishes.map(({ id }) => id))}::uuid[]) AND s.expires_at IS NOT NULL`,
  );
  const ends = new Map(rows.map((row) => [row.id, row]));
  return wishes.map((wish) => {
    const { ends: expiresAt = null, isClosed = false } = ends.get(wish.id.toLowerCase()) ?? {};
    return { ...wish, set: { expiresAt, ...(isClosed ? { status: 'active' } : {}) } };
  });
}
