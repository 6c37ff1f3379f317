import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { instant } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';

/**
 * The last second of a day in the reporting zone: a key that ends "on" a day works all through it, also where the day
 * is an hour longer or has no midnight.
 * @param day `YYYY-MM-DD`.
 */
export async function endOfDay({ select }: Connection, day: string): Promise<string> {
  const [row] = await select(
    z.strictObject({ end: instant }),
    sql`SELECT ((${day}::date + 1)::timestamp AT TIME ZONE litemaas_console.reporting_time_zone()) - interval '1 second' AS "end"`,
  );
  if (row === undefined) throw new Error('a statement of one row answered none');
  return row.end;
}
