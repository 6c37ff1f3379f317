import type { UseQueryResult } from '@tanstack/react-query';
import type { AnswerOf, Contract, InputOf } from '../../../shared/contract/index';
import type { FilterValuesOf, ListedArea, SortFieldOf } from '../../../shared/records/definition';
import type { ApiError } from '../api/api-error';
import { useProcedureQuery } from '../api/use-procedure';
import type { ListInput } from '../lists/list-url';

export type RowOf<Listed extends ListedArea> = AnswerOf<Contract[Listed['area']]['list']>['rows'][number];

export type ListQuery<Listed extends ListedArea> = UseQueryResult<
  { rows: RowOf<Listed>[]; total: number; totalIsExact: boolean },
  ApiError
>;

/** One page of the list of an area, whichever it is. */
export function useListQuery<Listed extends ListedArea>(
  { area }: Listed,
  input: ListInput<SortFieldOf<Listed>, Partial<FilterValuesOf<Listed>>>,
): ListQuery<Listed> {
  // Its `list` takes what its definition names, since it is made from it.
  const asked = input as InputOf<Contract['users']['list']>;
  const query: unknown = useProcedureQuery(area as 'users', 'list', asked, { keepPrevious: true });
  return query as ListQuery<Listed>;
}
