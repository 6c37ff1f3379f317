import RefreshIcon from '@mui/icons-material/Refresh';
import { Button, IconButton, Stack, Tooltip } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportButton } from './export-button';
import type { FilterCodecs } from './list-url';
import { SearchBox } from './search-box';
import type { ListState } from './use-list-state';

interface ListToolbarProps<Field extends string, Filters extends FilterCodecs> {
  readonly list: ListState<Field, Filters>;
  readonly searchLabel: string | undefined;
  readonly filters: ReactNode;
  readonly onExport: (() => void) | undefined;
  readonly isExporting: boolean;
  readonly onCancelExport: (() => void) | undefined;
  readonly isRefreshing: boolean;
  readonly onRefresh: () => void;
  /** What stands between the filters and the export: views, columns. */
  readonly choices: ReactNode;
}

/** Above a list: search, filters, views, columns, read again, export. */
export function ListToolbar<Field extends string, Filters extends FilterCodecs>(
  props: ListToolbarProps<Field, Filters>,
): ReactElement {
  const { list, searchLabel, filters, onExport, isExporting, onCancelExport, isRefreshing, onRefresh } =
    props;
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
        {props.choices}
        <Tooltip title={t('common.list.refresh')}>
          <span>
            <IconButton aria-label={t('common.list.refresh')} onClick={onRefresh} disabled={isRefreshing}>
              <RefreshIcon fontSize="small" />
            </IconButton>
          </span>
        </Tooltip>
        {onExport !== undefined && (
          <ExportButton onExport={onExport} isExporting={isExporting} onCancel={onCancelExport} />
        )}
      </Stack>
    </Stack>
  );
}
