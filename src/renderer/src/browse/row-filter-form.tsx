import { Autocomplete, Button, MenuItem, Stack, TextField } from '@mui/material';
import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { filterOperators, type RowFilter } from '../../../shared/contract/browse';
import { isKeyValue } from '../lists/list-url';
import type { Relation } from './relation-screen';
import { needsValue } from '../records/rows-url';

interface RowFilterFormProps {
  readonly columns: Relation['columns'];
  /** Null: one more. */
  readonly filter: RowFilter | null;
  readonly onApply: (filter: RowFilter) => void;
  readonly onClose: () => void;
}

/** Column, comparison and value of one filter. Masked columns are not offered: comparing would tell their values. */
export function RowFilterForm({ columns, filter, onApply, onClose }: RowFilterFormProps): ReactElement {
  const { t } = useTranslation();
  const names = columns.filter(({ secret }) => !secret).map(({ name }) => name);
  const [column, setColumn] = useState<string | null>(filter?.column ?? null);
  const [operator, setOperator] = useState<RowFilter['operator']>(filter?.operator ?? 'equals');
  const [value, setValue] = useState(filter?.value ?? '');
  const isKey = needsValue(operator) && isKeyValue(value.trim());
  const type = columns.find(({ name }) => name === column)?.type;
  const apply = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (column === null || isKey) return;
    onApply(needsValue(operator) ? { column, operator, value } : { column, operator });
  };
  return (
    <form onSubmit={apply}>
      <Stack sx={{ gap: 1.75 }}>
        <Autocomplete
          options={names}
          value={column}
          onChange={(_event, name) => setColumn(name)}
          autoHighlight
          renderInput={(params) => (
            <TextField
              {...params}
              label={t('browse.filters.column')}
              helperText={type}
              autoFocus={filter === null}
            />
          )}
        />
        <TextField
          select
          label={t('browse.filters.operator')}
          value={operator}
          onChange={(event) =>
            setOperator(filterOperators.find((known) => known === event.target.value) ?? 'equals')
          }
        >
          {filterOperators.map((known) => (
            <MenuItem key={known} value={known}>
              {t(`browse.filters.operators.${known}`)}
            </MenuItem>
          ))}
        </TextField>
        {needsValue(operator) && (
          <TextField
            label={t('browse.filters.value')}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            error={isKey}
            helperText={isKey ? t('browse.filters.keyValue') : undefined}
            autoFocus={filter !== null}
            slotProps={{
              htmlInput: { maxLength: 1000, autoComplete: 'off', spellCheck: false, dir: 'auto' },
            }}
          />
        )}
        <Stack direction="row" sx={{ gap: 1, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="contained" disabled={column === null || isKey}>
            {t('browse.filters.apply')}
          </Button>
        </Stack>
      </Stack>
    </form>
  );
}
