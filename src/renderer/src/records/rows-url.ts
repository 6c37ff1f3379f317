import { filterOperators, type RelationName, type RowFilter } from '../../../shared/contract/browse';

/** What the rows of a relation are narrowed and ordered by, as its address has it: shareable, kept over back and reload. */
export interface RowsUrl {
  readonly filters: readonly RowFilter[];
  readonly sort: RowSort | null;
  readonly pageSize: number;
}

export interface RowSort {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

export const rowPageSizes = [25, 50, 100] as const;
const defaultRowPageSize = 50;
export const maxFilters = 10;

/** Reads what an address says of the rows. What does not belong there (an edited address) is left out, never an error. */
export function readRowsUrl(params: URLSearchParams): RowsUrl {
  return {
    filters: params
      .getAll('filter')
      .flatMap((text) => readFilter(text) ?? [])
      .slice(0, maxFilters),
    sort: readSort(params.get('sort') ?? ''),
    pageSize: rowPageSizes.find((size) => String(size) === params.get('size')) ?? defaultRowPageSize,
  };
}

/** The same parameters with these changes; all others (the tab) stay. */
export function writeRowsUrl(params: URLSearchParams, changes: Partial<RowsUrl>): URLSearchParams {
  const next = new URLSearchParams(params);
  if (changes.filters !== undefined) {
    next.delete('filter');
    for (const filter of changes.filters) next.append('filter', filterText(filter));
  }
  if (changes.sort === null) next.delete('sort');
  else if (changes.sort !== undefined) next.set('sort', `${changes.sort.direction}:${changes.sort.column}`);
  if (changes.pageSize === defaultRowPageSize) next.delete('size');
  else if (changes.pageSize !== undefined) next.set('size', String(changes.pageSize));
  return next;
}

/** The address of a relation's page; with `filters` that of the rows they find. */
export function relationPath({ schema, relation }: RelationName, filters: readonly RowFilter[] = []): string {
  const path = `/database/browse/${encodeURIComponent(schema)}/${encodeURIComponent(relation)}`;
  return filters.length === 0 ? path : `${path}?${writeRowsUrl(new URLSearchParams(), { filters })}`;
}

/** JSON, because a column's name may hold any character. */
function filterText({ column, operator, value }: RowFilter): string {
  return JSON.stringify(value === undefined ? [column, operator] : [column, operator, value]);
}

function readFilter(text: string): RowFilter | null {
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts.length > 3) return null;
  const [column, name, value] = parts as unknown[];
  const operator = filterOperators.find((known) => known === name);
  if (typeof column !== 'string' || column === '' || operator === undefined) return null;
  if (!needsValue(operator)) return value === undefined ? { column, operator } : null;
  return typeof value === 'string' ? { column, operator, value } : null;
}

/** Whether an operator compares with a value. */
export function needsValue(operator: RowFilter['operator']): boolean {
  return operator !== 'isNull' && operator !== 'isNotNull';
}

function readSort(text: string): RowSort | null {
  const [, direction, column] = /^(asc|desc):(.+)$/s.exec(text) ?? [];
  return direction === undefined || column === undefined
    ? null
    : { column, direction: direction === 'asc' ? 'asc' : 'desc' };
}
