import { ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useCallback, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import {
  usageDimensions,
  type UsageBreakdownRow,
  type UsageDimension,
  type UsageFigures,
} from '../../../shared/contract/usage';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount } from '../components/format';
import { defineList } from '../components/list-url';
import { ServerGrid } from '../components/server-grid';
import { useCsvExport } from '../components/use-csv-export';
import { useListState } from '../components/use-list-state';
import { useBreakdownColumns } from './breakdown-columns';
import { PrintTable } from './print-table';
import { filterOfDimension, savedUsageParams, type UsageView } from './usage-url';

const breakdownList = defineList({
  sortFields: ['requests', 'tokens', 'cost', 'errors', 'label'],
  filters: {},
  pageSize: 10,
  savedParams: savedUsageParams,
});

interface BreakdownTableProps {
  readonly view: UsageView;
  /** Of the whole period, for shares; undefined until known. */
  readonly totals: UsageFigures | undefined;
  readonly isPrinting: boolean;
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

/** What each model, user, team or key used in the period. */
export function BreakdownTable({ view, totals, isPrinting, onChange }: BreakdownTableProps): ReactElement {
  const { t } = useTranslation();
  const { by, metric, range, filters, isCompared } = view;
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
  };
  const query = useProcedureQuery('usage', 'breakdown', input, { keepPrevious: true });
  const csv = useCsvExport('usage', 'exportCsv');
  const onOnly = useCallback(
    (id: string) => onChange({ [filterOfDimension[by]]: id, q: null }),
    [by, onChange],
  );
  const columns = useBreakdownColumns({ dimension: by, metric, totals, isCompared, onOnly });
  const label = t('usage.breakdown.label', { dimension: t(`usage.inText.${by}`) });
  const rowId = ({ id }: UsageBreakdownRow): string => id ?? 'none';
  if (isPrinting) {
    const { rows = [], total = 0 } = query.data ?? {};
    const values = { shown: formatCount(rows.length), count: total, total: formatCount(total) };
    return (
      <PrintTable
        title={label}
        note={t(rows.length < total ? 'usage.print.some' : 'usage.print.all', values)}
        // Filtering is for the screen.
        columns={columns.filter(({ field, initiallyHidden }) => field !== 'only' && initiallyHidden !== true)}
        rows={rows}
        rowId={rowId}
      />
    );
  }
  return (
    <ServerGrid
      name="usage"
      label={label}
      list={list}
      query={query}
      columns={columns}
      rowId={rowId}
      searchLabel={t('usage.breakdown.search')}
      onExport={() => csv.run(input)}
      isExporting={csv.busy}
      empty={{ title: t('common.chart.noData'), body: t('usage.emptyPeriodBody') }}
      filters={
        <ToggleButtonGroup
          exclusive
          size="small"
          value={by}
          aria-label={t('usage.breakdown.by')}
          onChange={(_event, next: UsageDimension | null) => {
            if (next !== null) onChange({ by: next, q: null });
          }}
        >
          {usageDimensions.map((name) => (
            <ToggleButton key={name} value={name} sx={{ px: 1.5, py: 0.875, lineHeight: 1.35 }}>
              {t(`usage.dimension.${name}`)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      }
    />
  );
}
