import { sql } from 'drizzle-orm';
import type * as z from 'zod';
import type { freshness } from '../../shared/contract/usage';
import type { Connection } from '../postgres/database';

export type Freshness = z.infer<typeof freshness>;

/**
 * Up to when usage is counted, and the zone whose days the rollups are cut in (the database's own setting: another
 * zone in a profile would name days that were never cut).
 */
export async function readFreshness({ select }: Connection): Promise<Freshness> {
  const [row] = await select<Freshness>(sql`
    SELECT
      greatest(
        (SELECT max(created_at) FROM usage_logs),
        (SELECT max(created_at) FROM litemaas_console.unattributed_usage)
      ) AS "latestUsageAt",
      litemaas_console.reporting_time_zone() AS "timeZone"`);
  return row ?? { latestUsageAt: null, timeZone: 'UTC' };
}
