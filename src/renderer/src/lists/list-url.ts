import type { FilterDefinition, ListedRecords } from '../../../shared/records/definition';
import { isDay } from '../charts/calendar';

/** A list's place (page, order, search, filters) as URL search parameters: shareable, kept over back and reload. */

/** How a filter's value is written in the URL. */
export type FilterCodec = 'text' | 'uuid' | 'uuids' | 'boolean' | 'day' | readonly string[];

export type FilterCodecs = Readonly<Record<string, FilterCodec>>;

type FilterValue<Codec> = Codec extends 'text' | 'uuid' | 'uuids' | 'day'
  ? string
  : Codec extends 'boolean'
    ? boolean
    : Codec extends readonly (infer Value)[]
      ? Value
      : never;

/** Absent filters are absent keys: the contract's objects are strict. */
export type FilterValues<Filters extends FilterCodecs> = {
  -readonly [Name in keyof Filters]?: FilterValue<Filters[Name]>;
};

export interface ListDefinition<Field extends string, Filters extends FilterCodecs> {
  readonly sortFields: readonly Field[];
  readonly filters: Filters;
  /** Put before every parameter when a page has several lists: `members.` */
  readonly prefix?: string;
  readonly pageSize?: number;
  /** Further parameters of the page that a saved view keeps. */
  readonly savedParams?: readonly string[];
}

/** Names what a list may be sorted and filtered by, as its contract has it. */
export function defineList<const Field extends string, const Filters extends FilterCodecs>(
  definition: ListDefinition<Field, Filters>,
): ListDefinition<Field, Filters> {
  return definition;
}

type UrlFilter<Filter> = Filter extends { readonly kind: 'choice'; readonly values: infer Values }
  ? Values
  : Filter extends { readonly kind: infer Kind extends 'boolean' | 'text' | 'day' }
    ? Kind
    : Filter extends { readonly kind: 'ids' }
      ? 'uuids'
      : Filter extends { readonly of: 'model' }
        ? 'text'
        : 'uuid';

/** How the filters of a definition are written in the URL. */
export type UrlFiltersOf<Listed extends ListedRecords> = {
  readonly [Name in keyof Listed['filters']]: Extract<UrlFilter<Listed['filters'][Name]>, FilterCodec>;
};

/** The list of what is so defined. */
export function listUrl<const Listed extends ListedRecords>({
  sortFields,
  filters,
}: Listed): ListDefinition<Listed['sortFields'][number], UrlFiltersOf<Listed>> {
  const codecs = Object.entries(filters).map(([name, filter]) => [name, codecOf(filter)]);
  return { sortFields, filters: Object.fromEntries(codecs) as UrlFiltersOf<Listed> };
}

function codecOf(filter: FilterDefinition): FilterCodec {
  switch (filter.kind) {
    case 'choice':
      return filter.values;
    case 'record':
      return filter.of === 'model' ? 'text' : 'uuid';
    case 'ids':
      return 'uuids';
    default:
      return filter.kind;
  }
}

/** Fits the contract's `listInput`. */
export interface ListInput<Field extends string, Filters> {
  page: number;
  pageSize: number;
  sort?: { field: Field; direction: 'asc' | 'desc' };
  search: string;
  filters: Filters;
}

export const pageSizes = [10, 25, 50, 100] as const;
export const defaultPageSize = 25;
const uuidPattern = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Reads a list's input from the URL. What does not belong there (an edited address) is left out, never an error. */
export function readListUrl<Field extends string, Filters extends FilterCodecs>(
  params: URLSearchParams,
  { sortFields, filters, prefix = '', pageSize = defaultPageSize }: ListDefinition<Field, Filters>,
): ListInput<Field, FilterValues<Filters>> {
  const read = (name: string): string | null => params.get(prefix + name);
  const [field, direction] = (read('sort') ?? '').split(':');
  const sortField = sortFields.find((known) => known === field);
  const size = pageSizes.find((known) => String(known) === read('size'));
  const values: Record<string, string | boolean> = {};
  for (const [name, codec] of Object.entries(filters)) {
    const value = decode(read(name), codec);
    if (value !== undefined) values[name] = value;
  }
  return {
    page: /^\d{1,6}$/.test(read('page') ?? '') ? Math.max(0, Number(read('page')) - 1) : 0,
    pageSize: size ?? pageSize,
    ...(sortField === undefined
      ? {}
      : {
          sort: { field: sortField, direction: direction === 'desc' ? ('desc' as const) : ('asc' as const) },
        }),
    search: (read('q') ?? '').slice(0, 300),
    filters: values as FilterValues<Filters>,
  };
}

function decode(text: string | null, codec: FilterCodec): string | boolean | undefined {
  if (text === null || text === '') return undefined;
  if (codec === 'text') return text;
  if (codec === 'uuid') return uuidPattern.test(text) ? text : undefined;
  if (codec === 'uuids') return text.split(',').every((id) => uuidPattern.test(id)) ? text : undefined;
  if (codec === 'day') return isDay(text) ? text : undefined;
  if (codec === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  return codec.includes(text) ? text : undefined;
}

/** The parameters in which a list's place is written, but for the page. */
export function ownParamNames<Field extends string, Filters extends FilterCodecs>({
  filters,
  prefix = '',
  savedParams = [],
}: ListDefinition<Field, Filters>): readonly string[] {
  return [...['q', 'sort', 'size', ...Object.keys(filters)].map((name) => prefix + name), ...savedParams];
}

/** True for text that may be a whole LiteLLM key; the prefix that lists show is shorter. */
export function isKeyValue(text: string): boolean {
  return /^sk-\S{8,}$/.test(text);
}

/** Parameters to change; null removes one. Any change but that of the page itself leads back to the first page. */
export function writeListUrl(
  params: URLSearchParams,
  changes: Readonly<Record<string, string | null>>,
  prefix = '',
): URLSearchParams {
  const next = new URLSearchParams(params);
  if (!('page' in changes)) next.delete(`${prefix}page`);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(prefix + name);
    else next.set(prefix + name, value);
  }
  return next;
}
