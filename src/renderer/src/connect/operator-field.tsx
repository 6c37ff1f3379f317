import { Autocomplete, TextField, Typography } from '@mui/material';
import { useEffect, useState, type ReactElement } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../../shared/contract/values';
import { useProcedureQuery } from '../api/use-procedure';
import { ErrorText } from '../ui/states';
import { visibleName } from '../ui/visible-name';
import type { ConnectionValues } from './connection-values';

const debounceMs = 200;

/** Which of the database's users sits here: recorded with every change. Needs the open database to choose from. */
export function OperatorField(): ReactElement {
  const { t } = useTranslation();
  const { control } = useFormContext<ConnectionValues>();
  const { field } = useController({ control, name: 'operatorUserId' });
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const [search, setSearch] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSearch(text), debounceMs);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useProcedureQuery(
    'users',
    'options',
    { search, ids: field.value === null ? [] : [field.value] },
    { enabled: isOpen || field.value !== null, keepPrevious: true },
  );
  const options: readonly Reference[] = found.data?.options ?? [];
  const chosen =
    field.value === null
      ? null
      : (options.find(({ id }) => id === field.value) ?? { id: field.value, label: field.value });
  return (
    <Autocomplete
      open={isOpen}
      onOpen={() => setIsOpen(true)}
      onClose={() => setIsOpen(false)}
      options={options}
      value={chosen}
      onChange={(_event, option) => field.onChange(option?.id ?? null)}
      onInputChange={(_event, next, reason) => setText(reason === 'input' ? next : '')}
      // Main has searched already.
      filterOptions={(all) => all.slice()}
      getOptionKey={(option) => option.id}
      getOptionLabel={(option) => visibleName(option.label)}
      isOptionEqualToValue={(option, value) => option.id === value.id}
      loading={found.isFetching}
      renderInput={(params) => (
        <TextField
          {...params}
          label={t('connect.operator.label')}
          placeholder={t('connect.operator.account')}
          inputRef={field.ref}
          onBlur={field.onBlur}
          error={found.error !== null}
          helperText={found.error === null ? t('connect.operator.help') : <ErrorText error={found.error} />}
          slotProps={{
            ...params.slotProps,
            inputLabel: { ...params.slotProps.inputLabel, shrink: true },
            formHelperText: { component: 'div' },
          }}
        />
      )}
    />
  );
}

/** Says why the operator cannot be chosen yet. */
export function OperatorNotYet(): ReactElement {
  const { t } = useTranslation();
  return (
    <Typography variant="caption" sx={{ color: 'text.secondary' }}>
      {t('connect.operator.notYet')}
    </Typography>
  );
}
