import AddIcon from '@mui/icons-material/Add';
import CloseIcon from '@mui/icons-material/Close';
import { Box, Button, ButtonBase, IconButton, Popover, Tooltip } from '@mui/material';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowFilter } from '../../../shared/contract/browse';
import type { Relation } from './relation-screen';
import { RowFilterForm } from './row-filter-form';
import { maxFilters } from '../records/rows-url';

interface RowFiltersProps {
  readonly columns: Relation['columns'];
  readonly filters: readonly RowFilter[];
  readonly onChange: (filters: RowFilter[]) => void;
}

/** What is being edited: a filter by its place, or one more; and where its form hangs. */
interface Editing {
  readonly place: number | null;
  readonly anchor: HTMLElement;
}

/** The filters of the rows, all of which must hold; each can be changed and taken away. */
export function RowFilters({ columns, filters, onChange }: RowFiltersProps): ReactElement {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Editing | null>(null);
  const place = editing?.place ?? null;
  const isFull = filters.length >= maxFilters;
  const addButton = useRef<HTMLButtonElement>(null);
  // The chip goes with its button, and the focus would go with it; the button to add may have been disabled till now.
  const isRemoved = useRef(false);
  useEffect(() => {
    if (isRemoved.current) addButton.current?.focus();
    isRemoved.current = false;
  }, [filters.length]);
  return (
    <>
      {filters.map((filter, at) => (
        <FilterChip
          // By place: a changed filter is the same chip, which gets the focus back from the form.
          key={at}
          filter={filter}
          onEdit={(anchor) => setEditing({ place: at, anchor })}
          onRemove={() => {
            isRemoved.current = true;
            onChange(filters.filter((_kept, other) => other !== at));
          }}
        />
      ))}
      <Tooltip title={isFull ? t('browse.filters.tooMany') : ''}>
        <span>
          <Button
            ref={addButton}
            startIcon={<AddIcon />}
            disabled={isFull}
            aria-haspopup="dialog"
            onClick={({ currentTarget }) => setEditing({ place: null, anchor: currentTarget })}
          >
            {t('browse.filters.add')}
          </Button>
        </span>
      </Tooltip>
      <Popover
        open={editing !== null}
        anchorEl={editing?.anchor ?? null}
        onClose={() => setEditing(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
        slotProps={{
          paper: {
            role: 'dialog',
            'aria-label': t('browse.filters.dialog'),
            variant: 'outlined',
            sx: { p: 2, width: 340, maxWidth: '94vw' },
          },
        }}
      >
        {editing !== null && (
          <RowFilterForm
            columns={columns}
            filter={place === null ? null : (filters[place] ?? null)}
            onApply={(applied) => {
              onChange(
                place === null
                  ? [...filters, applied]
                  : filters.map((filter, at) => (at === place ? applied : filter)),
              );
              setEditing(null);
            }}
            onClose={() => setEditing(null)}
          />
        )}
      </Popover>
    </>
  );
}

interface FilterChipProps {
  readonly filter: RowFilter;
  readonly onEdit: (anchor: HTMLElement) => void;
  readonly onRemove: () => void;
}

function FilterChip({ filter, onEdit, onRemove }: FilterChipProps): ReactElement {
  const { t } = useTranslation();
  const { column, operator, value } = filter;
  const operatorText = t(`browse.filters.operators.${operator}`);
  const valueText = value === '' ? t('browse.filters.emptyValue') : (value ?? '');
  const text = t('browse.filters.text', { column, operator: operatorText, value: valueText }).trim();
  return (
    <Box
      sx={({ vars }) => ({
        display: 'inline-flex',
        alignItems: 'center',
        maxWidth: 380,
        minWidth: 0,
        borderRadius: 1,
        color: vars?.palette.primary.main,
        backgroundColor: vars?.palette.console.primarySoft,
      })}
    >
      <ButtonBase
        aria-label={t('browse.filters.edit', { filter: text })}
        aria-haspopup="dialog"
        onClick={({ currentTarget }) => onEdit(currentTarget)}
        sx={{
          minWidth: 0,
          height: 30,
          pl: 1.25,
          pr: 0.5,
          fontFamily: 'inherit',
          fontSize: '0.8125rem',
          gap: 0.625,
          borderRadius: 1,
        }}
      >
        <bdi style={{ fontWeight: 650, ...cut }}>{column}</bdi>
        <span style={{ flex: 'none' }}>{operatorText}</span>
        {value !== undefined && (
          <bdi style={{ ...cut, ...(value === '' ? { fontStyle: 'italic' } : { fontWeight: 650 }) }}>
            {valueText}
          </bdi>
        )}
      </ButtonBase>
      <IconButton
        size="small"
        color="inherit"
        aria-label={t('browse.filters.remove', { filter: text })}
        onClick={onRemove}
        sx={{ p: 0.5, mr: 0.25 }}
      >
        <CloseIcon sx={{ fontSize: 16 }} />
      </IconButton>
    </Box>
  );
}

const cut = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', minWidth: 0 } as const;
