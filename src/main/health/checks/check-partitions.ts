import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { HealthFinding } from '../../../shared/contract/health';
import { bigInteger } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { missingPartitionMonths } from '../../postgres/ensure-partitions';
import { say } from '../../kernel/say';
import { type Check, facts } from './check';
import { from, tables } from '../../postgres/relations';

/** The months that the usage log should have, those taken out of it, and rows that found none. */
export const checkPartitions: Check = async ({ connection, now, partitionsObstacle }) => {
  const missing = await missingPartitionMonths(connection.client, now);
  const detached = await readDetachedMonths(connection);
  const absent = missing.filter((month) => !detached.includes(month));
  const present = now.toISOString().slice(0, 7);
  return {
    findings: [
      ...missingFindings(absent, present, partitionsObstacle),
      ...detachedFindings(detached, missing, present),
      ...(await defaultFindings(connection)),
    ],
  };
};

const attachedSql = `SELECT child.relname, pg_get_expr(child.relpartbound, child.oid)
FROM pg_inherits
JOIN pg_class child ON child.oid = inhrelid
WHERE inhparent = '${tables.usage_logs}'::regclass
ORDER BY 1;`;

/** Now or ahead: rows of today have nowhere to go. Back: they come with imports only. */
function missingFindings(
  absent: readonly string[],
  present: string,
  obstacle: string | null,
): HealthFinding[] {
  const due = absent.filter((month) => month >= present);
  const back = absent.filter((month) => month < present);
  const finding = (
    kind: 'due' | 'back',
    severity: HealthFinding['severity'],
    months: readonly string[],
  ): HealthFinding[] =>
    months.length === 0
      ? []
      : [
          {
            id: `partitions:${kind}`,
            severity,
            title: say(`health.partitions.${kind}`, { count: months.length }),
            meaning: say(`health.partitions.${kind}Meaning`),
            object: tables.usage_logs,
            facts: facts(
              [say('health.partitions.months'), months.join(', '), 'text'],
              [say('health.partitions.notKept'), kind === 'due' ? obstacle : null, 'text'],
            ),
            evidenceSql: attachedSql,
            repair: { kind: 'create_partitions' },
          },
        ];
  return [...finding('due', 'error', due), ...finding('back', 'warning', back)];
}

function detachedFindings(
  detached: readonly string[],
  missing: readonly string[],
  present: string,
): HealthFinding[] {
  return detached.map((month) => {
    const table = `${tables.usage_logs}_${month.replace('-', '_')}`;
    const isDue = missing.includes(month) && month >= present;
    return {
      id: `partitions:detached:${month}`,
      severity: isDue ? 'error' : 'info',
      title: say('health.partitions.detached', { table }),
      meaning: say(isDue ? 'health.partitions.detachedDueMeaning' : 'health.partitions.detachedMeaning'),
      object: table,
      facts: [],
      evidenceSql: attachedSql,
      repair: null,
    };
  });
}

async function defaultFindings(connection: Connection): Promise<HealthFinding[]> {
  const months = await readDefaultMonths(connection);
  if (months.length === 0) return [];
  const rows = months.reduce((sum, month) => sum + BigInt(month.rows), 0n);
  const movable = months.filter(({ obstacle }) => obstacle === null);
  return [
    {
      id: 'partitions:default',
      severity: 'warning',
      title: say('health.partitions.default', { count: months.length }),
      meaning: say('health.partitions.defaultMeaning'),
      object: tables.usage_logs_default,
      facts: facts(
        [say('health.rows'), String(rows), 'count'],
        [say('health.partitions.months'), months.map(({ month }) => month).join(', '), 'text'],
      ),
      evidenceSql: `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, count(*)\nFROM ${tables.usage_logs_default}\nGROUP BY 1\nORDER BY 1;`,
      repair: movable.length === 0 ? null : { kind: 'move_default_rows' },
    },
  ];
}

const defaultMonth = z.strictObject({
  /** `YYYY-MM` in UTC; `-infinity` and `infinity` where the rows have no month. */
  month: z.string(),
  rows: bigInteger,
  /** Why they cannot be moved: no month, or a table of the month's name that is not attached. */
  obstacle: z.enum(['no_month', 'detached']).nullable(),
});
export type DefaultMonth = z.infer<typeof defaultMonth>;
const detachedMonth = z.strictObject({ month: z.string() });

/** The months of which rows lie in the DEFAULT partition, oldest first. */
export async function readDefaultMonths({ select }: Connection): Promise<DefaultMonth[]> {
  return select(
    defaultMonth,
    sql`
    WITH months AS (
      SELECT date_trunc('month', created_at AT TIME ZONE 'UTC') AS month, count(*) AS rows
      FROM ${from('usage_logs_default')}
      GROUP BY 1
    )
    SELECT
      CASE WHEN isfinite(month) THEN to_char(month, 'YYYY-MM') ELSE month::text END AS month,
      rows::text AS rows,
      CASE
        -- create_usage_partition names its table by a year of four digits.
        WHEN NOT isfinite(month) OR month < '0001-01-01' OR month >= '9999-12-01' THEN 'no_month'
        WHEN to_regclass(${`${tables.usage_logs}_`} || to_char(month, 'YYYY_MM')) IS NOT NULL THEN 'detached'
      END AS obstacle
    FROM months
    ORDER BY months.month`,
  );
}

/** Tables named like a month of the log that are not part of it. */
async function readDetachedMonths({ select }: Connection): Promise<string[]> {
  const rows = await select(
    detachedMonth,
    sql`
    SELECT replace(substring(relname FROM '\\d{4}_\\d{2}$'), '_', '-') AS month
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname ~ '^usage_logs_\\d{4}_\\d{2}$'
      AND NOT EXISTS (
        SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid AND inhparent = ${tables.usage_logs}::regclass
      )
    ORDER BY 1`,
  );
  return rows.map(({ month }) => month);
}
