import { sql, type SQL } from 'drizzle-orm';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import type { ModelSyncState } from '../../shared/contract/models';
import { type ListSource, orderBy, type SortColumn } from '../records/list-query';
import { from } from '../postgres/relations';
import { parseSearch } from '../records/search-text';
import { modelSearch } from './model-search';

export type ModelListInput = CheckedInputOf<Contract['models']['list']>;
type Filters = ModelListInput['filters'];
type SortField = NonNullable<ModelListInput['sort']>['field'];

const id = sql`m.id`;

/** A catalogue has some hundred models: what has no index is sorted at once. */
const sortColumns: Record<SortField, SortColumn> = {
  name: { expression: sql`m.name`, text: true },
  provider: { expression: sql`m.provider`, text: true },
  inputPrice: { expression: sql`m.input_price_per_1k`, nullable: true },
  outputPrice: { expression: sql`m.output_price_per_1k`, nullable: true },
  contextLength: { expression: sql`m.context_length`, nullable: true },
  createdAt: { expression: sql`m.created_at` },
};

/** What the list, its count and its export have in common; by default sorted by name. */
export function modelsSource(input: ModelListInput): ListSource {
  const { sort = { field: 'name', direction: 'asc' } } = input;
  const search = parseSearch(input.search);
  return {
    from: from('models', 'm'),
    id,
    where: filterConditions(input.filters),
    search: modelSearch(search),
    orderBy: orderBy(sortColumns[sort.field], sort.direction, id),
    searched: search.kind !== 'none',
  };
}

function filterConditions({ provider, active, capability, sync, pricing }: Filters): SQL[] {
  return [
    ...(provider === undefined ? [] : [sql`m.provider = ${provider}`]),
    ...(active === undefined ? [] : [sql`m.is_active = ${active}`]),
    ...(capability === undefined ? [] : [hasCapability(capability)]),
    ...(sync === undefined ? [] : [isInLitellm(sync)]),
    ...(pricing === undefined ? [] : [pricings[pricing]]),
  ];
}

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

const pricings: Record<NonNullable<Filters['pricing']>, SQL> = {
  priced: sql`greatest(m.input_price_per_1k, m.output_price_per_1k) > 0`,
  free: sql`greatest(m.input_price_per_1k, m.output_price_per_1k) = 0`,
  unknown: sql`m.input_price_per_1k IS NULL AND m.output_price_per_1k IS NULL`,
};
