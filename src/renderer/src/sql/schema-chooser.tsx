import { Autocomplete, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';

interface SchemaChooserProps {
  readonly value: readonly string[];
  readonly onChange: (schemas: readonly string[]) => void;
}

/** As many as a statement may be given. */
const mostSchemas = 20;

/** Where a statement's names without a schema are looked for, in this order; what PostgreSQL has comes first anyway. */
export function SchemaChooser({ value, onChange }: SchemaChooserProps): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('browse', 'schemas', {});
  const schemas = (query.data?.schemas ?? []).filter(({ system }) => !system).map(({ name }) => name);
  return (
    <Autocomplete
      multiple
      size="small"
      limitTags={2}
      options={[...new Set([...schemas, ...value])]}
      value={[...value]}
      onChange={(_event, chosen) => onChange(chosen.slice(0, mostSchemas))}
      loading={query.isFetching}
      renderInput={(params) => (
        <TextField
          {...params}
          label={t('sql.schemas.label')}
          {...(value.length === 0 ? { placeholder: t('sql.schemas.none') } : {})}
          slotProps={{ ...params.slotProps, inputLabel: { ...params.slotProps.inputLabel, shrink: true } }}
        />
      )}
      sx={{ minWidth: 190, maxWidth: 340 }}
    />
  );
}
