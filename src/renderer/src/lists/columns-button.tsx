import ArrowDownIcon from '@mui/icons-material/ArrowDownward';
import ArrowUpIcon from '@mui/icons-material/ArrowUpward';
import { Box, Button, IconButton, Stack } from '@mui/material';
import { useRef, useState, type ReactElement } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { ColumnCheckbox, ColumnsPopover } from './columns-popover';
import { formatCount } from '../ui/format';
import { VisuallyHidden } from '../ui/visually-hidden';

export interface ColumnChoice {
  readonly field: string;
  readonly header: string;
  readonly isVisible: boolean;
}

interface ColumnsButtonProps {
  /** All of them, from left to right. */
  readonly columns: readonly ColumnChoice[];
  readonly isArranged: boolean;
  readonly onToggle: (field: string) => void;
  /** One place to the left (-1) or to the right (1). */
  readonly onMove: (field: string, by: -1 | 1) => void;
  readonly onReset: () => void;
}

/** Which columns a list shows, and in which order: by buttons, nothing has to be dragged. */
export function ColumnsButton(props: ColumnsButtonProps): ReactElement {
  const { columns, isArranged, onToggle, onMove, onReset } = props;
  const { t } = useTranslation();
  const [announced, setAnnounced] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const visible = columns.filter(({ isVisible }) => isVisible).length;
  const move = (field: string, by: -1 | 1): void => {
    const place = columns.findIndex((column) => column.field === field) + by;
    flushSync(() => onMove(field, by));
    // At the end its arrow cannot be pressed any more and would drop the focus: the opposite one takes it.
    if (place === 0 || place === columns.length - 1) {
      const [before, after] = list.current?.children[place]?.querySelectorAll<HTMLElement>('button') ?? [];
      (by === -1 ? after : before)?.focus();
    }
    setAnnounced(
      t('lists.columns.moved', {
        name: columns[place - by]?.header ?? '',
        place: formatCount(place + 1),
        total: formatCount(columns.length),
      }),
    );
  };
  const reset = (): void => {
    flushSync(onReset);
    // The button can't be pressed any more and would drop the focus, and with it Escape: the list takes it.
    list.current?.querySelector<HTMLElement>('input:enabled, button:enabled')?.focus();
  };
  return (
    <ColumnsPopover onClosed={() => setAnnounced('')}>
      <VisuallyHidden>
        <span role="status">{announced}</span>
      </VisuallyHidden>
      <Stack component="ul" ref={list} sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {columns.map(({ field, header, isVisible }, place) => (
          <Box component="li" key={field} sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
            <ColumnCheckbox
              label={header}
              isShown={isVisible}
              isLast={visible === 1}
              onToggle={() => onToggle(field)}
            />
            <IconButton
              size="small"
              aria-label={t('lists.columns.before', { name: header })}
              disabled={place === 0}
              onClick={() => move(field, -1)}
            >
              <ArrowUpIcon sx={{ fontSize: 16 }} />
            </IconButton>
            <IconButton
              size="small"
              aria-label={t('lists.columns.after', { name: header })}
              disabled={place === columns.length - 1}
              onClick={() => move(field, 1)}
            >
              <ArrowDownIcon sx={{ fontSize: 16 }} />
            </IconButton>
          </Box>
        ))}
      </Stack>
      <Button size="small" disabled={!isArranged} onClick={reset} sx={{ mt: 1 }}>
        {t('lists.columns.reset')}
      </Button>
    </ColumnsPopover>
  );
}
