import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import type { PartWish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { linkedProxy } from '../workspace/console-settings';
import { priceOfModel } from './model-prices-record';
import { modelsChange } from './models-change';
import { wishedOfModel } from './preview-models';
import { momentNow, perThousand, priceImage } from './preview-price';

/**
 * What creating a model would do: a row of the catalogue, with its first price where one is known.
 * @throws AppError `validation` where a proxy is linked, whose models a pull brings, or the id is taken.
 */
export const previewCreate: Handler<Contract['models']['previewCreate']> = (
  { model: { id, inputPricePerToken, outputPricePerToken, ...fields } },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    if ((await linkedProxy(connection)) !== null) {
      throw new AppError('validation', say('changes.models.madeInLitellm'), {
        hint: say('changes.models.madeInLitellmHint'),
      });
    }
    await checkFree(connection, id);
    const prices = { inputPricePerToken, outputPricePerToken };
    const hasPrice = inputPricePerToken !== null || outputPricePerToken !== null;
    const price: PartWish = {
      kind: priceOfModel,
      id: randomUUID(),
      way: 'create',
      set: priceImage(id, momentNow(), prices),
      expected: null,
      undoes: null,
    };
    const wish = {
      id,
      way: 'create' as const,
      label: fields.name,
      expected: 'as it is' as const,
      set: {
        ...wishedOfModel({ ...fields, isActive: true }),
        inputPricePer1k: perThousand(inputPricePerToken),
        outputPricePer1k: perThousand(outputPricePerToken),
      },
      undoes: null,
      parts: hasPrice ? [price] : [],
    };
    return previewChange(connection, workspace, modelsChange, modelsChange.actions.create, [wish]);
  });

async function checkFree({ select }: Connection, id: string): Promise<void> {
  const [row] = await select(
    z.strictObject({ isTaken: z.boolean(), wasUsed: z.boolean() }),
    sql`
    SELECT EXISTS (SELECT FROM ${from('models', 'm')} WHERE m.id = ${id}) AS "isTaken",
      EXISTS (SELECT FROM ${from('model_prices', 'p')} WHERE p.model_id = ${id}) AS "wasUsed"`,
  );
  if (row?.isTaken === true) throw new AppError('validation', say('changes.models.idTaken', { id }));
  // Its prices would apply to the new one.
  if (row?.wasUsed === true) throw new AppError('validation', say('changes.models.idWasUsed', { id }));
}
