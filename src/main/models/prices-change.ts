import { sql } from 'drizzle-orm';
import type { ChangeFinding } from '../../shared/contract/changes';
import { reference } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import type { Change, ChangedRecord, RecordFinding } from '../changes/change';
import type { ChangedPart } from '../changes/judge';
import { type Image, isThere } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { modelOfPrice, modelPricesRecord, priceActions } from './model-prices-record';
import { modelsOfLitellm } from './owned-by-litellm';

/** Prices of models: set from a moment on. What was recorded before keeps its cost. */
export const pricesChange: Change = {
  actions: priceActions,
  partKinds: [modelOfPrice],
  record: modelPricesRecord,
  sliceSize: 500,
  grade: () => 'reaches_people',
  rules: (_before, after) => (isThere(after) ? priceFindings(after) : []),
  rulesOfEach: litellmsPrices,
  rulesOfParts: catalogueFindings,
  async hold(connection, changed, parts) {
    const [lost] = await catalogueFindings(connection, changed, parts);
    if (lost === undefined) return;
    throw new AppError('validation', lost.text, { hint: say('changes.models.newestPriceDiffersHint') });
  },
  namesOf: modelNames,
  news: () => null,
};

const prices = ['inputPricePerToken', 'outputPricePerToken'] as const;

function priceFindings(after: Image): RecordFinding[] {
  return [
    ...(prices.some((price) => after[price] === null)
      ? [{ severity: 'warning' as const, text: say('changes.models.priceUnknown') }]
      : []),
    ...(prices.every((price) => after[price] === '0')
      ? [{ severity: 'warning' as const, text: say('changes.models.priceOfZero') }]
      : []),
  ];
}

const modelOf = ({ before, after }: Pick<ChangedRecord, 'before' | 'after'>): string =>
  String(after['modelId'] ?? before['modelId'] ?? '');

/** Where a proxy says what a model costs, each pull would write over it. */
async function litellmsPrices(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ReadonlyMap<string, readonly RecordFinding[]>> {
  const pulled = await modelsOfLitellm(connection, changed.map(modelOf));
  return new Map(
    changed
      .filter((each) => pulled.has(modelOf(each)))
      .map(({ id }) => [id, [{ severity: 'error', text: say('changes.models.isOfLitellm') }]]),
  );
}

const shownModels = 20;

/**
 * Models of which the catalogue would not say what the newest price of the history says, by the state after the change.
 * A model without any price left costs what the catalogue says.
 */
async function catalogueFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
  parts: readonly ChangedPart[],
): Promise<ChangeFinding[]> {
  const planned = parts
    .filter(({ kind }) => kind === modelOfPrice)
    .map(({ id, after }) => ({ id, input: after['inputPricePer1k'], output: after['outputPricePer1k'] }));
  if (planned.length === 0) return [];
  const gone = changed.filter(({ way }) => way === 'delete').map(({ id }) => id);
  const made = changed.filter(({ way }) => way === 'create').map(({ after }) => after);
  const rows = await select(
    reference,
    sql`
    WITH history AS (
      SELECT h.model_id, h.valid_from, h.input_price_per_token AS input, h.output_price_per_token AS output
      FROM ${from('model_prices', 'h')} WHERE NOT h.id = ANY(${sql.param(gone)}::uuid[])
      UNION ALL
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(made)}::jsonb) AS n (
        "modelId" text, "validFrom" timestamptz, "inputPricePerToken" numeric, "outputPricePerToken" numeric)
    )
    SELECT m.id, m.name AS label
    FROM jsonb_to_recordset(${JSON.stringify(planned)}::jsonb) AS w (id text, input numeric, output numeric)
    JOIN ${from('models', 'm')} ON m.id = w.id
    CROSS JOIN LATERAL (
      SELECT h.input, h.output FROM history AS h WHERE h.model_id = w.id ORDER BY h.valid_from DESC LIMIT 1
    ) AS newest
    WHERE round(newest.input * 1000, 12) IS DISTINCT FROM round(w.input, 12)
      OR round(newest.output * 1000, 12) IS DISTINCT FROM round(w.output, 12)
    ORDER BY m.name, m.id LIMIT ${shownModels}`,
  );
  if (rows.length === 0) return [];
  const text = say('changes.models.newestPriceDiffers');
  return [{ severity: 'error', text, count: rows.length, examples: rows }];
}

/** The models whose prices they are. */
async function modelNames(
  { select }: Connection,
  records: readonly { readonly id: string; readonly image: Image }[],
): Promise<ReadonlyMap<string, string>> {
  const models = new Map(records.map(({ id, image }) => [id, String(image['modelId'] ?? '')]));
  const rows = await select(
    reference,
    sql`SELECT m.id, m.name AS label FROM ${from('models', 'm')}
        WHERE m.id = ANY(${sql.param([...new Set(models.values())])}::text[])`,
  );
  const names = new Map(rows.map(({ id, label }) => [id, label]));
  return new Map([...models].map(([id, model]) => [id, names.get(model) ?? model]));
}
