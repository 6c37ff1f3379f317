import type { Contract, InputOf } from '../../../shared/contract/index';
import { defineList } from '../lists/list-url';
import { useListState } from '../lists/use-list-state';
import { savedUsageParams, type UsageView } from './usage-url';

type BreakdownInput = InputOf<Contract['usage']['breakdown']>;

const breakdownList = defineList({
  sortFields: ['requests', 'tokens', 'cost', 'errors', 'label'],
  filters: {},
  pageSize: 10,
  savedParams: savedUsageParams,
});

/** As many rows as the contract answers at once. */
const printedRows = 100;

/** The breakdown's list and what to ask for: the page on the screen, and what goes on paper. */
export function useBreakdownList({ by, metric, range, filters, isCompared }: UsageView) {
  const own = useListState(breakdownList);
  // Unless the person chose an order, the largest of what the screen is about come first.
  const sort = own.input.sort ?? { field: metric, direction: 'desc' as const };
  const list = { ...own, input: { ...own.input, sort } };
  const input = {
    ...list.input,
    filters: {
      range,
      dimension: by,
      usage: filters,
      ...(isCompared ? { compare: 'previous' as const } : {}),
    },
  } satisfies BreakdownInput;
  return { list, input, printed: { ...input, page: 0, pageSize: printedRows } satisfies BreakdownInput };
}

/** See {@link useBreakdownList}. */
export type BreakdownList = ReturnType<typeof useBreakdownList>;
