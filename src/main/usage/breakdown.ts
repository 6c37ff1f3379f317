import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { breakdownRow } from '../../shared/contract/usage';
import type { Handler } from '../router/handlers';
import { breakdownSource } from './breakdown-source';
import { checkRange } from './range';
import { figuresAsJson } from './usage-source';

/** Usage per model, user, team or key: sorted and paged in SQL, labels only for the rows of the page. */
export const usageBreakdown: Handler<Contract['usage']['breakdown']> = async (
  input,
  { signal, workspace: { database } },
) => {
  checkRange(input.filters.range);
  const { grouped, from, where, orderBy, labelJoin } = breakdownSource(input);
  return database.read(signal, async ({ select }) => {
    const [counted] = await select(
      z.strictObject({ total: z.int(), rows: z.array(breakdownRow).nullable() }),
      sql`
        WITH grouped AS MATERIALIZED (${grouped}),
        page AS (
          SELECT grouped.*, row_number() OVER (ORDER BY ${orderBy}) AS position FROM ${from} WHERE ${where}
          ORDER BY ${orderBy} LIMIT ${input.pageSize} OFFSET ${input.page * input.pageSize}
        )
        SELECT
          (SELECT count(*)::int FROM ${from} WHERE ${where}) AS total,
          (SELECT jsonb_agg(${figuresAsJson(sql`page`)}
            || jsonb_build_object('id', page.id, 'label', named.label, 'previous', page.previous) ORDER BY page.position) FROM page ${labelJoin('page')}) AS rows`,
    );
    return { rows: counted?.rows ?? [], total: counted?.total ?? 0, totalIsExact: true };
  });
};
