import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { breakdownRow } from '../../shared/contract/usage';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { readBatches } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { type BreakdownInput, breakdownSource } from './breakdown-source';
import { checkRange, previousRange, type UsageRange } from './range';

const exportedRow = breakdownRow.extend({ timeZone: z.string() });
type ExportedRow = z.infer<typeof exportedRow>;

/** The whole breakdown; each row says which days of which zone it is about. */
export const exportBreakdown: Handler<Contract['usage']['exportCsv']> = (
  input,
  { workspace: { database } },
) => {
  checkRange(input.filters.range);
  return Promise.resolve(
    csvFile({
      name: `usage-by-${input.filters.dimension === 'apiKey' ? 'api-key' : input.filters.dimension}`,
      columns: columnsOf(input),
      database,
      rows: (connection, signal) => readBatches(connection, exportedRow, allRows(input), signal),
    }),
  );
};

function allRows(input: BreakdownInput) {
  const { grouped, where, orderBy, labelJoin } = breakdownSource(input);
  return sql`
    WITH grouped AS MATERIALIZED (${grouped})
    SELECT grouped.*, named.label, litemaas_console.reporting_time_zone() AS "timeZone"
    FROM grouped ${labelJoin('grouped')} WHERE ${where} ORDER BY ${orderBy}`;
}

function columnsOf({ filters }: BreakdownInput): readonly CsvColumn<ExportedRow>[] {
  const { dimension, range } = filters;
  const subject = dimension === 'apiKey' ? 'api_key' : dimension;
  return [
    { heading: 'from_day', type: 'instant', value: () => range.from },
    { heading: 'to_day', type: 'instant', value: () => range.to },
    { heading: 'time_zone', value: (row) => row.timeZone },
    { heading: `${subject}_id`, value: (row) => row.id },
    { heading: subject, value: (row) => row.label },
    { heading: 'requests', type: 'number', value: (row) => row.requests },
    { heading: 'errors', type: 'number', value: (row) => row.errors },
    { heading: 'input_tokens', type: 'number', value: (row) => row.inputTokens },
    { heading: 'output_tokens', type: 'number', value: (row) => row.outputTokens },
    { heading: 'cost', type: 'number', value: (row) => row.cost },
    { heading: 'average_latency_ms', value: (row) => row.averageLatencyMs },
    ...(filters.compare === undefined ? [] : previousColumns(previousRange(range))),
  ];
}

function previousColumns(before: UsageRange): readonly CsvColumn<ExportedRow>[] {
  return [
    { heading: 'previous_from_day', type: 'instant', value: () => before.from },
    { heading: 'previous_to_day', type: 'instant', value: () => before.to },
    { heading: 'previous_requests', type: 'number', value: (row) => row.previous?.requests ?? null },
    { heading: 'previous_errors', type: 'number', value: (row) => row.previous?.errors ?? null },
    { heading: 'previous_input_tokens', type: 'number', value: (row) => row.previous?.inputTokens ?? null },
    { heading: 'previous_output_tokens', type: 'number', value: (row) => row.previous?.outputTokens ?? null },
    { heading: 'previous_cost', type: 'number', value: (row) => row.previous?.cost ?? null },
  ];
}
