import CloseIcon from '@mui/icons-material/Close';
import { Button, Stack, Typography } from '@mui/material';
import type { TFunction } from 'i18next';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../ui/format';
import type { RowSelection } from './use-row-selection';

interface BulkBarProps {
  readonly selection: RowSelection<unknown>;
  /** What can be done with what is selected. */
  readonly actions: ReactNode;
}

/** Above a list while something in it is selected: how much, the way to all that match, and what can be done with it. */
export function BulkBar({ selection, actions }: BulkBarProps): ReactElement {
  const { t } = useTranslation();
  const { scope, rows, total, totalIsExact } = selection;
  return (
    <Stack
      direction="row"
      role="group"
      aria-label={t('lists.selection.bar')}
      sx={({ vars }) => ({
        px: 1.25,
        py: 1.25,
        gap: 1.25,
        flexWrap: 'wrap',
        alignItems: 'center',
        borderBottom: `1px solid ${vars?.palette.divider}`,
        backgroundColor: vars?.palette.console.primarySoft,
      })}
    >
      <Typography variant="body2" sx={{ fontWeight: 650, px: 0.75 }}>
        {selectedText(t, selection)}
      </Typography>
      {scope === 'rows' && (total > rows.size || !totalIsExact) && (
        <Button size="small" onClick={selection.selectMatching}>
          {t(totalIsExact ? 'lists.selection.selectMatching' : 'lists.selection.selectMatchingMore', {
            count: total,
            formatted: formatCount(total),
          })}
        </Button>
      )}
      <Stack direction="row" sx={{ ml: 'auto', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        {actions}
        <Button size="small" color="inherit" startIcon={<CloseIcon />} onClick={selection.clear}>
          {t('lists.selection.clear')}
        </Button>
      </Stack>
    </Stack>
  );
}

/** How much is selected, in words; empty for nothing. */
export function selectedText(t: TFunction, { scope, count, totalIsExact }: RowSelection<unknown>): string {
  const counted = { count, formatted: formatCount(count) };
  if (scope === 'none') return '';
  if (scope === 'rows') return t('lists.selection.rows', counted);
  return t(totalIsExact ? 'lists.selection.matching' : 'lists.selection.matchingMore', counted);
}
