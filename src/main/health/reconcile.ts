import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { reconciledMonth, reconciledSummary } from '../../shared/contract/health';
import type { Contract, ResultOf } from '../../shared/contract/index';
import type { ReportProgress } from '../../shared/progress';
import type { Handler } from '../router/handlers';
import { say } from '../kernel/say';
import { readReportingTimeZone } from '../usage-log/rebuild-usage';
import { throwIfCancelled } from '../kernel/cancelled';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

type Reconciliation = ResultOf<Contract['health']['reconcile']>;
type Month = Reconciliation['months'][number];
type Summary = Reconciliation['summaries'][number];

/**
 * Adds up the logged usage month by month and compares what is derived from it. Each month is one statement and so of
 * one moment: writers may go on. Months whose log (or part of it) was archived are not compared: there the rollup is the truth. Newest first.
 */
export const reconcile: Handler<Contract['health']['reconcile']> = (
  _input,
  { signal, report, workspace: { database } },
) =>
  database.batch(signal, async (connection) => {
    await connection.run(sql`SET TRANSACTION READ ONLY`);
    const timeZone = await readReportingTimeZone(connection.client);
    const months = await forEachMonth(connection, timeZone, signal, report, compareMonth);
    const summaries = await forEachMonth(connection, 'UTC', signal, report, compareSummaries);
    return {
      timeZone,
      months: months
        .filter(({ log, daily, monthly }) => ![log, daily, monthly].every(isNothing))
        .toReversed(),
      summaries: summaries
        .filter(({ log, hours, days, months: whole }) => ![log, hours, days, whole].every(isNothing))
        .toReversed(),
      checkedAt: new Date().toISOString().replace('Z', '000Z'),
    };
  });

/** Calls `compare` with each month of the zone that has logged or derived usage, oldest first. */
async function forEachMonth<T>(
  connection: Connection,
  zone: string,
  signal: AbortSignal,
  report: ReportProgress,
  compare: (connection: Connection, month: string, zone: string) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let month = await nextMonth(connection, '0001-01', zone);
  while (month !== null) {
    // A cancel between two statements found nothing to stop.
    throwIfCancelled(signal);
    report({ title: say('health.reconcile.title'), detail: month });
    results.push(await compare(connection, month, zone));
    month = await nextMonth(connection, month, zone);
  }
  return results;
}

const monthRow = z.strictObject({ month: z.string().nullable() });

/** The first month after `after` (`YYYY-MM`) of which anything is known. Each part is answered by an index. */
async function nextMonth({ select }: Connection, after: string, zone: string): Promise<string | null> {
  const [found] = await select(
    monthRow,
    sql`WITH bounds AS (
       SELECT day, day::timestamp AT TIME ZONE ${zone} AS instant
       FROM (SELECT ((${after}::text || '-01')::date + interval '1 month')::date AS day) AS following
     )
     SELECT to_char(least(
       (SELECT min(created_at) FROM ${from('usage_logs')} WHERE created_at >= instant AND created_at < '9999-01-01')
         AT TIME ZONE ${zone},
       (
         SELECT min(created_at) FROM ${from('unattributed_usage')}
         WHERE created_at >= instant AND created_at < '9999-01-01'
       ) AT TIME ZONE ${zone},
       (
         SELECT min(period_start) FROM ${from('usage_summaries')}
         WHERE period_type = 'month' AND period_start >= instant
       ) AT TIME ZONE ${zone},
       (SELECT min(u.day) FROM ${from('usage_daily', 'u')} WHERE u.day >= bounds.day),
       (SELECT min(u.month) FROM ${from('usage_monthly', 'u')} WHERE u.month >= bounds.day)
     ), 'YYYY-MM') AS month
     FROM bounds`,
  );
  return found?.month ?? null;
}

const boundsOfMonth = (month: string, zone: string): SQL => sql`
  WITH days AS (
    SELECT (${month}::text || '-01')::date AS first, ((${month}::text || '-01')::date + interval '1 month')::date AS past
  ), bounds AS (
    SELECT first, past, first::timestamp AT TIME ZONE ${zone} AS from_time, past::timestamp AT TIME ZONE ${zone} AS to_time
    FROM days
  )`;

const comparedMonth = reconciledMonth.omit({ month: true, state: true }).extend({ is_live: z.boolean() });

async function compareMonth({ select }: Connection, month: string, zone: string): Promise<Month> {
  const sums = (tokens: SQL): SQL => sql`jsonb_build_object(
    'requests', coalesce(sum(requests), 0)::text, 'tokens', coalesce(sum(${tokens}), 0)::text,
    'cost', trim_scale(coalesce(sum(cost), 0))::text)`;
  const rollupTokens = sql`request_tokens + response_tokens`;
  const [row] = await select(
    comparedMonth,
    sql`${boundsOfMonth(month, zone)}
     SELECT
       litemaas_console.usage_is_live(NULL, from_time, to_time) AS is_live,
       (
         SELECT ${sums(sql`tokens`)} FROM (
           SELECT count(*) AS requests, sum(request_tokens + response_tokens) AS tokens, sum(total_cost) AS cost
           FROM ${from('usage_facts')} WHERE created_at >= from_time AND created_at < to_time
         ) AS logged
       ) AS log,
       (
         SELECT ${sums(rollupTokens)} FROM ${from('usage_daily')} WHERE day >= first AND day < past
       ) AS daily,
       (SELECT ${sums(rollupTokens)} FROM ${from('usage_monthly')} WHERE month = first) AS monthly
     FROM bounds`,
  );
  if (!row) throw new Error('a SELECT from bounds has one row');
  const { is_live: isLive, log, daily, monthly } = row;
  const state = isLive ? (equal(log, daily) && equal(log, monthly) ? 'equal' : 'differs') : 'archived';
  return { month, state, log, daily, monthly };
}

const comparedSummaries = reconciledSummary
  .omit({ month: true, state: true })
  .extend({ is_live: z.boolean() });

async function compareSummaries({ select }: Connection, month: string, zone: string): Promise<Summary> {
  const period = (type: string): SQL => sql`(
    SELECT jsonb_build_object('requests', coalesce(sum(request_count), 0)::text,
      'tokens', coalesce(sum(total_tokens), 0)::text)
    FROM ${from('usage_summaries')}
    WHERE period_type = ${type} AND period_start >= from_time AND period_start < to_time
  )`;
  const [row] = await select(
    comparedSummaries,
    sql`${boundsOfMonth(month, zone)}
     SELECT
       litemaas_console.usage_is_live(NULL, from_time, to_time) AS is_live,
       (
         SELECT jsonb_build_object('requests', count(*)::text, 'tokens', coalesce(sum(total_tokens), 0)::text)
         FROM ${from('usage_logs')} WHERE created_at >= from_time AND created_at < to_time
       ) AS log,
       CASE WHEN litemaas_console.usage_is_live('hours_pruned', from_time, to_time) THEN ${period('hour')} END AS hours,
       ${period('day')} AS days,
       ${period('month')} AS months
     FROM bounds`,
  );
  if (!row) throw new Error('a SELECT from bounds has one row');
  const { is_live: isLive, log, hours, days, months } = row;
  const matches = (hours === null || equal(log, hours)) && equal(log, days) && equal(log, months);
  return { month, state: isLive ? (matches ? 'equal' : 'differs') : 'archived', log, hours, days, months };
}

/** Usage that was deleted again leaves rows of zeros. */
function isNothing(sum: Readonly<Record<string, string>> | null): boolean {
  return sum === null || Object.values(sum).every((value) => value === '0');
}

function equal<T extends Readonly<Record<string, string>>>(a: T, b: T): boolean {
  return Object.keys(a).every((name) => a[name] === b[name]);
}
