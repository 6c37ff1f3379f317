import { useCallback, useEffect, useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { rememberListSearch } from '../ui/list-return';
import {
  defaultPageSize,
  isKeyValue,
  ownParamNames,
  readListUrl,
  writeListUrl,
  type FilterCodecs,
  type FilterValues,
  type ListDefinition,
  type ListInput,
} from './list-url';

export interface ListState<Field extends string, Filters extends FilterCodecs> {
  readonly definition: ListDefinition<Field, Filters>;
  /** What the area's `list` procedure takes. */
  readonly input: ListInput<Field, FilterValues<Filters>>;
  /** True when a search or filter narrows the list. */
  readonly isNarrowed: boolean;
  setPage(page: number, pageSize: number): void;
  setSort(sort: { field: string; direction: 'asc' | 'desc' } | null): void;
  setSearch(search: string): void;
  setFilter<Name extends keyof Filters & string>(
    name: Name,
    value: FilterValues<Filters>[Name] | undefined,
  ): void;
  clear(): void;
  /** The list's own part of the address, without the page; what a saved view keeps. */
  readonly ownParams: string;
  /** Puts another list's own part in its place. */
  applyOwnParams(params: string): void;
}

/** The state of a list, kept in the URL. Paging and filtering replace the entry in the history, so Back leaves. */
export function useListState<Field extends string, Filters extends FilterCodecs>(
  definition: ListDefinition<Field, Filters>,
): ListState<Field, Filters> {
  const [params, setParams] = useSearchParams();
  const { prefix = '' } = definition;
  const text = params.toString();
  const { pathname } = useLocation();
  useEffect(() => {
    if (prefix === '') rememberListSearch(pathname, text);
  }, [prefix, pathname, text]);
  // A pasted key finds its record and goes no further: not into the URL, and so not into the history.
  const [keyValue, setKeyValue] = useState('');
  const input = useMemo(() => {
    const fromUrl = readListUrl(new URLSearchParams(text), definition);
    return keyValue === '' ? fromUrl : { ...fromUrl, search: keyValue };
  }, [text, definition, keyValue]);

  const change = useCallback(
    (changes: Record<string, string | null>) =>
      setParams((current) => writeListUrl(current, changes, prefix), { replace: true }),
    [setParams, prefix],
  );

  const ownNames = useMemo(() => ownParamNames(definition), [definition]);
  const ownParams = useMemo(() => {
    const own = [...new URLSearchParams(text)].filter(([name]) => ownNames.includes(name));
    return new URLSearchParams(own.sort(([one], [other]) => (one < other ? -1 : 1))).toString();
  }, [text, ownNames]);

  return {
    definition,
    ownParams,
    applyOwnParams(params) {
      const next = new URLSearchParams(params);
      setKeyValue('');
      setParams(
        (current) => {
          const kept = [...current].filter(([name]) => !ownNames.includes(name) && name !== `${prefix}page`);
          return new URLSearchParams([...kept, ...[...next].filter(([name]) => ownNames.includes(name))]);
        },
        { replace: true },
      );
    },
    input,
    isNarrowed: input.search !== '' || Object.keys(input.filters).length > 0,
    setPage: (page, pageSize) =>
      change({
        page: page === 0 ? null : String(page + 1),
        size: pageSize === (definition.pageSize ?? defaultPageSize) ? null : String(pageSize),
      }),
    setSort: (sort) => change({ sort: sort === null ? null : `${sort.field}:${sort.direction}` }),
    setSearch: (search) => {
      setKeyValue(isKeyValue(search) ? search : '');
      change({ q: isKeyValue(search) ? null : search });
    },
    setFilter: (name, value) => change({ [name]: value === undefined ? null : String(value) }),
    clear: () => {
      setKeyValue('');
      change({ q: null, ...Object.fromEntries(Object.keys(definition.filters).map((name) => [name, null])) });
    },
  };
}
