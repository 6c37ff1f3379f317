import { useState } from 'react';
import { useWorkspace } from '../api/app-state';
import type { FilterCodecs } from './list-url';
import type { ListState } from './use-list-state';

/** What is selected of a list: single rows, also of other pages, or whatever its search and filters find. */
export interface RowSelection<Row> {
  readonly scope: 'none' | 'rows' | 'matching';
  /** The single rows as they were shown last; none where all that match are meant. */
  readonly rows: ReadonlyMap<string, Row>;
  /** How many are selected. */
  readonly count: number;
  /** How many match at all; a lower bound where it is not exact. */
  readonly total: number;
  readonly totalIsExact: boolean;
  /** @param ids what is to be selected, on this page and others. */
  readonly select: (ids: Iterable<string>) => void;
  readonly selectMatching: () => void;
  readonly clear: () => void;
}

interface Chosen<Row> {
  /** The workspace, search and filters in which it was selected. */
  readonly place: string;
  readonly isMatching: boolean;
  readonly rows: ReadonlyMap<string, Row>;
}

interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly totalIsExact: boolean;
}

/**
 * What a person has selected in a list. It stays over pages and orders and ends with the search, the filters or the
 * workspace: what is selected can be found in the list that is in sight. Rows that are read again are selected as they
 * are now, since that is what is seen.
 */
export function useRowSelection<Row extends object, Field extends string, Filters extends FilterCodecs>(
  { input: { search, filters } }: ListState<Field, Filters>,
  page: ListPage<Row> | undefined,
  rowId: (row: Row) => string,
): RowSelection<Row> {
  const workspaceId = useWorkspace()?.id ?? null;
  const place = JSON.stringify([workspaceId, search, Object.entries(filters).sort()]);
  const nothing: Chosen<Row> = { place, isMatching: false, rows: new Map() };
  const [chosen, setChosen] = useState(nothing);
  const shown = new Map((page?.rows ?? []).map((row) => [rowId(row), row]));
  if (chosen.place !== place) setChosen(nothing);
  else if ([...chosen.rows].some(([id, row]) => (shown.get(id) ?? row) !== row)) {
    setChosen({ ...chosen, rows: new Map([...chosen.rows].map(([id, row]) => [id, shown.get(id) ?? row])) });
  }
  const { isMatching, rows } = chosen.place === place ? chosen : nothing;
  const total = page?.total ?? 0;
  return {
    scope: isMatching ? 'matching' : rows.size > 0 ? 'rows' : 'none',
    rows,
    count: isMatching ? total : rows.size,
    total,
    totalIsExact: page?.totalIsExact ?? true,
    select: (ids) => {
      const next = [...ids].flatMap((id) => {
        const row = shown.get(id) ?? rows.get(id);
        return row === undefined ? [] : [[id, row] as const];
      });
      setChosen({ place, isMatching: false, rows: new Map(next) });
    },
    selectMatching: () => setChosen({ place, isMatching: true, rows: new Map() }),
    clear: () => setChosen(nothing),
  };
}
