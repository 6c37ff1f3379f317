import type pg from 'pg';
import type { HealthFinding } from '../../../shared/contract/health';
import { missingPartitionMonths } from '../../postgres/ensure-partitions';
import { say } from '../../say';
import { type Check, facts } from './check';

/** The months that the usage log should have, those taken out of it, and rows that found none. */
export const checkPartitions: Check = async ({ connection: { client }, now }) => {
  const missing = await missingPartitionMonths(client, now);
  const detached = await readDetachedMonths(client);
  const absent = missing.filter((month) => !detached.includes(month));
  const present = now.toISOString().slice(0, 7);
  return {
    findings: [
      ...missingFindings(absent, present),
      ...detachedFindings(detached, missing, present),
      ...(await defaultFindings(client)),
    ],
  };
};

const attachedSql = `SELECT child.relname, pg_get_expr(child.relpartbound, child.oid)
FROM pg_inherits
JOIN pg_class child ON child.oid = inhrelid
WHERE inhparent = 'public.usage_logs'::regclass
ORDER BY 1;`;

/** Now or ahead: rows of today have nowhere to go. Back: they come with imports only. */
function missingFindings(absent: readonly string[], present: string): HealthFinding[] {
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
            object: 'public.usage_logs',
            facts: facts([say('health.partitions.months'), months.join(', '), 'text']),
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
    const table = `public.usage_logs_${month.replace('-', '_')}`;
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

async function defaultFindings(client: pg.ClientBase): Promise<HealthFinding[]> {
  const months = await readDefaultMonths(client);
  if (months.length === 0) return [];
  const rows = months.reduce((sum, month) => sum + BigInt(month.rows), 0n);
  const movable = months.filter(({ obstacle }) => obstacle === null);
  return [
    {
      id: 'partitions:default',
      severity: 'warning',
      title: say('health.partitions.default', { count: months.length }),
      meaning: say('health.partitions.defaultMeaning'),
      object: 'public.usage_logs_default',
      facts: facts(
        [say('health.rows'), String(rows), 'count'],
        [say('health.partitions.months'), months.map(({ month }) => month).join(', '), 'text'],
      ),
      evidenceSql: `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, count(*)\nFROM public.usage_logs_default\nGROUP BY 1\nORDER BY 1;`,
      repair: movable.length === 0 ? null : { kind: 'move_default_rows' },
    },
  ];
}

export interface DefaultMonth {
  /** `YYYY-MM` in UTC; `-infinity` and `infinity` where the rows have no month. */
  readonly month: string;
  readonly rows: string;
  /** Why they cannot be moved: no month, or a table of the month's name that is not attached. */
  readonly obstacle: 'no_month' | 'detached' | null;
}

/** The months of which rows lie in the DEFAULT partition, oldest first. */
export async function readDefaultMonths(client: pg.ClientBase): Promise<DefaultMonth[]> {
  const { rows } = await client.query<DefaultMonth>(`
    WITH months AS (
      SELECT date_trunc('month', created_at AT TIME ZONE 'UTC') AS month, count(*) AS rows
      FROM public.usage_logs_default
      GROUP BY 1
    )
    SELECT
      CASE WHEN isfinite(month) THEN to_char(month, 'YYYY-MM') ELSE month::text END AS month,
      rows::text AS rows,
      CASE
        -- create_usage_partition names its table by a year of four digits.
        WHEN NOT isfinite(month) OR month < '0001-01-01' OR month >= '9999-12-01' THEN 'no_month'
        WHEN to_regclass('public.usage_logs_' || to_char(month, 'YYYY_MM')) IS NOT NULL THEN 'detached'
      END AS obstacle
    FROM months
    ORDER BY months.month`);
  return rows;
}

/** Tables named like a month of the log that are not part of it. */
async function readDetachedMonths(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ month: string }>(`
    SELECT replace(substring(relname FROM '\\d{4}_\\d{2}$'), '_', '-') AS month
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname ~ '^usage_logs_\\d{4}_\\d{2}$'
      AND NOT EXISTS (
        SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid AND inhparent = 'public.usage_logs'::regclass
      )
    ORDER BY 1`);
  return rows.map(({ month }) => month);
}
