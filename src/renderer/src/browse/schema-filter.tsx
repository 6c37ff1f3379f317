import { Autocomplete, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount } from '../ui/format';

interface SchemaFilterProps {
  readonly value: string | undefined;
  /** PostgreSQL's own schemas may be chosen too. */
  readonly withSystem: boolean;
  readonly onChange: (schema: string | undefined) => void;
}

/** One schema, found by typing part of its name; each with how many relations it holds. */
export function SchemaFilter({ value, withSystem, onChange }: SchemaFilterProps): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('browse', 'schemas', {});
  const schemas = (query.data?.schemas ?? []).filter(({ system }) => withSystem || !system);
  const relationsOf = new Map(schemas.map(({ name, relations }) => [name, relations]));
  return (
    <Autocomplete
      options={[...relationsOf.keys()]}
      value={value ?? null}
      onChange={(_event, schema) => onChange(schema ?? undefined)}
      // The address may name a schema that is not there (any more).
      isOptionEqualToValue={(option, chosen) => option === chosen}
      loading={query.isFetching}
      renderOption={({ key, ...props }, schema) => (
        <li key={key} {...props}>
          <bdi style={{ overflowWrap: 'anywhere' }}>{schema}</bdi>
          <span style={{ marginInlineStart: 'auto', paddingInlineStart: 12, opacity: 0.75 }}>
            {formatCount(relationsOf.get(schema) ?? 0)}
          </span>
        </li>
      )}
      renderInput={(params) => (
        <TextField
          {...params}
          label={t('browse.filter.schema')}
          placeholder={t('common.all')}
          helperText={query.data?.more === true ? t('browse.filter.moreSchemas') : undefined}
          slotProps={{ ...params.slotProps, inputLabel: { ...params.slotProps.inputLabel, shrink: true } }}
        />
      )}
      sx={{ width: 190 }}
    />
  );
}
