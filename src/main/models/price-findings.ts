import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { bigInteger, decimal } from '../../shared/contract/values';
import { addDecimals, isDecimal, shiftDecimal } from '../../shared/decimal';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Prices } from './known-prices';

/** A price that is to be set, and the one that it follows. */
interface NewPrice {
  readonly modelId: string;
  /** NULL: now. */
  readonly validFrom: string | null;
  readonly before: Prices;
  readonly after: Prices;
}

const about = { count: 1, examples: [] };
const info = (text: string): ChangeFinding => ({ severity: 'info', text, ...about });

/** What a price would have cost last month beside the one that it follows, and what stays as it was recorded. */
export async function newPriceFindings(connection: Connection, price: NewPrice): Promise<ChangeFinding[]> {
  return [untilNow(price.before), await lastMonth(connection, price), await recordedSince(connection, price)];
}

/** By how much an amount is more, or less, than the one before it, with its sign. */
export function signedDifference(before: string, after: string): string {
  const difference = addDecimals(after, before.startsWith('-') ? before.slice(1) : `-${before}`);
  return `${difference.startsWith('-') ? '' : '+'}${difference}`;
}

/** A price per token as people compare them. */
export const perMillion = (price: string | null): string =>
  price === null || !isDecimal(price) ? say('changes.models.notKnown') : `${shiftDecimal(price, 6)} USD`;

const untilNow = ({ inputPricePerToken, outputPricePerToken }: Prices): ChangeFinding =>
  info(
    say('changes.models.priceUntilNow', {
      input: perMillion(inputPricePerToken),
      output: perMillion(outputPricePerToken),
    }),
  );

const monthRow = z.strictObject({
  month: z.string(),
  requests: z.int(),
  input: bigInteger,
  output: bigInteger,
  recorded: decimal,
  before: decimal.nullable(),
  after: decimal.nullable(),
});

/** The last whole month of the reporting zone, by its recorded days: tokens times either price, in exact numbers. */
async function lastMonth(
  { select }: Connection,
  { modelId, before, after }: NewPrice,
): Promise<ChangeFinding> {
  const cost = ({ inputPricePerToken, outputPricePerToken }: Prices) => sql`CASE
    WHEN used.input > 0 AND ${inputPricePerToken}::numeric IS NULL THEN NULL
    WHEN used.output > 0 AND ${outputPricePerToken}::numeric IS NULL THEN NULL
    ELSE trim_scale(used.input * coalesce(${inputPricePerToken}::numeric, 0)
      + used.output * coalesce(${outputPricePerToken}::numeric, 0))
  END`;
  const [row] = await select(
    monthRow,
    sql`
    WITH month AS (
      SELECT (date_trunc('month', CURRENT_TIMESTAMP AT TIME ZONE litemaas_console.reporting_time_zone())
        - interval '1 month')::date AS first
    ), used AS (
      SELECT coalesce(sum(d.requests), 0) AS requests, coalesce(sum(d.request_tokens), 0) AS input,
        coalesce(sum(d.response_tokens), 0) AS output, coalesce(sum(d.cost), 0) AS cost
      FROM ${from('usage_daily', 'd')} CROSS JOIN month
      WHERE d.model_id = ${modelId} AND d.day >= month.first AND d.day < month.first + interval '1 month'
    )
    SELECT to_char(month.first, 'YYYY-MM') AS month, used.requests::float8 AS requests, used.input::text AS input,
      used.output::text AS output, trim_scale(used.cost)::text AS recorded,
      (${cost(before)})::text AS before, (${cost(after)})::text AS after
    FROM used CROSS JOIN month`,
  );
  if (row === undefined || row.requests === 0) return info(say('changes.models.lastMonthUnused'));
  const { requests: count, before: was, after: is, ...facts } = row;
  if (was === null || is === null) return info(say('changes.models.lastMonthUnknown', { count, ...facts }));
  return info(
    say('changes.models.lastMonth', {
      count,
      ...facts,
      before: was,
      after: is,
      difference: signedDifference(was, is),
    }),
  );
}

/** Usage keeps the cost with which it was recorded, also where the price begins before it. */
async function recordedSince(
  { select }: Connection,
  { modelId, validFrom }: NewPrice,
): Promise<ChangeFinding> {
  if (validFrom === null) return info(say('changes.models.usageKeepsCost'));
  const [row] = await select(
    z.strictObject({ requests: z.int() }),
    sql`
    SELECT coalesce(sum(d.requests), 0)::float8 AS requests FROM ${from('usage_daily', 'd')}
    WHERE d.model_id = ${modelId}
      AND d.day >= (${validFrom}::timestamptz AT TIME ZONE litemaas_console.reporting_time_zone())::date`,
  );
  const count = row?.requests ?? 0;
  return info(
    count === 0 ? say('changes.models.usageKeepsCost') : say('changes.models.usageSinceKeepsCost', { count }),
  );
}
