import type { Change, PartKind } from '../changes/change';
import { recordTable } from '../changes/record-table';
import { modelPrices } from '../postgres/console-schema';
import { modelsRecord } from './models-record';

/** Prices of models over time, as changes read and write them: one that was valid once is not changed any more. */
export const modelPricesRecord = recordTable(modelPrices, {
  kind: 'model_price',
  resourceType: 'MODEL',
  relation: 'model_prices',
  idType: 'uuid',
  label: 'modelId',
  editable: ['inputPricePerToken', 'outputPricePerToken'],
  fixed: ['modelId', 'validFrom', 'currency', 'source'],
  // The history of a model tells what it cost.
  audited: { resourceId: 'modelId', facts: ['modelId'] },
});

/** What happens to prices, by itself or with the model. */
export const priceActions: Change['actions'] = {
  create: 'MODEL_PRICE_SET',
  update: 'MODEL_PRICE_UPDATE',
  delete: 'MODEL_PRICE_REMOVE',
};

/** The price with which a model is made. */
export const priceOfModel: PartKind = {
  actions: priceActions,
  record: modelPricesRecord,
  news: () => null,
};

/** A model whose price of now changes with its history. */
export const modelOfPrice: PartKind = {
  actions: { update: 'MODEL_UPDATE' },
  record: modelsRecord,
  news: () => null,
};
