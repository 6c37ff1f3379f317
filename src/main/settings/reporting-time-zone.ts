import { sql } from 'drizzle-orm';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { writeAudit } from '../audit/write-audit';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { say } from '../say';
import { readReportingTimeZone, rebuildUsage } from '../usage/rebuild-usage';

type Preview = ResultOf<Contract['settings']['previewReportingTimeZone']>;

/** What changing the zone would touch, from the charts' own tables: the log may hold many millions of rows. */
export const previewReportingTimeZone: Handler<Contract['settings']['previewReportingTimeZone']> = (
  { timeZone },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const from = await readReportingTimeZone(connection.client);
    const extent = await readExtent(connection);
    return { from, to: timeZone, ...extent, obstacle: await findObstacle(connection, from, timeZone) };
  });

type Extent = Pick<Preview, 'requests' | 'months' | 'firstDay' | 'lastDay' | 'rowsRewritten'>;

async function readExtent({ select }: Connection): Promise<Extent> {
  const [extent] = await select<Extent>(sql`
    WITH months AS (
      SELECT sum(requests) AS requests, count(DISTINCT month)::int AS months, count(*) AS rows
      FROM litemaas_console.usage_monthly
    ), days AS (
      SELECT to_char(min(day), 'YYYY-MM-DD') AS first_day, to_char(max(day), 'YYYY-MM-DD') AS last_day,
        count(*) AS rows
      FROM litemaas_console.usage_daily
    ), latency AS (
      SELECT count(*) AS rows FROM litemaas_console.usage_latency
    )
    SELECT coalesce(months.requests, 0)::bigint AS requests, months.months, days.first_day AS "firstDay",
      days.last_day AS "lastDay", months.rows + days.rows + latency.rows AS "rowsRewritten"
    FROM months, days, latency`);
  if (!extent) throw new Error('an aggregate has one row');
  return extent;
}

async function findObstacle({ select }: Connection, from: string, to: string): Promise<string | null> {
  if (from === to) return say('settings.sameZone', { timeZone: to });
  const [found] = await select<{ known: boolean; archived: boolean }>(sql`
    SELECT
      EXISTS (SELECT FROM pg_timezone_names WHERE name = ${to}) AS known,
      EXISTS (SELECT FROM litemaas_console.usage_ranges WHERE state = 'log_archived') AS archived`);
  if (found?.known !== true) return say('settings.unknownZone', { timeZone: to });
  return found.archived ? say('settings.archived') : null;
}

/**
 * Cuts all recorded usage into the days of another zone, and records who did it, in one transaction: cancelled or
 * failed, the former figures stay.
 */
export const changeReportingTimeZone: Handler<Contract['settings']['changeReportingTimeZone']> = async (
  { timeZone },
  { signal, report, workspace },
) => {
  await workspace.database.batch(signal, async (connection) => {
    const from = await readReportingTimeZone(connection.client);
    const obstacle = await findObstacle(connection, from, timeZone);
    if (obstacle !== null) throw new AppError('conflict', obstacle);
    const { requests } = await readExtent(connection);
    report({
      title: say('settings.rebuild'),
      detail: say('settings.rebuildDetail', { count: Number(requests), formatted: requests }),
    });
    await rebuildUsage(connection.client, { reportingTimeZone: timeZone });
    await writeAudit(connection, workspace, [
      {
        action: 'REPORTING_TIME_ZONE_UPDATE',
        resourceType: 'SETTING',
        resourceId: 'reporting_time_zone',
        metadata: { before: { timeZone: from }, after: { timeZone }, requests },
      },
    ]);
  });
  return { timeZone };
};
