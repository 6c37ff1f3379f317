import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../../postgres/database';
import { missingPartitionMonths } from '../../postgres/ensure-partitions';
import { tables } from '../../postgres/relations';
import { say } from '../../kernel/say';
import { type DefaultMonth, readDefaultMonths } from '../checks/check-partitions';
import { facts } from '../checks/check';
import { durationOfBytes, recordRepair, type Repair, type RepairOf, type RepairPlan } from './repair';

type Request = RepairOf<'create_partitions'> | RepairOf<'move_default_rows'>;

/**
 * Creates months of the usage log, each in a transaction of its own, with the rows of the month that wait in DEFAULT:
 * the log is locked for one month's rows only, and a cancelled run keeps what it finished.
 */
export const monthPartitions: Repair<Request> = {
  mode: 'transactions',
  async plan(connection, { kind }) {
    const inDefault = (await readDefaultMonths(connection)).filter(({ obstacle }) => obstacle === null);
    const months =
      kind === 'create_partitions' ? await creatableMonths(connection) : inDefault.map(({ month }) => month);
    return months.length === 0 ? null : planOf(kind, months, inDefault);
  },
  async run({ workspace, signal, report }, request, { statements }) {
    const title = titleOf(request.kind);
    let created = 0;
    for (const [index, statement] of statements.entries()) {
      report({ title, detail: monthOf(statement), done: index, total: statements.length });
      await workspace.database.batch(signal, async (connection) => {
        const [made] = await connection.select(madePartition, sql.raw(statement));
        if (made?.created !== true) return;
        const partition = `usage_logs_${monthOf(statement).replace('-', '_')}`;
        await recordRepair(connection, workspace, request, {
          statements: [statement],
          before: null,
          after: { partition },
        });
        created += 1;
      });
    }
    return say('health.repair.partitionsDone', { count: created });
  },
};

const madePartition = z.strictObject({ created: z.boolean() });
const creatableMonth = z.strictObject({ month: z.string() });

const titleOf = (kind: Request['kind']): string => say(`health.repair.title.${kind}`);

const statementFor = (month: string): string =>
  `SELECT litemaas_console.create_usage_partition('${month}-01') AS created;`;

const monthOf = (statement: string): string => /\d{4}-\d{2}/.exec(statement)?.[0] ?? '';

/** Months that lack a partition; without those that a table of that name bars. */
async function creatableMonths({ client, select }: Connection): Promise<string[]> {
  const missing = await missingPartitionMonths(client, new Date());
  const rows = await select(
    creatableMonth,
    sql`SELECT month FROM unnest(${sql.param(missing)}::text[]) WITH ORDINALITY AS wanted (month, place)
     WHERE to_regclass(${`${tables.usage_logs}_`} || replace(month, '-', '_')) IS NULL
     ORDER BY place`,
  );
  return rows.map(({ month }) => month);
}

function planOf(
  kind: Request['kind'],
  months: readonly string[],
  inDefault: readonly DefaultMonth[],
): RepairPlan {
  const moved = inDefault
    .filter(({ month }) => months.includes(month))
    .reduce((sum, { rows }) => sum + Number(rows), 0);
  return {
    title: titleOf(kind),
    facts: facts(
      [say('health.partitions.months'), months.join(', '), 'text'],
      [say('health.repair.partitionsToCreate'), String(months.length), 'count'],
      [say('health.repair.rowsToMove'), String(moved), 'count'],
    ),
    statements: months.map(statementFor),
    blocks: moved === 0 ? 'log_for_an_instant' : 'log_writes',
    // A row of the log with its indexes takes about a kilobyte.
    duration: durationOfBytes(moved * 1000),
    before: null,
  };
}
