import RefreshIcon from '@mui/icons-material/Refresh';
import { IconButton, Stack, Tooltip } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportButton } from '../lists/export-button';
import { ColumnChoice } from './column-choice';
import type { Relation } from './relation-screen';
import { RowFilters } from './row-filters';
import type { RowsUrl } from '../records/rows-url';

interface RowsToolbarProps {
  readonly relation: Relation;
  readonly url: RowsUrl;
  readonly onChange: (changes: Partial<RowsUrl>) => void;
  readonly hidden: ReadonlySet<string>;
  readonly onToggleColumns: (hidden: ReadonlySet<string>) => void;
  readonly onExport: () => void;
  readonly isExporting: boolean;
  readonly onCancelExport: () => void;
  readonly isRefreshing: boolean;
  readonly onRefresh: () => void;
}

/** Above the rows: filters, columns, read again, export. */
export function RowsToolbar(props: RowsToolbarProps): ReactElement {
  const { relation, url, onChange, onExport, isExporting, isRefreshing, onRefresh } = props;
  const { t } = useTranslation();
  return (
    <Stack
      direction="row"
      role="search"
      aria-label={t('browse.filters.label')}
      sx={({ vars }) => ({
        p: 1.25,
        gap: 1,
        flexWrap: 'wrap',
        alignItems: 'center',
        borderBottom: `1px solid ${vars?.palette.divider}`,
      })}
    >
      <RowFilters
        columns={relation.columns}
        filters={url.filters}
        onChange={(filters) => onChange({ filters })}
      />
      <Stack direction="row" sx={{ ml: 'auto', gap: 0.5, alignItems: 'center' }}>
        <ColumnChoice
          names={relation.columns.map(({ name }) => name)}
          hidden={props.hidden}
          onChange={props.onToggleColumns}
        />
        <Tooltip title={t('common.list.refresh')}>
          <span>
            <IconButton aria-label={t('common.list.refresh')} onClick={onRefresh} disabled={isRefreshing}>
              <RefreshIcon fontSize="small" />
            </IconButton>
          </span>
        </Tooltip>
        <ExportButton onExport={onExport} isExporting={isExporting} onCancel={props.onCancelExport} />
      </Stack>
    </Stack>
  );
}
