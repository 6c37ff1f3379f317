import KeyIcon from '@mui/icons-material/VpnKeyOutlined';
import LockIcon from '@mui/icons-material/LockOutlined';
import NorthEastIcon from '@mui/icons-material/NorthEast';
import { Box, IconButton, Tooltip } from '@mui/material';
import { DataGrid, type GridColDef, type GridSortModel } from '@mui/x-data-grid';
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import type { Cell, ResultColumn } from '../../../shared/contract/browse';
import { cspNonce } from '../ui/csp-nonce';
import { useGridTexts } from './grid-texts';
import { ValueText } from './value-text';
import { VisuallyHidden } from '../ui/visually-hidden';

/** Where a value leads: the row that a foreign key points to. */
export interface ValueLink {
  readonly label: string;
  readonly pathOf: (text: string) => string;
}

export interface ValueGridColumn extends ResultColumn {
  readonly isKey?: boolean;
  readonly isSecret?: boolean;
  readonly isSortable?: boolean;
  readonly link?: ValueLink | undefined;
}

interface ValueSort {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

interface ValueGridProps {
  /** What is listed, for screen readers. */
  readonly label: string;
  readonly columns: readonly ValueGridColumn[];
  /** At most a hundred: the grid's limit. */
  readonly rows: readonly (readonly Cell[])[];
  /** Of each column, in pixels. */
  readonly widths: readonly number[];
  /** Places of columns that are not shown. */
  readonly hidden?: ReadonlySet<number>;
  readonly sort?: ValueSort | null;
  readonly onSort?: (sort: ValueSort | null) => void;
  readonly isLoading?: boolean;
  /** A value was asked for whole: by Enter or a double click on it, or a click on its size. */
  readonly onOpen: (row: number, column: number) => void;
}

interface GridRow {
  readonly id: number;
  readonly cells: readonly Cell[];
}

const rowHeight = 34;
const headerHeight = 48;
const nothingHidden: ReadonlySet<number> = new Set();

/**
 * Values as a database gave them: any number of columns of any type, each with its type above. Loads the data grid:
 * import it only from screens that are split off.
 */
export function ValueGrid(props: ValueGridProps): ReactElement {
  const { label, columns, rows, widths, hidden = nothingHidden, sort = null, onSort, onOpen } = props;
  const texts = useGridTexts(true);
  const gridRows = useMemo(() => rows.map((cells, id): GridRow => ({ id, cells })), [rows]);
  const gridColumns = useMemo(
    () => columns.map((column, place) => toGridColumn(column, place, widths[place], onOpen)),
    [columns, widths, onOpen],
  );
  const sortPlace = sort === null ? -1 : columns.findIndex(({ name }) => name === sort.column);
  const sortDirection = sort?.direction;
  const sortModel = useMemo(
    (): GridSortModel =>
      sortPlace === -1 || sortDirection === undefined
        ? []
        : [{ field: String(sortPlace), sort: sortDirection }],
    [sortPlace, sortDirection],
  );
  const columnVisibilityModel = useMemo(
    () => Object.fromEntries([...hidden].map((place) => [String(place), false])),
    [hidden],
  );
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', maxHeight: 'max(380px, calc(100vh - 390px))' }}>
      <DataGrid<GridRow>
        aria-label={label}
        {...(cspNonce === undefined ? {} : { nonce: cspNonce })}
        rows={gridRows}
        columns={gridColumns}
        loading={props.isLoading ?? false}
        sortingMode="server"
        sortModel={sortModel}
        onSortModelChange={([item]) => {
          const column = columns[Number(item?.field ?? -1)];
          onSort?.(item?.sort && column ? { column: column.name, direction: item.sort } : null);
        }}
        columnVisibilityModel={columnVisibilityModel}
        onCellDoubleClick={({ id, field }) => onOpen(Number(id), Number(field))}
        onCellKeyDown={({ id, field }, event) => {
          if (event.key !== 'Enter' || (event.target as HTMLElement).closest('a, button') !== null) return;
          // Else the same key press would press the button that takes the focus next.
          event.preventDefault();
          onOpen(Number(id), Number(field));
        }}
        disableColumnMenu
        disableColumnFilter
        disableColumnSelector
        disableRowSelectionOnClick
        hideFooter
        rowHeight={rowHeight}
        columnHeaderHeight={headerHeight}
        localeText={texts}
        slotProps={{ loadingOverlay: { variant: 'linear-progress', noRowsVariant: 'linear-progress' } }}
        sx={gridStyle}
      />
    </Box>
  );
}

function toGridColumn(
  column: ValueGridColumn,
  place: number,
  width: number | undefined,
  onOpen: ValueGridProps['onOpen'],
): GridColDef<GridRow> {
  const align = column.numeric ? 'right' : 'left';
  return {
    field: String(place),
    headerName: column.name,
    ...(width === undefined ? {} : { width }),
    minWidth: 60,
    align,
    headerAlign: align,
    sortable: column.isSortable === true,
    // What Ctrl+C on a cell copies.
    valueGetter: (_value, { cells }) => cells[place]?.text ?? null,
    renderHeader: () => <ColumnHeader column={column} />,
    renderCell: ({ row: { id, cells }, tabIndex }) => {
      const cell = cells[place];
      if (cell === undefined) return null;
      return (
        <>
          <ValueText cell={cell} tabIndex={tabIndex} onOpen={() => onOpen(id, place)} />
          {column.link !== undefined && <FollowLink link={column.link} cell={cell} tabIndex={tabIndex} />}
        </>
      );
    },
  };
}

/** Name and type of a column, one above the other. */
function ColumnHeader({ column }: { readonly column: ValueGridColumn }): ReactElement {
  const { t } = useTranslation();
  const { name, type, numeric } = column;
  return (
    <Box sx={{ minWidth: 0, lineHeight: 1.3, textAlign: numeric ? 'right' : 'left' }}>
      <Box
        sx={{
          display: 'flex',
          alignItems: 'center',
          justifyContent: numeric ? 'flex-end' : 'flex-start',
          gap: 0.5,
          fontWeight: 600,
          fontSize: '0.8125rem',
        }}
      >
        {column.isKey === true && (
          <Tooltip title={t('browse.rows.keyColumn')}>
            <KeyIcon aria-label={t('browse.rows.keyColumn')} sx={{ fontSize: 14, flex: 'none' }} />
          </Tooltip>
        )}
        {column.isSecret === true && (
          <Tooltip title={t('browse.rows.secretColumn')}>
            <LockIcon aria-label={t('browse.rows.secretColumn')} sx={{ fontSize: 14, flex: 'none' }} />
          </Tooltip>
        )}
        <Tooltip title={<bdi>{name}</bdi>} enterDelay={600}>
          <Box component="span" dir="auto" sx={cutText}>
            {name}
          </Box>
        </Tooltip>
      </Box>
      <Box sx={{ ...cutText, color: 'text.secondary', fontSize: '0.71875rem' }}>
        <VisuallyHidden>, </VisuallyHidden>
        {type}
      </Box>
    </Box>
  );
}

interface FollowLinkProps {
  readonly link: ValueLink;
  readonly cell: Cell;
  readonly tabIndex: 0 | -1;
}

function FollowLink({ link, cell, tabIndex }: FollowLinkProps): ReactElement | null {
  if (cell.text === null || cell.masked === true || cell.bytes !== undefined) return null;
  return (
    <Tooltip title={link.label}>
      <IconButton
        component={RouterLink}
        to={link.pathOf(cell.text)}
        aria-label={link.label}
        tabIndex={tabIndex}
        size="small"
        sx={{ flex: 'none', ml: 0.5, p: 0.5, color: 'primary.main' }}
      >
        <NorthEastIcon sx={{ fontSize: 16 }} />
      </IconButton>
    </Tooltip>
  );
}

const cutText = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', minWidth: 0 } as const;

const gridStyle = {
  border: 0,
  borderRadius: 0,
  fontSize: '0.8125rem',
  '--DataGrid-containerBackground': 'var(--mui-palette-background-paper)',
  '& .MuiDataGrid-columnHeaderTitleContainerContent': { minWidth: 0, overflow: 'hidden' },
  '& .MuiDataGrid-cell': { display: 'flex', alignItems: 'center', minWidth: 0, px: 1.25 },
  '& .MuiDataGrid-columnHeader': { px: 1.25 },
  '& .MuiDataGrid-cell--textRight': { justifyContent: 'flex-end' },
} as const;
