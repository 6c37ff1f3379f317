import MoreVertIcon from '@mui/icons-material/MoreVert';
import { IconButton, ListItemText, Menu, MenuItem, Typography } from '@mui/material';
import { useCallback, useState, type MouseEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** Something that can be done with one row. */
export interface RowAction {
  readonly id: string;
  readonly label: string;
  readonly run: () => void;
  /** A letter that does it too, in the row. */
  readonly shortcut?: string;
  /** Why it can't be done now. */
  readonly obstacle?: string | undefined;
}

/** The row whose menu is open, and where. */
interface OpenMenu<Row> {
  readonly row: Row;
  readonly at: { readonly element: HTMLElement } | { readonly left: number; readonly top: number };
}

interface RowMenu<Row> {
  /** Opens at an element of the row, for the button and the keyboard. The same function each time. */
  readonly openAt: (row: Row, element: HTMLElement) => void;
  /** Opens where the mouse is. */
  readonly openByMouse: (row: Row, event: MouseEvent) => void;
  readonly menu: ReactElement;
}

/** The menu of a list's rows: the same by its button, by a right click and by the keyboard. */
export function useRowMenu<Row>(
  rowName: (row: Row) => string,
  actionsOf: (row: Row) => readonly RowAction[],
): RowMenu<Row> {
  const { t } = useTranslation();
  const [open, setOpen] = useState<OpenMenu<Row> | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState<RowAction | null>(null);
  const show = useCallback((next: OpenMenu<Row>): void => {
    setChosen(null);
    setOpen(next);
    setIsOpen(true);
  }, []);
  const openAt = useCallback(
    (row: Row, element: HTMLElement): void => show({ row, at: { element } }),
    [show],
  );
  const actions = open === null ? [] : actionsOf(open.row);
  const obstacles = [...new Set(actions.flatMap(({ obstacle }) => obstacle ?? []))];
  return {
    openAt,
    openByMouse: (row, event) => show({ row, at: { left: event.clientX, top: event.clientY } }),
    menu: (
      <Menu
        open={isOpen}
        onClose={() => setIsOpen(false)}
        // The browser's own menu would lie over this one.
        onContextMenu={(event) => event.preventDefault()}
        {...anchorOf(open)}
        slotProps={{
          list: {
            dense: true,
            'aria-label': open === null ? '' : t('lists.menu.of', { name: rowName(open.row) }),
          },
          // What is opened from here gives the focus back to the row, not to an entry that is gone.
          transition: { onExited: () => chosen?.run() },
        }}
      >
        {actions.map((action) => (
          <MenuItem
            key={action.id}
            disabled={action.obstacle !== undefined}
            onClick={() => {
              setChosen(action);
              setIsOpen(false);
            }}
          >
            <ListItemText>{action.label}</ListItemText>
            {action.shortcut !== undefined && (
              <Typography variant="caption" component="kbd" sx={{ pl: 3, color: 'text.secondary' }}>
                {action.shortcut.toUpperCase()}
              </Typography>
            )}
          </MenuItem>
        ))}
        {obstacles.map((obstacle) => (
          <MenuItem
            key={obstacle}
            disabled
            sx={{ '&.Mui-disabled': { opacity: 1 }, maxWidth: 320, whiteSpace: 'normal' }}
          >
            <Typography variant="caption" sx={{ color: 'text.secondary' }}>
              {obstacle}
            </Typography>
          </MenuItem>
        ))}
      </Menu>
    ),
  };
}

function anchorOf<Row>(open: OpenMenu<Row> | null) {
  if (open === null) return { anchorEl: null };
  const { at } = open;
  return 'element' in at
    ? { anchorEl: at.element }
    : { anchorReference: 'anchorPosition' as const, anchorPosition: at };
}

/** The button in a row that opens its menu. */
export function RowMenuButton(props: {
  readonly name: string;
  /** As the grid has it for the cell: one stop for the Tab key in the whole grid. */
  readonly tabIndex: number;
  readonly onOpen: (element: HTMLElement) => void;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <IconButton
      size="small"
      aria-haspopup="menu"
      aria-label={t('lists.menu.of', { name: props.name })}
      tabIndex={props.tabIndex}
      onClick={({ currentTarget }) => props.onOpen(currentTarget)}
      onKeyDown={(event) => {
        // The grid scrolls by it.
        if (event.key === ' ') event.stopPropagation();
      }}
    >
      <MoreVertIcon fontSize="small" />
    </IconButton>
  );
}
