import ViewColumnIcon from '@mui/icons-material/ViewColumnOutlined';
import { Checkbox, FormControlLabel, IconButton, Popover, Tooltip } from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface ColumnsPopoverProps {
  /** Once it is gone from the screen: the next time it begins anew. */
  readonly onClosed: () => void;
  readonly children: ReactNode;
}

/** The button above a table that leads to its columns, and the panel that opens. */
export function ColumnsPopover({ onClosed, children }: ColumnsPopoverProps): ReactElement {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Tooltip title={t('common.list.chooseColumns')}>
        <IconButton
          aria-label={t('common.list.chooseColumns')}
          aria-haspopup="dialog"
          aria-expanded={anchor !== null}
          onClick={({ currentTarget }) => setAnchor(currentTarget)}
        >
          <ViewColumnIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{
          transition: { onExited: onClosed },
          paper: {
            role: 'dialog',
            'aria-label': t('common.list.columns'),
            variant: 'outlined',
            sx: { p: 1.5, width: 300, maxWidth: '94vw' },
          },
        }}
      >
        {children}
      </Popover>
    </>
  );
}

interface ColumnCheckboxProps {
  readonly label: ReactNode;
  readonly isShown: boolean;
  /** No other column is shown: without any, a table could not be read or taken back. */
  readonly isLast: boolean;
  readonly onToggle: () => void;
}

/** Shows or hides one column. */
export function ColumnCheckbox({ label, isShown, isLast, onToggle }: ColumnCheckboxProps): ReactElement {
  return (
    <FormControlLabel
      label={label}
      disabled={isShown && isLast}
      sx={{ flexGrow: 1 }}
      control={<Checkbox size="small" checked={isShown} onChange={onToggle} sx={{ py: 0.5 }} />}
      slotProps={{ typography: { variant: 'body2', sx: { overflowWrap: 'anywhere' } } }}
    />
  );
}
