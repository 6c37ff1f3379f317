import type { GridLocaleText } from '@mui/x-data-grid';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../ui/format';

/** The grid's own texts, from the catalogue. `totalIsExact` false: the count is a lower bound. */
export function useGridTexts(totalIsExact: boolean): Partial<GridLocaleText> {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      noRowsLabel: t('common.list.nothingMatches'),
      checkboxSelectionHeaderName: t('lists.selection.page'),
      checkboxSelectionSelectAllRows: t('lists.selection.page'),
      checkboxSelectionUnselectAllRows: t('lists.selection.notPage'),
      columnHeaderSortIconLabel: t('common.list.sort'),
      paginationItemAriaLabel: (type) =>
        t(
          {
            first: 'common.list.firstPage' as const,
            previous: 'common.list.previousPage' as const,
            next: 'common.list.nextPage' as const,
            last: 'common.list.lastPage' as const,
          }[type],
        ),
      paginationRowsPerPage: t('common.list.rowsPerPage'),
      paginationDisplayedRows: ({ from, to, count }) =>
        t(totalIsExact ? 'common.list.range' : 'common.list.rangeMore', {
          from: formatCount(from),
          to: formatCount(to),
          total: formatCount(count),
        }),
    }),
    [t, totalIsExact],
  );
}
