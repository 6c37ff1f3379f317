import { sql, type SQL } from 'drizzle-orm';
import type { ModelFigures, ModelRow } from '../../shared/contract/models';
import { isDecimal, shiftDecimal } from '../../shared/decimal';
import { modelDefinition, type ModelSyncState } from '../../shared/records/models';
import type { CsvColumn } from '../export/csv-file';
import { exportHandler } from '../export/export-records';
import { from } from '../postgres/relations';
import { optionsHandler } from '../records/options-query';
import { listHandler, recordList } from '../records/record-list';
import type { RecordSource } from '../records/record-source';
import { knownInputPrice, knownOutputPrice } from './known-prices';
import { modelFigures } from './model-figures';
import { modelRows } from './model-rows';

/** Models `m`; a pasted key finds those it names. */
export const modelSource: RecordSource = {
  from: from('models', 'm'),
  id: sql`m.id`,
  idType: modelDefinition.idType,
  label: sql`m.name`,
  details: [sql`nullif(m.id, m.name)`, sql`m.provider`],
  names: [sql`m.name`, sql`m.id`, sql`m.provider`],
  hasPrefixIndexes: false,
  ofKey: (keyHash) => sql`m.id IN (
    SELECT km.model_id FROM ${from('api_key_models', 'km')} JOIN ${from('api_keys', 'k')} ON k.id = km.api_key_id
    WHERE k.key_hash = ${keyHash})`,
};

const pricings = {
  priced: sql`greatest(m.input_price_per_1k, m.output_price_per_1k) > 0`,
  free: sql`greatest(${knownInputPrice}, ${knownOutputPrice}) = 0`,
  unknown: sql`${knownInputPrice} IS NULL AND ${knownOutputPrice} IS NULL`,
} as const;

export const modelList = recordList({
  definition: modelDefinition,
  source: modelSource,
  rows: modelRows,
  // A catalogue has some hundred models: what has no index is sorted at once.
  sort: {
    name: { expression: sql`m.name`, text: true },
    provider: { expression: sql`m.provider`, text: true },
    inputPrice: { expression: knownInputPrice, nullable: true },
    outputPrice: { expression: knownOutputPrice, nullable: true },
    contextLength: { expression: sql`m.context_length`, nullable: true },
    createdAt: { expression: sql`m.created_at` },
  },
  filters: {
    provider: sql`m.provider`,
    active: sql`m.is_active`,
    capability: hasCapability,
    pricing: (pricing) => pricings[pricing],
    sync: isInLitellm,
  },
});

/** Two capabilities have columns of their own; LiteMaaS fills only those. */
function hasCapability(capability: string): SQL {
  const listed = sql`m.capabilities @> ARRAY[${capability}]::text[]`;
  if (capability === 'vision') return sql`(${listed} OR m.supports_vision)`;
  if (capability === 'function_calling') return sql`(${listed} OR m.supports_function_calling)`;
  return listed;
}

function isInLitellm(state: ModelSyncState): SQL {
  const object = sql`SELECT FROM ${from('litellm_objects', 'o')} WHERE o.kind = 'model' AND o.local_id = m.id`;
  return state === 'none' ? sql`NOT EXISTS (${object})` : sql`EXISTS (${object} AND o.state = ${state})`;
}

/** A row with its figures; a model that was deleted meanwhile has none. */
type ExportedRow = ModelRow & { readonly figures: ModelFigures | undefined };

const exportedList = recordList({
  ...modelList,
  async rows(connection, ids, extent): Promise<ExportedRow[]> {
    const figures = new Map((await modelFigures(connection, ids)).map((one) => [one.id, one]));
    const rows = await modelRows(connection, ids, extent);
    return rows.map((row) => ({ ...row, figures: figures.get(row.id) }));
  },
});

/** From 1,000 tokens to a million. */
const perMillion = (price: string | null): string | null =>
  price === null || !isDecimal(price) ? price : shiftDecimal(price, 3);

/** An empty price is unknown, 0 is free. */
const columns: readonly CsvColumn<ExportedRow>[] = [
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

export const listModels = listHandler(modelList);
export const modelOptions = optionsHandler(modelSource);
export const exportModels = exportHandler(modelDefinition.path, exportedList, columns);
