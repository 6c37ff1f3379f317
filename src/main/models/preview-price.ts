import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { compareDecimals, shiftDecimal } from '../../shared/decimal';
import { AppError } from '../../shared/errors';
import type { PartWish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { type Image, nothing, readRecordsNow } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { type Prices, readPricesNow } from './known-prices';
import { modelOfPrice } from './model-prices-record';
import { modelsRecord } from './models-record';
import { newPriceFindings } from './price-findings';
import { pricesChange } from './prices-change';

/**
 * What a price would do that is set from now on, or from a moment that is past.
 * @throws AppError `not_found`; `conflict` where somebody else set one since; `validation` where the moment is to come,
 *   has a price already, or the model costs that now.
 */
export const previewPrice: Handler<Contract['models']['previewPrice']> = (
  { id, seen, validFrom, ...prices },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const now = await readPricesNow(connection, id);
    if (now === null) {
      throw new AppError('not_found', say('records.gone.model'), { hint: say('records.goneHint.model') });
    }
    if (!arePrices(now, seen)) {
      throw new AppError('conflict', say('changes.models.pricedSince'), {
        hint: say('changes.models.pricedSinceHint'),
      });
    }
    const at = validFrom ?? momentNow();
    const { isFirst, isLast } = await placeOf(connection, id, at);
    if (isLast && !isFirst && arePrices(now, prices)) {
      throw new AppError('validation', say('changes.models.samePrice'));
    }
    const wish = {
      id: randomUUID(),
      way: 'create' as const,
      label: id,
      expected: 'as it is' as const,
      set: priceImage(id, at, prices),
      undoes: null,
      parts: isLast ? await catalogueParts(connection, id, prices) : [],
    };
    const preview = await previewChange(connection, workspace, pricesChange, pricesChange.actions.create, [
      wish,
    ]);
    const findings = await newPriceFindings(connection, {
      modelId: id,
      validFrom,
      before: now,
      after: prices,
    });
    return {
      ...preview,
      findings: [
        ...preview.findings,
        ...findings,
        ...(isLast
          ? []
          : [{ severity: 'info' as const, text: say('changes.models.priceIsPast'), count: 1, examples: [] }]),
      ],
    };
  });

/** The row of the history that says a price. */
export const priceImage = (modelId: string, validFrom: string, prices: Prices): Image => ({
  ...prices,
  modelId,
  validFrom,
  currency: 'USD',
  source: 'console',
});

/** Now, as the contract spells it. */
export const momentNow = (): string => new Date().toISOString().replace('Z', '000Z');

/** From a token to 1,000 of them. */
export const perThousand = (price: string | null): string | null =>
  price === null ? null : shiftDecimal(price, 3);

function arePrices(some: Prices, others: Prices): boolean {
  return (['inputPricePerToken', 'outputPricePerToken'] as const).every((price) => {
    const [a, b] = [some[price], others[price]];
    return a === null || b === null ? a === b : compareDecimals(a, b) === 0;
  });
}

/**
 * Whether a moment has no price before it, and none after it.
 * @throws AppError `validation` where it has one itself, or is to come.
 */
async function placeOf(
  { select }: Connection,
  id: string,
  at: string,
): Promise<{ readonly isFirst: boolean; readonly isLast: boolean }> {
  const [row] = await select(
    z.strictObject({
      isToCome: z.boolean(),
      isTaken: z.boolean(),
      isFirst: z.boolean(),
      isLast: z.boolean(),
    }),
    sql`
    SELECT ${at}::timestamptz > CURRENT_TIMESTAMP + interval '1 minute' AS "isToCome",
      coalesce(bool_or(p.valid_from = ${at}), false) AS "isTaken",
      NOT coalesce(bool_or(p.valid_from < ${at}), false) AS "isFirst",
      NOT coalesce(bool_or(p.valid_from > ${at}), false) AS "isLast"
    FROM ${from('model_prices', 'p')} WHERE p.model_id = ${id}`,
  );
  if (row?.isToCome === true) {
    throw new AppError('validation', say('changes.models.priceToCome'), {
      hint: say('changes.models.priceToComeHint'),
    });
  }
  if (row?.isTaken === true) throw new AppError('validation', say('changes.models.momentTaken'));
  return { isFirst: row?.isFirst ?? true, isLast: row?.isLast ?? true };
}

/** The catalogue holds what a model costs now: LiteMaaS reads it there. */
async function catalogueParts(connection: Connection, id: string, prices: Prices): Promise<PartWish[]> {
  const { image } = (await readRecordsNow(connection, modelsRecord, [id])).get(id) ?? { image: nothing };
  const { inputPricePer1k = null, outputPricePer1k = null } = image;
  return [
    {
      kind: modelOfPrice,
      id,
      way: 'update',
      set: {
        inputPricePer1k: perThousand(prices.inputPricePerToken),
        outputPricePer1k: perThousand(prices.outputPricePerToken),
      },
      expected: { fields: { inputPricePer1k, outputPricePer1k } },
      undoes: null,
    },
  ];
}
