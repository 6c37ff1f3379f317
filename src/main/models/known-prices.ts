import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { recordedDecimal } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const hasHistory = sql`EXISTS (SELECT FROM ${from('model_prices', 'known')} WHERE known.model_id = m.id)`;

/** A 0 that stands in the catalogue alone was written by nobody who knew a price. */
const known = (column: SQL): SQL => sql`CASE WHEN ${column} <> 0 OR ${hasHistory} THEN ${column} END`;

/** SQL: prices of model `m` per 1,000 tokens; NULL is unknown, 0 is free. */
export const knownInputPrice = known(sql`m.input_price_per_1k`);
export const knownOutputPrice = known(sql`m.output_price_per_1k`);

/** What a model costs per token, exact; null is unknown. */
export interface Prices {
  readonly inputPricePerToken: string | null;
  readonly outputPricePerToken: string | null;
}

const priceRow = z.strictObject({
  inputPricePerToken: recordedDecimal.nullable(),
  outputPricePerToken: recordedDecimal.nullable(),
});

/**
 * What a model costs now: by its history, which has every digit, where that and the catalogue agree; else as the
 * catalogue says, which other programs write too. Null: there is no such model.
 */
export async function readPricesNow({ select }: Connection, id: string): Promise<Prices | null> {
  const perToken = (exact: SQL, perThousand: SQL, shown: SQL): SQL =>
    sql`trim_scale(CASE WHEN round(${exact} * 1000, 12) = ${perThousand} THEN ${exact} ELSE ${shown} * 0.001 END)`;
  const [row] = await select(
    priceRow,
    sql`
    SELECT ${perToken(sql`p.input_price_per_token`, sql`m.input_price_per_1k`, knownInputPrice)} AS "inputPricePerToken",
      ${perToken(sql`p.output_price_per_token`, sql`m.output_price_per_1k`, knownOutputPrice)} AS "outputPricePerToken"
    FROM ${from('models', 'm')} LEFT JOIN LATERAL (
      SELECT * FROM ${from('model_prices', 'h')} WHERE h.model_id = m.id AND h.valid_from <= CURRENT_TIMESTAMP
      ORDER BY h.valid_from DESC LIMIT 1
    ) AS p ON true
    WHERE m.id = ${id}`,
  );
  return row ?? null;
}
