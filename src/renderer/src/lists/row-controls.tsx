import {
  GRID_CHECKBOX_SELECTION_COL_DEF,
  GRID_CHECKBOX_SELECTION_FIELD,
  GridCellCheckboxRenderer,
  type DataGridProps,
  type GridColDef,
  type GridRowSelectionModel,
} from '@mui/x-data-grid';
import { useMemo, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { VisuallyHidden } from '../ui/visually-hidden';
import { RowMenuButton } from './row-menu';
import type { RowSelection } from './use-row-selection';

/** The column of the rows' menus. */
export const menuField = '__menu__';
const controlWidth = 44;

/** True for what a click on it does by itself: links, buttons, and the cells of a row's checkbox and menu. */
export function isControl(target: EventTarget): boolean {
  const own = `a, button, [data-field="${GRID_CHECKBOX_SELECTION_FIELD}"], [data-field="${menuField}"]`;
  return target instanceof Element && target.closest(own) !== null;
}

/** The row and column that something on the page is in; null outside of rows. */
export function placeOf(target: EventTarget): { readonly id: string; readonly field: string } | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-field]') : null;
  const id = cell?.closest<HTMLElement>('[data-id]')?.dataset['id'];
  const field = cell?.dataset['field'];
  return id === undefined || field === undefined ? null : { id, field };
}

/** What a key does to the row that it is pressed in; null: whatever the grid makes of it. */
export function rowKeyOf(event: KeyboardEvent<HTMLElement>): 'open' | 'select' | 'menu' | 'leave' | null {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) return 'menu';
  if (shiftKey || ctrlKey || metaKey || altKey) return null;
  if (key === 'Escape') return 'leave';
  if ((event.target as HTMLElement).closest('a, button, input') !== null) return null;
  if (key === 'Enter') return 'open';
  return key === ' ' ? 'select' : null;
}

/** Whether a letter pressed in a row is that of one of its actions. */
export function isShortcut(event: KeyboardEvent<HTMLElement>, shortcut: string | undefined): boolean {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (shiftKey || ctrlKey || metaKey || altKey) return false;
  return key === shortcut;
}

interface RowColumns<Row extends object> {
  readonly columns: readonly GridColDef<Row>[];
  readonly rowName: (row: Row) => string;
  readonly hasSelection: boolean;
  /** Absent: rows have no menu. */
  readonly openMenu: ((row: Row, element: HTMLElement) => void) | undefined;
}

/** A list's columns between those of the checkboxes and of the menus, as far as it has them. */
export function useRowColumns<Row extends object>(own: RowColumns<Row>): GridColDef<Row>[] {
  const { columns, rowName, hasSelection, openMenu } = own;
  const { t } = useTranslation();
  return useMemo(() => {
    const selection: GridColDef<Row> = {
      ...(GRID_CHECKBOX_SELECTION_COL_DEF as GridColDef<Row>),
      width: controlWidth,
      minWidth: controlWidth,
      renderCell: (params) => {
        // Handed on to the checkbox, as the renderer's types do not tell.
        const named = {
          slotProps: { htmlInput: { 'aria-label': t('lists.selection.row', { name: rowName(params.row) }) } },
        };
        return <GridCellCheckboxRenderer {...params} {...named} />;
      },
    };
    const menu: GridColDef<Row> = {
      field: menuField,
      headerName: t('lists.menu.column'),
      renderHeader: () => <VisuallyHidden>{t('lists.menu.column')}</VisuallyHidden>,
      width: controlWidth,
      minWidth: controlWidth,
      sortable: false,
      resizable: false,
      align: 'center',
      renderCell: ({ row, tabIndex }) => (
        <RowMenuButton
          name={rowName(row)}
          tabIndex={tabIndex}
          onOpen={(element) => openMenu?.(row, element)}
        />
      ),
    };
    return [...(hasSelection ? [selection] : []), ...columns, ...(openMenu === undefined ? [] : [menu])];
  }, [columns, rowName, hasSelection, openMenu, t]);
}

/** What the grid has to know of the selection. */
export function useGridSelection<Row>(
  selection: RowSelection<Row> | undefined,
  shownIds: readonly string[],
): Partial<DataGridProps> {
  const scope = selection?.scope;
  const rows = selection?.rows;
  const model = useMemo(
    (): GridRowSelectionModel =>
      scope === 'matching'
        ? { type: 'exclude', ids: new Set() }
        : { type: 'include', ids: new Set(rows?.keys()) },
    [scope, rows],
  );
  if (selection === undefined) return {};
  return {
    checkboxSelection: true,
    rowSelectionModel: model,
    onRowSelectionModelChange: ({ type, ids }) => {
      // A row taken out of all that match: what is left is what can be seen of them.
      const chosen = type === 'include' ? [...ids].map(String) : shownIds.filter((id) => !ids.has(id));
      selection.select(chosen);
    },
    // Those of other pages.
    keepNonExistentRowsSelected: true,
    // The box in the header means the page.
    disableRowSelectionExcludeModel: true,
    hideFooterSelectedRowCount: true,
  };
}
