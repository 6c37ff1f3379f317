import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { decimal } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const recordedRow = z.strictObject({ requests: z.int(), cost: decimal.nullable() });

/** What is recorded of keys or subscriptions together, from the rollups: how many requests, and their cost in USD. */
export async function readRecordedUsage(
  { select }: Connection,
  of: 'api_key_id' | 'subscription_id',
  ids: readonly string[],
): Promise<{ readonly requests: number; readonly cost: string }> {
  const [row] = await select(
    recordedRow,
    sql`
    SELECT coalesce(sum(m.requests), 0)::float8 AS requests, trim_scale(sum(m.cost))::text AS cost
    FROM ${from('usage_monthly', 'm')} WHERE m.${sql.identifier(of)} = ANY(${sql.param([...ids])}::uuid[])`,
  );
  return { requests: row?.requests ?? 0, cost: row?.cost ?? '0' };
}
