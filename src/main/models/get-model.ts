import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { modelDetails, modelPrice } from '../../shared/contract/models';
import { calendarDay } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { readRemoteRecords } from '../litellm/read-remote-records';
import type { Connection } from '../postgres/database';
import { jsonColumn, jsonWithoutSecrets, textColumn, textWithoutSecrets } from '../postgres/long-text';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { say } from '../kernel/say';
import { readPricesNow } from './known-prices';
import { modelRows } from './model-rows';

type Answer = ResultOf<Contract['models']['get']>;
type Model = NonNullable<Answer['model']>;

const priceLimit = 100;

const usedDays = z.strictObject({ from: calendarDay.nullable(), to: calendarDay.nullable() });

/**
 * One model whole. A model that left the catalogue is answered with what still names it: usage, prices, a proxy.
 * Throws `not_found` when nothing does.
 */
export const getModel: Handler<Contract['models']['get']> = ({ id }, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const answer: Answer = {
      id,
      model: await readModel(connection, id),
      priceNow: await readPricesNow(connection, id),
      prices: await readPrices(connection, id),
      litellm: await readRemoteRecords(connection, 'model', id),
      used: await readUsedDays(connection, id),
    };
    const isNamed = answer.prices.length > 0 || answer.litellm.length > 0 || answer.used !== null;
    if (answer.model === null && !isNamed) {
      throw new AppError('not_found', say('records.gone.model'), {
        hint: say('records.goneHint.model'),
      });
    }
    return answer;
  });

async function readModel(connection: Connection, id: string): Promise<Model | null> {
  const [row] = await modelRows(connection, [id], 'edited');
  const [details] = await connection.select(
    modelDetails,
    sql`
      SELECT
        ${textColumn(sql`m.description`)} AS description, m.litellm_provider AS "litellmProvider",
        m.supports_function_calling AS "supportsFunctionCalling", m.supports_vision AS "supportsVision",
        ${jsonColumn(sql`m.metadata`)} AS metadata, m.updated_at AS "updatedAt"
      FROM ${from('models', 'm')} WHERE m.id = ${id}`,
  );
  if (!row || !details) return null;
  const { description, metadata } = details;
  const shown = description === null ? null : textWithoutSecrets(description);
  return {
    ...row,
    ...details,
    description: shown === null ? null : { ...shown, isMasked: shown.text !== description?.text },
    metadata: jsonWithoutSecrets(metadata),
  };
}

function readPrices({ select }: Connection, modelId: string): Promise<Answer['prices']> {
  return select(
    modelPrice,
    sql`
      SELECT
        valid_from AS "validFrom", trim_scale(input_price_per_token) AS "inputPricePerToken",
        trim_scale(output_price_per_token) AS "outputPricePerToken", currency, source
      FROM ${from('model_prices')} WHERE model_id = ${modelId} ORDER BY valid_from DESC LIMIT ${priceLimit}`,
  );
}

async function readUsedDays({ select }: Connection, modelId: string): Promise<Answer['used']> {
  const [used] = await select(
    usedDays,
    sql`
      SELECT min(day) AS "from", max(day) AS "to" FROM ${from('usage_daily')} WHERE model_id = ${modelId} AND requests > 0`,
  );
  return used?.from && used.to ? { from: used.from, to: used.to } : null;
}
