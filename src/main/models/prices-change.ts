import { sql } from 'drizzle-orm';
import { reference } from '../../shared/contract/values';
import type { Change, ChangedRecord, RecordFinding } from '../changes/change';
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
