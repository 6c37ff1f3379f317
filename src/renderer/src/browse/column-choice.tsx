import { Box, Button, Stack, TextField, Typography } from '@mui/material';
import { useRef, useState, type ReactElement, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { ColumnCheckbox, ColumnsPopover } from '../lists/columns-popover';
import { formatCount } from '../ui/format';

interface ColumnChoiceProps {
  readonly names: readonly string[];
  readonly hidden: ReadonlySet<string>;
  readonly onChange: (hidden: ReadonlySet<string>) => void;
}

/** From so many columns on, one is found by its name. */
const manyColumns = 12;

/** Which columns are shown, where there may be hundreds. */
export function ColumnChoice({ names, hidden, onChange }: ColumnChoiceProps): ReactElement {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const found = names.filter((name) => name.toLowerCase().includes(search.trim().toLowerCase()));
  const shown = names.filter((name) => !hidden.has(name)).length;
  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    onChange(next);
  };
  const showAll = useRef<HTMLButtonElement>(null);
  const hideAll = useRef<HTMLButtonElement>(null);
  const choose = (next: ReadonlySet<string>, other: RefObject<HTMLButtonElement | null>): void => {
    flushSync(() => onChange(next));
    // What was pressed is disabled now and would drop the focus, and with it Escape: its counterpart takes it.
    other.current?.focus();
  };
  return (
    <ColumnsPopover onClosed={() => setSearch('')}>
      {names.length >= manyColumns && (
        <TextField
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder={t('browse.rows.searchColumns')}
          slotProps={{ htmlInput: { 'aria-label': t('browse.rows.searchColumns'), autoComplete: 'off' } }}
          fullWidth
          sx={{ mb: 1 }}
        />
      )}
      <Stack direction="row" sx={{ alignItems: 'center', gap: 0.5, mb: 0.5 }}>
        <Typography variant="caption" role="status" sx={{ flex: 1, color: 'text.secondary' }}>
          {t('browse.rows.shownColumns', { shown: formatCount(shown), total: formatCount(names.length) })}
        </Typography>
        <Button
          ref={showAll}
          size="small"
          disabled={shown === names.length}
          onClick={() => choose(new Set(), hideAll)}
        >
          {t('browse.rows.showAllColumns')}
        </Button>
        {/* One stays: rows without any column could not be read or taken back. */}
        <Button
          ref={hideAll}
          size="small"
          disabled={shown <= 1}
          onClick={() => choose(new Set(names.slice(1)), showAll)}
        >
          {t('browse.rows.hideAllColumns')}
        </Button>
      </Stack>
      <Box sx={{ maxHeight: 'min(420px, 50vh)', overflowY: 'auto' }}>
        <Stack>
          {found.map((name) => (
            <ColumnCheckbox
              key={name}
              label={<bdi>{name}</bdi>}
              isShown={!hidden.has(name)}
              isLast={shown === 1}
              onToggle={() => toggle(name)}
            />
          ))}
        </Stack>
      </Box>
    </ColumnsPopover>
  );
}
