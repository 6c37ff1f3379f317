import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import RefreshIcon from '@mui/icons-material/Refresh';
import ViewColumnIcon from '@mui/icons-material/ViewColumnOutlined';
import { Button, Checkbox, FormControlLabel, IconButton, Popover, Stack, Tooltip } from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FilterCodecs } from './list-url';
import { SearchBox } from './search-box';
import type { ListState } from './use-list-state';

interface ColumnChoice {
  readonly field: string;
  readonly header: string;
  readonly isVisible: boolean;
}

interface ListToolbarProps<Field extends string, Filters extends FilterCodecs> {
  readonly list: ListState<Field, Filters>;
  readonly searchLabel: string | undefined;
  readonly filters: ReactNode;
  readonly onExport: (() => void) | undefined;
  readonly isExporting: boolean;
  readonly isRefreshing: boolean;
  readonly onRefresh: () => void;
  readonly columns: readonly ColumnChoice[];
  readonly onToggleColumn: (field: string) => void;
}

/** Above a list: search, filters, columns, export, read again. */
export function ListToolbar<Field extends string, Filters extends FilterCodecs>(
  props: ListToolbarProps<Field, Filters>,
): ReactElement {
  const { list, searchLabel, filters, onExport, isExporting, isRefreshing, onRefresh } = props;
  const { t } = useTranslation();
  return (
    <Stack
      direction="row"
      role="search"
      aria-label={searchLabel ?? t('common.filters')}
      sx={({ vars }) => ({
        p: 1.25,
        gap: 1.25,
        flexWrap: 'wrap',
        alignItems: 'center',
        borderBottom: `1px solid ${vars?.palette.divider}`,
      })}
    >
      {searchLabel !== undefined && (
        <SearchBox label={searchLabel} value={list.input.search} onChange={list.setSearch} />
      )}
      {filters}
      {list.isNarrowed && (
        <Button size="small" onClick={list.clear}>
          {t('common.clearFilters')}
        </Button>
      )}
      <Stack direction="row" sx={{ ml: 'auto', gap: 0.5, alignItems: 'center' }}>
        <ColumnsButton columns={props.columns} onToggle={props.onToggleColumn} />
        <Tooltip title={t('common.list.refresh')}>
          <span>
            <IconButton aria-label={t('common.list.refresh')} onClick={onRefresh} disabled={isRefreshing}>
              <RefreshIcon fontSize="small" />
            </IconButton>
          </span>
        </Tooltip>
        {onExport !== undefined && (
          <Button variant="outlined" startIcon={<DownloadIcon />} onClick={onExport} loading={isExporting}>
            {t('common.list.exportCsv')}
          </Button>
        )}
      </Stack>
    </Stack>
  );
}

function ColumnsButton({
  columns,
  onToggle,
}: {
  readonly columns: readonly ColumnChoice[];
  readonly onToggle: (field: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const visible = columns.filter(({ isVisible }) => isVisible).length;
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
          paper: {
            role: 'dialog',
            'aria-label': t('common.list.columns'),
            variant: 'outlined',
            sx: { p: 1.5 },
          },
        }}
      >
        <Stack>
          {columns.map(({ field, header, isVisible }) => (
            <FormControlLabel
              key={field}
              label={header}
              // A list without any column could not be read or taken back.
              disabled={isVisible && visible === 1}
              control={
                <Checkbox
                  size="small"
                  checked={isVisible}
                  onChange={() => onToggle(field)}
                  sx={{ py: 0.5 }}
                />
              }
              slotProps={{ typography: { variant: 'body2' } }}
            />
          ))}
        </Stack>
      </Popover>
    </>
  );
}
