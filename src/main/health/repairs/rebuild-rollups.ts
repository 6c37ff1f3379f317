import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger, decimal } from '../../../shared/contract/values';
import { rebuildUsage } from '../../usage-log/rebuild-usage';
import { say } from '../../kernel/say';
import { facts } from '../checks/check';
import type { Connection } from '../../postgres/database';
import type { Repair, RepairOf } from './repair';
import { from, tables } from '../../postgres/relations';

const usageCounts = z.strictObject({ logged: bigInteger, unattributed: bigInteger, archived: bigInteger });

/** Makes summaries and rollups again from the log, in one statement. */
export const rebuildRollups: Repair<RepairOf<'rebuild_usage'>> = {
  mode: 'transaction',
  async plan(connection) {
    const [found] = await connection.select(
      usageCounts,
      sql`
      SELECT
        coalesce(sum(greatest(child.reltuples, 0)), 0)::bigint::text AS logged,
        (
          SELECT greatest(reltuples, 0)::bigint FROM pg_class
          WHERE oid = ${tables.unattributed_usage}::regclass
        )::text AS unattributed,
        (SELECT count(*) FROM ${from('usage_ranges')} WHERE state = 'log_archived')::text AS archived
      FROM pg_inherits
      JOIN pg_class child ON child.oid = inhrelid
      WHERE inhparent = ${tables.usage_logs}::regclass`,
    );
    const { logged = '0', unattributed = '0', archived = '0' } = found ?? {};
    const total = Number(logged) + Number(unattributed);
    return {
      title: say('health.repair.title.rebuild_usage'),
      facts: facts(
        [say('health.repair.logged'), logged, 'count'],
        [say('health.repair.unattributed'), unattributed, 'count'],
        [say('health.repair.archivedRanges'), archived, 'count'],
      ),
      statements: ['SELECT litemaas_console.rebuild_usage();'],
      blocks: 'log_writes',
      duration: total < 200_000 ? 'seconds' : total < 20_000_000 ? 'minutes' : 'long',
      before: await readTotals(connection),
    };
  },
  async run(connection) {
    await rebuildUsage(connection.client);
    return { summary: say('health.repair.rebuildDone'), after: await readTotals(connection) };
  },
};

const usageTotals = z.strictObject({
  dailyRequests: bigInteger,
  dailyCost: decimal,
  monthlyRequests: bigInteger,
  monthlyCost: decimal,
  summarisedRequests: bigInteger,
  summarisedTokens: bigInteger,
});

/** What charts and summaries add up to, before and after: they are what the log says, or were not. */
async function readTotals({ select }: Connection): Promise<z.infer<typeof usageTotals>> {
  const [totals] = await select(
    usageTotals,
    sql`
    SELECT daily.requests AS "dailyRequests", trim_scale(daily.cost) AS "dailyCost",
      monthly.requests AS "monthlyRequests", trim_scale(monthly.cost) AS "monthlyCost",
      summaries.requests AS "summarisedRequests", summaries.tokens AS "summarisedTokens"
    FROM (
      SELECT coalesce(sum(requests), 0)::bigint AS requests, coalesce(sum(cost), 0) AS cost FROM ${from('usage_daily')}
    ) AS daily, (
      SELECT coalesce(sum(requests), 0)::bigint AS requests, coalesce(sum(cost), 0) AS cost FROM ${from('usage_monthly')}
    ) AS monthly, (
      SELECT coalesce(sum(request_count), 0)::bigint AS requests, coalesce(sum(total_tokens), 0)::bigint AS tokens
      FROM ${from('usage_summaries')}
    ) AS summaries`,
  );
  if (!totals) throw new Error('an aggregate has one row');
  return totals;
}
