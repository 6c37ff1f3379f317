import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { bigInteger, calendarDay } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import type { ReportProgress } from '../../shared/progress';
import type { OwnUndo } from '../changes/own-undo';
import { recordChange } from '../changes/record-change';
import type { Image } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { say } from '../kernel/say';
import { readReportingTimeZone, rebuildUsage } from '../usage-log/rebuild-usage';

/** What changing the zone would touch, from the charts' own tables: the log may hold many millions of rows. */
export const previewReportingTimeZone: Handler<Contract['settings']['previewReportingTimeZone']> = (
  { timeZone },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const present = await readReportingTimeZone(connection.client);
    const extent = await readExtent(connection);
    return {
      from: present,
      to: timeZone,
      ...extent,
      obstacle: await findObstacle(connection, present, timeZone),
    };
  });

const usageExtent = z.strictObject({
  requests: bigInteger,
  months: z.int(),
  firstDay: calendarDay.nullable(),
  lastDay: calendarDay.nullable(),
  rowsRewritten: bigInteger,
});
type Extent = z.infer<typeof usageExtent>;

const zoneFacts = z.strictObject({ known: z.boolean(), archived: z.boolean() });

async function readExtent({ select }: Connection): Promise<Extent> {
  const [extent] = await select(
    usageExtent,
    sql`
    WITH months AS (
      SELECT sum(requests) AS requests, count(DISTINCT month)::int AS months, count(*) AS rows
      FROM ${from('usage_monthly')}
    ), days AS (
      SELECT to_char(min(day), 'YYYY-MM-DD') AS first_day, to_char(max(day), 'YYYY-MM-DD') AS last_day,
        count(*) AS rows
      FROM ${from('usage_daily')}
    ), latency AS (
      SELECT count(*) AS rows FROM ${from('usage_latency')}
    )
    SELECT coalesce(months.requests, 0)::bigint AS requests, months.months, days.first_day AS "firstDay",
      days.last_day AS "lastDay", months.rows + days.rows + latency.rows AS "rowsRewritten"
    FROM months, days, latency`,
  );
  if (!extent) throw new Error('an aggregate has one row');
  return extent;
}

async function findObstacle({ select }: Connection, present: string, to: string): Promise<string | null> {
  if (present === to) return say('settings.sameZone', { timeZone: to });
  const [found] = await select(
    zoneFacts,
    sql`
    SELECT
      EXISTS (SELECT FROM pg_timezone_names WHERE name = ${to}) AS known,
      EXISTS (SELECT FROM ${from('usage_ranges')} WHERE state = 'log_archived') AS archived`,
  );
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
    await lockTimeZone(connection);
    const present = await readReportingTimeZone(connection.client);
    const obstacle = await findObstacle(connection, present, timeZone);
    if (obstacle !== null) throw new AppError('conflict', obstacle);
    const requests = await cutInZone(connection, timeZone, report);
    await recordChange(connection, workspace, {
      action: 'REPORTING_TIME_ZONE_UPDATE',
      id: 'reporting_time_zone',
      before: { timeZone: present },
      after: { timeZone },
      facts: { requests },
    });
  });
  return { timeZone };
};

/** Taking the zone back is changing it once more: nothing else is kept of the former figures. */
export const undoReportingTimeZone: OwnUndo = {
  actions: ['REPORTING_TIME_ZONE_UPDATE', 'REPORTING_TIME_ZONE_UPDATE_UNDO'],
  label: () => say('settings.zone'),
  readNow: async ({ client }) => ({ timeZone: await readReportingTimeZone(client) }),
  async rules(connection, wanted) {
    const present = await readReportingTimeZone(connection.client);
    const obstacle = await findObstacle(connection, present, zoneOf(wanted));
    if (obstacle !== null) return [{ severity: 'error', text: obstacle }];
    const { requests } = await readExtent(connection);
    const text = say('settings.recounted', { count: Number(requests), formatted: requests });
    return [{ severity: 'warning', text }];
  },
  statements: (wanted) => [`SELECT litemaas_console.rebuild_usage(${literal(zoneOf(wanted))});`],
  lock: lockTimeZone,
  async write(connection, wanted, report) {
    await cutInZone(connection, zoneOf(wanted), report);
  },
};

const zoneOf = ({ timeZone }: Image): string => (typeof timeZone === 'string' ? timeZone : '');
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The advisory lock of whoever changes the zone: any constant that nothing else in the database uses. */
const zoneLock = '8135560942217730641';

async function lockTimeZone({ run }: Connection): Promise<void> {
  await run(sql`SELECT pg_advisory_xact_lock(${zoneLock}::bigint)`);
}

/** Answers how many requests were counted anew. */
async function cutInZone(connection: Connection, timeZone: string, report: ReportProgress): Promise<string> {
  const { requests } = await readExtent(connection);
  report({
    title: say('settings.rebuild'),
    detail: say('settings.rebuildDetail', { count: Number(requests), formatted: requests }),
  });
  await rebuildUsage(connection.client, { reportingTimeZone: timeZone });
  return requests;
}
