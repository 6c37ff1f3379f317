import type { Contract } from '../../shared/contract/index';
import type { ModelFigures, ModelRow } from '../../shared/contract/models';
import { isDecimal, shiftDecimal } from '../../shared/decimal';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { readAllIds } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { modelFigures } from './model-figures';
import { modelRows } from './model-rows';
import { modelsSource } from './models-source';

/** A row with its figures; a model that was deleted meanwhile has none. */
type Row = ModelRow & { readonly figures: ModelFigures | undefined };

/** From 1,000 tokens to a million. */
const perMillion = (price: string | null): string | null =>
  price === null || !isDecimal(price) ? price : shiftDecimal(price, 3);

const columns: readonly CsvColumn<Row>[] = [
  { heading: 'id', value: (model) => model.id },
  { heading: 'name', value: (model) => model.name },
  { heading: 'provider', value: (model) => model.provider },
  { heading: 'input_price_per_1k', type: 'number', value: (model) => model.inputPricePer1k },
  { heading: 'output_price_per_1k', type: 'number', value: (model) => model.outputPricePer1k },
  { heading: 'input_price_per_million', type: 'number', value: (model) => perMillion(model.inputPricePer1k) },
  {
    heading: 'output_price_per_million',
    type: 'number',
    value: (model) => perMillion(model.outputPricePer1k),
  },
  { heading: 'context_length', value: (model) => model.contextLength },
  { heading: 'max_tokens', value: (model) => model.maxTokens },
  { heading: 'capabilities', value: (model) => model.capabilities },
  { heading: 'is_active', value: (model) => model.isActive },
  { heading: 'active_subscriptions', value: ({ figures }) => figures?.activeSubscriptions ?? null },
  { heading: 'active_api_keys', value: ({ figures }) => figures?.activeApiKeys ?? null },
  { heading: 'requests_30_days', type: 'number', value: ({ figures }) => figures?.usage.requests ?? null },
  { heading: 'tokens_30_days', type: 'number', value: ({ figures }) => figures?.usage.tokens ?? null },
  { heading: 'cost_30_days', type: 'number', value: ({ figures }) => figures?.usage.cost ?? null },
  { heading: 'litellm_state', value: (model) => model.sync },
  { heading: 'last_sync_at', type: 'instant', value: (model) => model.lastSyncAt },
  { heading: 'created_at', type: 'instant', value: (model) => model.createdAt },
];

/** Every model the list would show, page limit aside, with its figures. An empty price is unknown, 0 is free. */
export const exportModels: Handler<Contract['models']['exportCsv']> = (input, { workspace: { database } }) =>
  Promise.resolve(
    csvFile({
      name: 'models',
      columns,
      database,
      async *rows(connection, signal) {
        for await (const ids of readAllIds(connection, modelsSource(input), signal)) {
          const figures = new Map((await modelFigures(connection, ids)).map((one) => [one.id, one]));
          const rows = await modelRows(connection, ids, 'exported');
          yield rows.map((row) => ({ ...row, figures: figures.get(row.id) }));
        }
      },
    }),
  );
