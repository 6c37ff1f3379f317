import { Autocomplete, Stack, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../../shared/contract/values';
import { useProcedureQuery } from '../api/use-procedure';
import { ChoiceGroup } from '../forms/choice-group';
import { useDebounced } from '../ui/use-debounced';
import { visibleName } from '../ui/visible-name';

/** Which models may be used: every one, which is a choice of its own, or those of a list. */
export type ModelsChoice = 'all' | readonly Reference[];

interface ModelsFieldProps {
  readonly value: ModelsChoice;
  readonly onChange: (value: ModelsChoice) => void;
  readonly isWrong: boolean;
}

export function ModelsField({ value, onChange, isWrong }: ModelsFieldProps): ReactElement {
  const { t } = useTranslation();
  // What was listed before comes back when the choice was only tried.
  const [last, setLast] = useState<readonly Reference[]>(value === 'all' ? [] : value);
  return (
    <Stack sx={{ gap: 1 }}>
      <ChoiceGroup
        label={t('edit.models.label')}
        name="allowedModels"
        value={value === 'all' ? 'all' : 'some'}
        choices={[
          { value: 'all', label: t('records.allModels'), help: t('edit.models.every') },
          { value: 'some', label: t('edit.models.some') },
        ]}
        onChange={(choice) => onChange(choice === 'all' ? 'all' : last)}
      />
      {value !== 'all' && (
        <ModelsList
          value={value}
          onChange={(models) => {
            setLast(models);
            onChange(models);
          }}
          isWrong={isWrong}
        />
      )}
    </Stack>
  );
}

interface ModelsListProps {
  readonly value: readonly Reference[];
  readonly onChange: (value: readonly Reference[]) => void;
  readonly isWrong: boolean;
}

/** Models found by typing; what LiteLLM knows besides, such as a wildcard or an access group, can be typed. */
export function ModelsList({ value, onChange, isWrong }: ModelsListProps): ReactElement {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const search = useDebounced(text);
  const found = useProcedureQuery(
    'models',
    'options',
    { search, ids: [] },
    { enabled: isOpen, keepPrevious: true },
  );
  return (
    <Autocomplete
      multiple
      freeSolo
      open={isOpen}
      onOpen={() => setIsOpen(true)}
      onClose={() => setIsOpen(false)}
      options={found.data?.options ?? []}
      value={[...value]}
      onChange={(_event, chosen) => onChange(distinct(chosen))}
      onInputChange={(_event, next, reason) => setText(reason === 'input' ? next : '')}
      // Main has searched already.
      filterOptions={(all) => all.slice()}
      filterSelectedOptions
      getOptionKey={idOf}
      getOptionLabel={(option) => visibleName(typeof option === 'string' ? option : option.label)}
      isOptionEqualToValue={(option, chosen) => idOf(option) === idOf(chosen)}
      loading={found.isFetching}
      renderInput={(params) => (
        <TextField
          {...params}
          label={t('edit.models.list')}
          error={isWrong}
          helperText={t(isWrong ? 'edit.models.missing' : 'edit.models.help')}
        />
      )}
    />
  );
}

const idOf = (option: string | Reference): string => (typeof option === 'string' ? option : option.id);

/** Each once; what was typed names itself. */
function distinct(chosen: readonly (string | Reference)[]): Reference[] {
  const models = chosen.map((each) =>
    typeof each === 'string' ? { id: each.trim(), label: each.trim() } : each,
  );
  return [...new Map(models.filter(({ id }) => id !== '').map((model) => [model.id, model])).values()];
}
