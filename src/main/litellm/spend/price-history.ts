import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { instant, recordedDecimal } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { Prices } from './map-spend';

const priceRow = z.strictObject({
  model_id: z.string(),
  valid_from: instant,
  input: recordedDecimal.nullable(),
  output: recordedDecimal.nullable(),
});
type PriceRow = z.infer<typeof priceRow>;

/**
 * Looks up the price of a model at an instant. Before the first price we know, that one is used: it only splits a cost
 * that LiteLLM has counted, it never makes one.
 */
export async function readPriceHistory(
  { select }: Connection,
  modelIds: readonly string[],
): Promise<(modelId: string, at: string) => Prices | null> {
  const rows = await select(
    priceRow,
    sql`
    SELECT model_id, valid_from, input_price_per_token AS input, output_price_per_token AS output
    FROM ${from('model_prices')} WHERE model_id = ANY(${sql.param(modelIds)}::text[])
    ORDER BY model_id, valid_from`,
  );
  const byModel = new Map<string, PriceRow[]>();
  for (const row of rows) byModel.set(row.model_id, [...(byModel.get(row.model_id) ?? []), row]);
  return (modelId, at) => {
    const history = byModel.get(modelId);
    return history?.findLast((price) => price.valid_from <= at) ?? history?.[0] ?? null;
  };
}
