import { sql } from 'drizzle-orm';
import type * as z from 'zod';
import { freshness } from '../../shared/contract/usage';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

export type Freshness = z.infer<typeof freshness>;

/**
 * Up to when usage is counted, and the zone whose days the rollups are cut in (the database's own setting: another
 * zone in a profile would name days that were never cut).
 */
export async function readFreshness({ select }: Connection): Promise<Freshness> {
  const [row] = await select(
    freshness,
    sql`
      SELECT
        greatest(
          (SELECT max(created_at) FROM ${from('usage_logs')}),
          (SELECT max(created_at) FROM ${from('unattributed_usage')})
        ) AS "latestUsageAt",
        litemaas_console.reporting_time_zone() AS "timeZone"`,
  );
  return row ?? { latestUsageAt: null, timeZone: 'UTC' };
}
