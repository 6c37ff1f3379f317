import { Autocomplete, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../../shared/contract/values';
import { useProcedureQuery } from '../api/use-procedure';
import { useDebounced } from '../ui/use-debounced';
import { visibleName } from '../ui/visible-name';

interface OptionsFilterProps {
  /** Whose `options` are searched. */
  readonly area: 'users' | 'teams' | 'models' | 'apiKeys';
  readonly label: string;
  /** The chosen record's id. */
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
  /** What no choice means; by default all of them. */
  readonly whenNone?: string;
}

/** A record to filter by, found by typing part of its name. Main answers at most a few at a time. */
export function OptionsFilter({ area, label, value, onChange, whenNone }: OptionsFilterProps): ReactElement {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const search = useDebounced(text);
  const found = useProcedureQuery(
    area,
    'options',
    { search, ids: value === undefined ? [] : [value] },
    { enabled: isOpen || value !== undefined, keepPrevious: true },
  );
  const options: readonly Reference[] = found.data?.options ?? [];
  const selected =
    value === undefined ? null : (options.find(({ id }) => id === value) ?? { id: value, label: '…' });
  return (
    <Autocomplete
      open={isOpen}
      onOpen={() => setIsOpen(true)}
      onClose={() => setIsOpen(false)}
      options={options}
      value={selected}
      onChange={(_event, option) => onChange(option?.id)}
      onInputChange={(_event, next, reason) => setText(reason === 'input' ? next : '')}
      // Main has searched already.
      filterOptions={(all) => all.slice()}
      getOptionKey={(option) => option.id}
      getOptionLabel={(option) => visibleName(option.label)}
      isOptionEqualToValue={(option, chosen) => option.id === chosen.id}
      loading={found.isFetching}
      renderInput={(params) => (
        <TextField
          {...params}
          label={label}
          placeholder={whenNone ?? t('common.all')}
          slotProps={{ ...params.slotProps, inputLabel: { ...params.slotProps.inputLabel, shrink: true } }}
        />
      )}
      // A filter stands beside others, a field of a form under them.
      sx={{ width: whenNone === undefined ? 210 : 1 }}
    />
  );
}
