import FirstPageIcon from '@mui/icons-material/FirstPage';
import LastPageIcon from '@mui/icons-material/LastPage';
import NextIcon from '@mui/icons-material/ChevronRight';
import PreviousIcon from '@mui/icons-material/ChevronLeft';
import { IconButton, MenuItem, Select, Stack, Tooltip, Typography } from '@mui/material';
import { useId, useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract, InputOf } from '../../../shared/contract/index';
import { formatCount } from '../ui/format';
import { RowCount } from './row-count';
import { rowPageSizes } from '../records/rows-url';

/** Without a key main counts rows off no further than this. */
const mostStoredRows = 10_000;

interface RowsPagerProps {
  readonly input: InputOf<Contract['browse']['count']>;
  readonly page: AnswerOf<Contract['browse']['rows']>;
  /** True while the page is still the one before, until the next has arrived. */
  readonly isPreviousPage: boolean;
  readonly isFirstPage: boolean;
  readonly pageSize: number;
  readonly onPageSize: (pageSize: number) => void;
  readonly onFirst: () => void;
  readonly onPrevious: () => void;
  readonly onNext: () => void;
  readonly onLast: () => void;
}

/**
 * Below the rows: how many there are, and from page to page. By key, so there are no page numbers. Give it a React key
 * per list: what it says of one must not stand under another.
 */
export function RowsPager(props: RowsPagerProps): ReactElement {
  const { input, page, isPreviousPage, isFirstPage, pageSize, onPageSize } = props;
  const { t } = useTranslation();
  const id = useId();
  // A page that was there before this list says nothing about it.
  const [isOfThisList, setIsOfThisList] = useState(!isPreviousPage);
  if (!isOfThisList && !isPreviousPage) setIsOfThisList(true);
  const shown = page.rows.length;
  const isAll = isFirstPage && page.next === null && !page.limited;
  // The estimate is that of the whole relation.
  const isFiltered = (input.filters ?? []).length > 0;
  const note = page.limited ? 'limited' : page.order === 'stored' ? 'stored' : null;
  return (
    <Stack
      direction="row"
      sx={({ vars }) => ({
        px: 1.5,
        py: 0.75,
        columnGap: 2,
        rowGap: 0.5,
        alignItems: 'center',
        flexWrap: 'wrap',
        borderTop: `1px solid ${vars?.palette.divider}`,
      })}
    >
      <Typography variant="body2" role="status">
        {isOfThisList &&
          t(isAll ? 'browse.rows.counted' : 'browse.rows.onPage', {
            count: shown,
            formatted: formatCount(shown),
          })}
      </Typography>
      {isOfThisList && !isAll && (
        <RowCount input={input} estimatedRows={isFiltered ? null : page.estimatedRows} />
      )}
      <Stack direction="row" sx={{ ml: 'auto', alignItems: 'center', gap: 1 }}>
        <Typography variant="body2" id={id} sx={{ color: 'text.secondary' }}>
          {t('browse.rows.pageSize')}
        </Typography>
        <Select
          size="small"
          variant="standard"
          disableUnderline
          value={pageSize}
          onChange={(event) => onPageSize(event.target.value)}
          labelId={id}
          sx={{ fontSize: '0.84375rem', '& .MuiSelect-select': { py: 0.375 } }}
        >
          {rowPageSizes.map((size) => (
            <MenuItem key={size} value={size}>
              {formatCount(size)}
            </MenuItem>
          ))}
        </Select>
        <Stack direction="row">
          <PageButton label={t('browse.rows.first')} onClick={props.onFirst} disabled={isFirstPage}>
            <FirstPageIcon fontSize="small" />
          </PageButton>
          <PageButton
            label={t('browse.rows.previous')}
            onClick={props.onPrevious}
            isWaiting={isPreviousPage}
            disabled={page.previous === null && (isFirstPage || shown > 0)}
          >
            <PreviousIcon fontSize="small" />
          </PageButton>
          <PageButton
            label={t('browse.rows.next')}
            onClick={props.onNext}
            isWaiting={isPreviousPage}
            disabled={page.next === null}
          >
            <NextIcon fontSize="small" />
          </PageButton>
          <PageButton
            label={t('browse.rows.last')}
            onClick={props.onLast}
            disabled={page.next === null || page.limited}
          >
            <LastPageIcon fontSize="small" />
          </PageButton>
        </Stack>
      </Stack>
      {isOfThisList && note !== null && (
        <Typography variant="caption" sx={{ width: '100%', color: 'text.secondary' }}>
          {note === 'limited'
            ? t('browse.rows.limited', { most: formatCount(mostStoredRows) })
            : t('browse.rows.stored')}
        </Typography>
      )}
    </Stack>
  );
}

interface PageButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled: boolean;
  /**
   * Does nothing for a moment and keeps the focus, which a disabled button would lose. For the pages beside this one,
   * which only its answer can name; the first and the last are asked for at any time.
   */
  readonly isWaiting?: boolean;
  readonly children: ReactNode;
}

function PageButton({
  label,
  onClick,
  disabled,
  isWaiting = false,
  children,
}: PageButtonProps): ReactElement {
  return (
    <Tooltip title={label}>
      <span>
        <IconButton
          size="small"
          aria-label={label}
          onClick={isWaiting ? undefined : onClick}
          disabled={disabled}
          aria-disabled={isWaiting || disabled}
        >
          {children}
        </IconButton>
      </span>
    </Tooltip>
  );
}
