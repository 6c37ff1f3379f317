import { Autocomplete, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import type { Reference } from '../../../shared/contract/values';
import { useProcedureQuery } from '../api/use-procedure';
import { useDebounced } from '../ui/use-debounced';
import { visibleName } from '../ui/visible-name';

interface FoundRecordsFieldProps<Chosen extends Reference> {
  readonly area: 'users' | 'teams' | 'models';
  readonly label: string;
  readonly help?: string;
  readonly chosen: readonly Chosen[];
  /** What is kept of a record that was found; NULL: it can't be chosen. */
  readonly toChosen: (found: Reference) => Chosen | null;
  readonly onChange: (chosen: Chosen[]) => void;
}

/** Picks several records of an area, which main searches. */
export function FoundRecordsField<Chosen extends Reference>(
  props: FoundRecordsFieldProps<Chosen>,
): ReactElement {
  const { area, label, help, chosen, toChosen, onChange } = props;
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const search = useDebounced(text);
  const found = useProcedureQuery(
    area,
    'options',
    { search, ids: [] },
    { enabled: isOpen, keepPrevious: true },
  );
  return (
    <Autocomplete
      multiple
      open={isOpen}
      onOpen={() => setIsOpen(true)}
      onClose={() => setIsOpen(false)}
      options={(found.data?.options ?? []).flatMap((option) => toChosen(option) ?? [])}
      value={[...chosen]}
      onChange={(_event, next) => onChange(next)}
      onInputChange={(_event, next, reason) => setText(reason === 'input' ? next : '')}
      // Main has searched already.
      filterOptions={(all) => all.slice()}
      filterSelectedOptions
      getOptionKey={({ id }) => id}
      getOptionLabel={({ label: name }) => visibleName(name)}
      isOptionEqualToValue={(option, other) => option.id === other.id}
      loading={found.isFetching}
      renderInput={(params) => <TextField {...params} label={label} helperText={help} />}
    />
  );
}
