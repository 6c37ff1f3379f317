import { sql } from 'drizzle-orm';
import type * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { usageFigures } from '../../shared/contract/usage';
import { bigInteger } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { say } from '../kernel/say';
import { readFreshness } from './freshness';
import { readPercentiles } from './latency-percentiles';
import { checkRange, previousRange, type UsageRange } from './range';
import { summedFigures, type UsageFilters, usageRelation } from './usage-source';

const storedTotals = usageFigures.extend({ unattributedRequests: bigInteger });

/** The figures of a range, of the equally long one before, and how much of it no subscription covers. */
export const usageTotals: Handler<Contract['usage']['totals']> = async (
  { range, filters },
  { signal, workspace: { database } },
) => {
  checkRange(range);
  return database.read(signal, async (connection) => {
    const { unattributedRequests, ...totals } = await readTotals(connection, range, filters);
    const { unattributedRequests: _, ...previous } = await readTotals(
      connection,
      previousRange(range),
      filters,
    );
    return {
      totals,
      previous,
      latencyPercentilesMs: await readPercentiles(connection, range, filters),
      unattributedRequests,
      freshness: await readFreshness(connection),
    };
  });
};

async function readTotals(
  { select }: Connection,
  range: UsageRange,
  filters: UsageFilters,
): Promise<z.infer<typeof storedTotals>> {
  const [row] = await select(
    storedTotals,
    sql`
      SELECT ${summedFigures},
        coalesce(sum(usage.requests) FILTER (WHERE usage.subscription_id IS NULL), 0) AS "unattributedRequests"
      FROM ${usageRelation(range, filters, { byDay: false })}`,
  );
  if (!row) throw new AppError('internal', say('connection.noRow'));
  return row;
}
