import { Box, Paper } from '@mui/material';
import {
  DataGrid,
  useGridApiRef,
  type GridColDef,
  type GridEventListener,
  type GridRowParams,
  type GridSortModel,
} from '@mui/x-data-grid';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ApiError } from '../api/api-error';
import { cspNonce } from '../ui/csp-nonce';
import { usePageAction } from '../ui/page-actions';
import { BulkBar, selectedText } from './bulk-bar';
import { ColumnsButton } from './columns-button';
import { formatCount } from '../ui/format';
import { useGridTexts } from './grid-texts';
import { ListToolbar } from './list-toolbar';
import { pageSizes, type FilterCodecs } from './list-url';
import {
  isControl,
  menuField,
  placeOf,
  isShortcut,
  rowKeyOf,
  useGridSelection,
  useRowColumns,
} from './row-controls';
import { useFocusAfter } from './use-focus-after';
import { useRowMenu, type RowAction } from './row-menu';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';
import { useColumnLayout } from './use-column-layout';
import type { ListState } from './use-list-state';
import type { RowSelection } from './use-row-selection';
import { rememberRow, useRowReturn } from '../ui/use-row-return';
import { useSavedViews } from './use-saved-views';
import { ViewsButton } from './views-button';
import { VisuallyHidden } from '../ui/visually-hidden';

/** A column: what stands above it and how a row is shown in it. */
export interface ServerGridColumn<Row> {
  readonly field: string;
  readonly header: string;
  readonly render: (row: Row) => ReactNode;
  /** Pixels; or a share of what is left over through `flex` with `minWidth`. */
  readonly width?: number;
  readonly flex?: number;
  readonly minWidth?: number;
  /** Numbers stand right. */
  readonly align?: 'left' | 'right';
  /** Hidden until the person asks for it. */
  readonly initiallyHidden?: boolean;
}

interface ServerGridProps<Row, Field extends string, Filters extends FilterCodecs> {
  /** Remembers the column choice under this name. */
  readonly name: string;
  /** What is listed, for screen readers: "Users". */
  readonly label: string;
  readonly list: ListState<Field, Filters>;
  readonly query: UseQueryResult<{ rows: Row[]; total: number; totalIsExact: boolean }, ApiError>;
  readonly columns: readonly ServerGridColumn<Row>[];
  readonly rowId: (row: Row) => string;
  /** Where a click or Enter on a row leads. */
  readonly rowPath?: (row: Row) => string;
  /** Absent: this list cannot be searched. */
  readonly searchLabel?: string;
  readonly filters?: ReactNode;
  readonly onExport?: (() => void) | undefined;
  readonly isExporting?: boolean;
  readonly onCancelExport?: () => void;
  /** How a row is spoken of: by its checkbox and its menu. */
  readonly rowName?: (row: Row) => string;
  /** Rows can be selected, and something done with all of them. Absent: the list has no checkboxes. */
  readonly bulk?: { readonly selection: RowSelection<Row>; readonly actions: ReactNode };
  /** What can be done with one row. Absent: rows have no menu. */
  readonly rowActions?: (row: Row) => readonly RowAction[];
  /** Shown while nothing was ever here. */
  readonly empty: { readonly title: string; readonly body?: string; readonly action?: ReactNode };
}

const noActions = (): readonly RowAction[] => [];

const rowHeight = 44;
const headerHeight = 42;
/** Lines in place of the grid while its first page is read. */
const skeletonLines = 12;

/**
 * A list that PostgreSQL pages, sorts, searches and filters; its state is in the URL. Loads the data grid: import
 * it only from screens that are split off.
 */
export function ServerGrid<Row extends object, Field extends string, Filters extends FilterCodecs>(
  props: ServerGridProps<Row, Field, Filters>,
): ReactElement {
  const { name, label, list, query, columns, rowId, rowPath, rowName = rowId, empty } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const texts = useGridTexts(query.data?.totalIsExact ?? true);
  const arranged = useColumnLayout(name, columns);
  const { hidden, widths } = arranged.layout;
  const views = useSavedViews(name, list, arranged);
  usePageAction('exportList', props.isExporting === true ? undefined : props.onExport);
  const gridColumns = useMemo(
    () => toGridColumns(arranged.columns, list.definition.sortFields, widths),
    [arranged.columns, list.definition, widths],
  );
  const { page, pageSize, sort } = list.input;
  // The same objects until they change: the grid takes a new sort model for a new order and leaves the page.
  const sortField = sort?.field;
  const sortDirection = sort?.direction;
  const sortModel = useMemo(
    (): GridSortModel =>
      sortField === undefined || sortDirection === undefined
        ? []
        : [{ field: sortField, sort: sortDirection }],
    [sortField, sortDirection],
  );
  const paginationModel = useMemo(() => ({ page, pageSize }), [page, pageSize]);
  const columnVisibilityModel = useMemo(
    () => Object.fromEntries(hidden.map((field) => [field, false])),
    [hidden],
  );
  const rows = query.data?.rows ?? [];
  const rowIds = rows.map(rowId);
  const selection = props.bulk?.selection;
  const gridSelection = useGridSelection(selection, rowIds);
  const isSelecting = selection !== undefined && selection.scope !== 'none';
  const { rowActions } = props;
  const { menu, openAt, openByMouse } = useRowMenu(rowName, rowActions ?? noActions);
  const allColumns = useRowColumns({
    columns: gridColumns,
    rowName,
    hasSelection: selection !== undefined,
    openMenu: rowActions === undefined ? undefined : openAt,
  });
  const total = query.data?.total ?? 0;
  const rowsText = t(query.data?.totalIsExact === false ? 'common.list.rowsMore' : 'common.list.rows', {
    count: total,
    formatted: formatCount(total),
  });
  const isEmpty = query.data !== undefined && rows.length === 0;

  const grid = useGridApiRef();
  const firstField = arranged.columns.find(({ field }) => !hidden.includes(field))?.field;
  useRowReturn(name, rowIds, firstField, grid);
  const [firstRow] = rowIds;
  useFocusAfter(isSelecting, () => {
    if (firstRow !== undefined && firstField !== undefined) grid.current?.setCellFocus(firstRow, firstField);
  });

  const open = ({ row }: { row: Row }): void => {
    if (rowPath === undefined) return;
    rememberRow(name, rowId(row));
    void navigate(rowPath(row));
  };

  const onKey: GridEventListener<'cellKeyDown'> = (params, event) => {
    switch (rowKeyOf(event)) {
      case 'open':
        return open(params);
      case 'select':
        if (selection === undefined) return;
        // The grid would scroll by it.
        event.defaultMuiPrevented = true;
        event.preventDefault();
        return grid.current?.selectRow(params.id, !grid.current.isRowSelected(params.id));
      case 'menu':
        if (rowActions === undefined) return;
        event.preventDefault();
        return openAt(params.row as Row, event.currentTarget);
      case 'leave':
        return selection?.clear();
      case null: {
        const action = rowActions?.(params.row as Row).find(({ shortcut }) => isShortcut(event, shortcut));
        if (action === undefined || action.obstacle !== undefined) return;
        event.preventDefault();
        return action.run();
      }
    }
  };

  return (
    <Paper
      variant="outlined"
      sx={{ overflow: 'hidden' }}
      onContextMenu={(event) => {
        const place = placeOf(event.target);
        const row = rows.find((each) => rowId(each) === place?.id);
        if (rowActions === undefined || row === undefined || place === null) return;
        event.preventDefault();
        // Before the menu takes the focus: the grid would take it back when the mouse button is let go.
        grid.current?.setCellFocus(place.id, place.field);
        openByMouse(row, event);
      }}
      // A link in a row leads away from it too.
      onClickCapture={({ target }) => {
        const row = (target as HTMLElement).closest<HTMLElement>('a')?.closest<HTMLElement>('[data-id]');
        if (row?.dataset['id'] !== undefined) rememberRow(name, row.dataset['id']);
      }}
    >
      <Box sx={{ display: 'grid', '& > *': { gridArea: '1 / 1', minWidth: 0 } }}>
        {/* It keeps its room, so that no row moves away from under the mouse. */}
        <Box sx={isSelecting ? { visibility: 'hidden' } : {}}>
          <ListToolbar
            list={list}
            searchLabel={props.searchLabel}
            filters={props.filters}
            onExport={props.onExport}
            isExporting={props.isExporting ?? false}
            onCancelExport={props.onCancelExport}
            isRefreshing={query.isFetching}
            onRefresh={() => void query.refetch()}
            choices={
              <>
                <ViewsButton views={views} />
                <ColumnsButton
                  columns={arranged.columns.map(({ field, header }) => ({
                    field,
                    header,
                    isVisible: !hidden.includes(field),
                  }))}
                  isArranged={arranged.isArranged}
                  onToggle={arranged.toggle}
                  onMove={arranged.move}
                  onReset={() => arranged.apply(null)}
                />
              </>
            }
          />
        </Box>
        {selection !== undefined && isSelecting && (
          <BulkBar selection={selection} actions={props.bulk?.actions} />
        )}
      </Box>
      <VisuallyHidden>
        <span role="status">
          {query.data === undefined || query.isPlaceholderData
            ? ''
            : [rowsText, ...(selection === undefined ? [] : [selectedText(t, selection)])].join(' ')}
        </span>
      </VisuallyHidden>
      {query.error !== null && query.data === undefined ? (
        <Box sx={{ p: 2 }}>
          <ErrorState
            error={query.error}
            title={t('common.list.failed')}
            onRetry={() => void query.refetch()}
          />
        </Box>
      ) : query.data === undefined ? (
        <Box sx={{ px: 2, py: 1.5 }}>
          <LoadingLines lines={skeletonLines} />
        </Box>
      ) : isEmpty && page === 0 ? (
        list.isNarrowed ? (
          <EmptyState title={t('common.list.nothingMatches')} body={t('common.list.nothingMatchesBody')} />
        ) : (
          <EmptyState {...empty} />
        )
      ) : (
        <DataGrid<Row>
          aria-label={label}
          apiRef={grid}
          {...(cspNonce === undefined ? {} : { nonce: cspNonce })}
          rows={rows}
          columns={allColumns}
          {...gridSelection}
          getRowId={rowId}
          loading={query.isPlaceholderData}
          paginationMode="server"
          sortingMode="server"
          filterMode="server"
          rowCount={query.data.total}
          pageSizeOptions={[...pageSizes]}
          paginationModel={paginationModel}
          onPaginationModelChange={(model) => list.setPage(model.page, model.pageSize)}
          sortModel={sortModel}
          onSortModelChange={([item]) =>
            list.setSort(item?.sort ? { field: item.field, direction: item.sort } : null)
          }
          columnVisibilityModel={columnVisibilityModel}
          onColumnWidthChange={({ colDef, width }) => arranged.setWidth(colDef.field, width)}
          onRowClick={(params: GridRowParams<Row>, event) => {
            if (!isControl(event.target)) open(params);
          }}
          onCellKeyDown={onKey}
          disableColumnMenu
          disableColumnFilter
          disableColumnSelector
          disableRowSelectionOnClick
          disableVirtualization={rows.length <= 25}
          autoHeight
          rowHeight={rowHeight}
          columnHeaderHeight={headerHeight}
          localeText={texts}
          slotProps={{
            loadingOverlay: { variant: 'linear-progress', noRowsVariant: 'linear-progress' },
          }}
          sx={gridStyle(rowPath !== undefined)}
        />
      )}
      {menu}
    </Paper>
  );
}

function toGridColumns<Row extends object>(
  columns: readonly ServerGridColumn<Row>[],
  sortFields: readonly string[],
  widths: Readonly<Record<string, number>>,
): GridColDef<Row>[] {
  return columns.map((column) => ({
    field: column.field,
    headerName: column.header,
    sortable: sortFields.includes(column.field),
    align: column.align ?? 'left',
    headerAlign: column.align ?? 'left',
    ...widthOf(column, widths[column.field]),
    ...(column.minWidth === undefined ? {} : { minWidth: column.minWidth }),
    renderCell: ({ row }) => column.render(row),
  }));
}

/** A column that was made wider or narrower takes no share of what is left over. */
function widthOf(
  { width, flex }: Pick<ServerGridColumn<never>, 'width' | 'flex'>,
  chosen: number | undefined,
): Pick<GridColDef, 'width' | 'flex'> {
  if (chosen !== undefined) return { width: chosen };
  return { ...(width === undefined ? {} : { width }), ...(flex === undefined ? {} : { flex }) };
}

function gridStyle(isClickable: boolean) {
  return {
    border: 0,
    borderRadius: 0,
    fontSize: '0.84375rem',
    '--DataGrid-containerBackground': 'transparent',
    // In two lines rather than cut off, where the arrow takes some of the room.
    '& .MuiDataGrid-columnHeaderTitle': {
      fontWeight: 600,
      color: 'text.secondary',
      whiteSpace: 'normal',
      textWrap: 'balance',
      lineHeight: 1.25,
    },
    '& .MuiDataGrid-columnHeader--alignRight .MuiDataGrid-columnHeaderTitle': { textAlign: 'right' },
    '& .MuiDataGrid-columnHeaderTitleContainer .MuiDataGrid-sortButton': { p: 0.125 },
    '& .MuiDataGrid-row': isClickable ? { cursor: 'pointer' } : {},
    '& .MuiDataGrid-cell': { display: 'flex', alignItems: 'center', minWidth: 0 },
    '& .MuiDataGrid-cell--textRight': { justifyContent: 'flex-end' },
    '& .MuiDataGrid-cell > *': { minWidth: 0 },
    // A row's menu belongs to no column.
    [`& [data-field="${menuField}"] .MuiDataGrid-columnSeparator`]: { display: 'none' },
    // A number that is cut without dots reads as another number.
    '& .MuiDataGrid-cell--textRight > span': { overflow: 'hidden', textOverflow: 'ellipsis' },
  };
}
