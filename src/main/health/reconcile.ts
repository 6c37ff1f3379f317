import type pg from 'pg';
import type { Contract, ResultOf } from '../../shared/contract/index';
import type { ReportProgress } from '../../shared/progress';
import type { Handler } from '../router/handlers';
import { say } from '../say';
import { throwIfCancelled } from '../cancelled';

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
  database.batch(signal, async ({ client }) => {
    await client.query('SET TRANSACTION READ ONLY');
    const zone = await client.query<{ name: string }>(
      'SELECT litemaas_console.reporting_time_zone() AS name',
    );
    const timeZone = zone.rows[0]?.name ?? 'UTC';
    const months = await forEachMonth(client, timeZone, signal, report, compareMonth);
    const summaries = await forEachMonth(client, 'UTC', signal, report, compareSummaries);
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
  client: pg.ClientBase,
  zone: string,
  signal: AbortSignal,
  report: ReportProgress,
  compare: (client: pg.ClientBase, month: string, zone: string) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let month = await nextMonth(client, '0001-01', zone);
  while (month !== null) {
    // A cancel between two statements found nothing to stop.
    throwIfCancelled(signal);
    report({ title: say('health.reconcile.title'), detail: month });
    results.push(await compare(client, month, zone));
    month = await nextMonth(client, month, zone);
  }
  return results;
}

/** The first month after `after` (`YYYY-MM`) of which anything is known. Each part is answered by an index. */
async function nextMonth(client: pg.ClientBase, after: string, zone: string): Promise<string | null> {
  const { rows } = await client.query<{ month: string | null }>(
    `WITH bounds AS (
       SELECT day, day::timestamp AT TIME ZONE $2 AS instant
       FROM (SELECT (($1 || '-01')::date + interval '1 month')::date AS day) AS following
     )
     SELECT to_char(least(
       (SELECT min(created_at) FROM public.usage_logs WHERE created_at >= instant AND created_at < '9999-01-01')
         AT TIME ZONE $2,
       (
         SELECT min(created_at) FROM litemaas_console.unattributed_usage
         WHERE created_at >= instant AND created_at < '9999-01-01'
       ) AT TIME ZONE $2,
       (
         SELECT min(period_start) FROM public.usage_summaries
         WHERE period_type = 'month' AND period_start >= instant
       ) AT TIME ZONE $2,
       (SELECT min(u.day) FROM litemaas_console.usage_daily u WHERE u.day >= bounds.day),
       (SELECT min(u.month) FROM litemaas_console.usage_monthly u WHERE u.month >= bounds.day)
     ), 'YYYY-MM') AS month
     FROM bounds`,
    [after, zone],
  );
  return rows[0]?.month ?? null;
}

const boundsOfMonth = `
  WITH days AS (
    SELECT ($1 || '-01')::date AS first, (($1 || '-01')::date + interval '1 month')::date AS past
  ), bounds AS (
    SELECT first, past, first::timestamp AT TIME ZONE $2 AS from_time, past::timestamp AT TIME ZONE $2 AS to_time
    FROM days
  )`;

interface ComparedMonth extends Omit<Month, 'month' | 'state'> {
  readonly is_live: boolean;
}

async function compareMonth(client: pg.ClientBase, month: string, zone: string): Promise<Month> {
  const sums = (tokens: string): string => `jsonb_build_object(
    'requests', coalesce(sum(requests), 0)::text, 'tokens', coalesce(sum(${tokens}), 0)::text,
    'cost', trim_scale(coalesce(sum(cost), 0))::text)`;
  const rollupTokens = 'request_tokens + response_tokens';
  const { rows } = await client.query<ComparedMonth>(
    `${boundsOfMonth}
     SELECT
       litemaas_console.usage_is_live(NULL, from_time, to_time) AS is_live,
       (
         SELECT ${sums('tokens')} FROM (
           SELECT count(*) AS requests, sum(request_tokens + response_tokens) AS tokens, sum(total_cost) AS cost
           FROM litemaas_console.usage_facts WHERE created_at >= from_time AND created_at < to_time
         ) AS logged
       ) AS log,
       (
         SELECT ${sums(rollupTokens)} FROM litemaas_console.usage_daily WHERE day >= first AND day < past
       ) AS daily,
       (SELECT ${sums(rollupTokens)} FROM litemaas_console.usage_monthly WHERE month = first) AS monthly
     FROM bounds`,
    [month, zone],
  );
  const row = rows[0];
  if (!row) throw new Error('a SELECT from bounds has one row');
  const { is_live: isLive, log, daily, monthly } = row;
  const state = isLive ? (equal(log, daily) && equal(log, monthly) ? 'equal' : 'differs') : 'archived';
  return { month, state, log, daily, monthly };
}

interface ComparedSummaries extends Omit<Summary, 'month' | 'state'> {
  readonly is_live: boolean;
}

async function compareSummaries(client: pg.ClientBase, month: string, zone: string): Promise<Summary> {
  const period = (type: string): string => `(
    SELECT jsonb_build_object('requests', coalesce(sum(request_count), 0)::text,
      'tokens', coalesce(sum(total_tokens), 0)::text)
    FROM public.usage_summaries
    WHERE period_type = '${type}' AND period_start >= from_time AND period_start < to_time
  )`;
  const { rows } = await client.query<ComparedSummaries>(
    `${boundsOfMonth}
     SELECT
       litemaas_console.usage_is_live(NULL, from_time, to_time) AS is_live,
       (
         SELECT jsonb_build_object('requests', count(*)::text, 'tokens', coalesce(sum(total_tokens), 0)::text)
         FROM public.usage_logs WHERE created_at >= from_time AND created_at < to_time
       ) AS log,
       CASE WHEN litemaas_console.usage_is_live('hours_pruned', from_time, to_time) THEN ${period('hour')} END AS hours,
       ${period('day')} AS days,
       ${period('month')} AS months
     FROM bounds`,
    [month, zone],
  );
  const row = rows[0];
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
