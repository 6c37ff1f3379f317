import { ToggleButton, ToggleButtonGroup } from '@mui/material';
import type { TFunction } from 'i18next';
import { useCallback, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import {
  usageDimensions,
  type UsageBreakdownRow,
  type UsageDimension,
  type UsageFigures,
} from '../../../shared/contract/usage';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount } from '../ui/format';
import { ServerGrid } from '../lists/server-grid';
import { useCsvExport } from '../lists/use-csv-export';
import { useBreakdownColumns } from './breakdown-columns';
import { PrintTable } from './print-table';
import type { BreakdownList } from './use-breakdown-list';
import { usageLabel } from './series-label';
import { useUsageRowActions } from './use-usage-row-actions';
import { filterOfDimension, type UsageView } from './usage-url';

interface BreakdownTableProps {
  readonly view: UsageView;
  readonly breakdown: BreakdownList;
  /** Of the whole period, for shares; undefined until known. */
  readonly totals: UsageFigures | undefined;
  readonly isPrinting: boolean;
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

/** What each model, user, team or key used in the period. */
export function BreakdownTable(props: BreakdownTableProps): ReactElement {
  const { view, breakdown, totals, isPrinting, onChange } = props;
  const { t } = useTranslation();
  const { by, metric, isCompared } = view;
  const { list, input } = breakdown;
  const query = useProcedureQuery('usage', 'breakdown', input, { keepPrevious: true });
  // What the screen asked for to print. A print by the browser's own menu cannot wait: it has the page that is shown.
  const printed = useProcedureQuery('usage', 'breakdown', breakdown.printed, { enabled: false });
  const csv = useCsvExport('usage', 'exportCsv');
  const onOnly = useCallback(
    (id: string) => onChange({ [filterOfDimension[by]]: id, q: null }),
    [by, onChange],
  );
  const columns = useBreakdownColumns({ dimension: by, metric, totals, isCompared, onOnly });
  const actions = useUsageRowActions(by);
  const label = t('usage.breakdown.label', { dimension: t(`usage.inText.${by}`) });
  const rowId = ({ id }: UsageBreakdownRow): string => id ?? 'none';
  if (isPrinting) {
    const isWhole = printed.data !== undefined && !printed.isStale;
    const { rows = [], total = 0, totalIsExact = true } = (isWhole ? printed.data : query.data) ?? {};
    const first = isWhole ? 0 : list.input.page * list.input.pageSize;
    return (
      <PrintTable
        title={label}
        note={printNote(t, { first, shown: rows.length, total, totalIsExact })}
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
      rowName={(row) => usageLabel(t, by, row)}
      rowActions={actions}
      searchLabel={t('usage.breakdown.search')}
      onExport={() => csv.run(input)}
      isExporting={csv.busy}
      onCancelExport={csv.cancel}
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

interface PrintedRows {
  /** How many rows come before those on paper. */
  readonly first: number;
  readonly shown: number;
  readonly total: number;
  /** False: there are more than `total`. */
  readonly totalIsExact: boolean;
}

function printNote(t: TFunction, { first, shown, total, totalIsExact }: PrintedRows): string {
  if (shown === total && totalIsExact) {
    return t('usage.print.all', { count: total, total: formatCount(total) });
  }
  return t(totalIsExact ? 'usage.print.some' : 'usage.print.someMore', {
    from: formatCount(first + 1),
    to: formatCount(first + shown),
    total: formatCount(total),
  });
}
