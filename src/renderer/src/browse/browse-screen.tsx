import { Checkbox, FormControlLabel } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { relationKinds } from '../../../shared/contract/browse';
import { useProcedureQuery } from '../api/use-procedure';
import { FilterSelect } from '../lists/filter-select';
import { defineList } from '../lists/list-url';
import { PageHeader } from '../ui/page-header';
import { ServerGrid } from '../lists/server-grid';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState } from '../lists/use-list-state';
import { DatabaseTabs } from '../database/database-tabs';
import { DatabaseNote, ReadOnlyChip } from './database-note';
import { useRelationColumns } from './relation-columns';
import { relationPath } from '../records/rows-url';
import { SchemaFilter } from './schema-filter';

const relationList = defineList({
  sortFields: ['name', 'kind', 'estimatedRows', 'sizeBytes'],
  filters: { schema: 'text', kind: relationKinds, system: 'boolean', partitions: 'boolean' },
});

/** Every table and view of any PostgreSQL database. */
export function BrowseScreen(): ReactElement {
  const { t } = useTranslation();
  const list = useListState(relationList);
  const { filters } = list.input;
  const query = useProcedureQuery('browse', 'relations', list.input, { keepPrevious: true });
  const csv = useCsvExport('browse', 'exportRelationsCsv');
  const columns = useRelationColumns();
  return (
    <>
      <PageHeader title={t('browse.title')} description={t('browse.description')} chips={<ReadOnlyChip />} />
      <DatabaseTabs />
      <DatabaseNote />
      <ServerGrid
        name="browse"
        label={t('browse.listLabel')}
        list={list}
        query={query}
        columns={columns}
        rowId={({ schema, name }) => JSON.stringify([schema, name])}
        rowPath={({ schema, name }) => relationPath({ schema, relation: name })}
        searchLabel={t('browse.search')}
        onExport={() => csv.run(list.input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        empty={{ title: t('browse.empty'), body: t('browse.emptyBody') }}
        filters={
          <>
            <SchemaFilter
              value={filters.schema}
              withSystem={filters.system === true}
              onChange={(schema) => list.setFilter('schema', schema)}
            />
            <FilterSelect
              label={t('browse.filter.kind')}
              value={filters.kind}
              options={relationKinds.map((value) => ({ value, label: t(`browse.kinds.${value}`) }))}
              onChange={(kind) => list.setFilter('kind', kind)}
            />
            <Included
              label={t('browse.filter.partitions')}
              value={filters.partitions}
              onChange={(partitions) => list.setFilter('partitions', partitions)}
            />
            <Included
              label={t('browse.filter.system')}
              value={filters.system}
              onChange={(system) => list.setFilter('system', system)}
            />
          </>
        }
      />
    </>
  );
}

interface IncludedProps {
  readonly label: string;
  readonly value: boolean | undefined;
  readonly onChange: (value: true | undefined) => void;
}

/** What the list leaves out unless it is asked for. */
function Included({ label, value, onChange }: IncludedProps): ReactElement {
  return (
    <FormControlLabel
      label={label}
      control={
        <Checkbox
          size="small"
          checked={value === true}
          onChange={(_event, checked) => onChange(checked ? true : undefined)}
        />
      }
      slotProps={{ typography: { variant: 'body2' } }}
      sx={{ mr: 0.5 }}
    />
  );
}
