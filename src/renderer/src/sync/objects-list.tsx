import { Box } from '@mui/material';
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteObject } from '../../../shared/contract/sync';
import { useProcedureQuery } from '../api/use-procedure';
import { FilterSelect } from '../lists/filter-select';
import { defineList } from '../lists/list-url';
import { NameText } from '../ui/name-text';
import { ServerGrid, type ServerGridColumn } from '../lists/server-grid';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState } from '../lists/use-list-state';
import { Instant, NotRecorded } from '../ui/values';
import { useHomelessWords } from '../records/homeless-words';

const kinds = ['model', 'team', 'user', 'key'] as const;
const states = ['homeless', 'conflict', 'missing', 'linked'] as const;

const objects = defineList({
  sortFields: ['kind', 'remoteId', 'seenAt'],
  filters: { kind: kinds, state: states },
  prefix: 'objects.',
});

/** Every object LiteLLM has, page, order and filters are in the URL. */
export function ObjectsList(): ReactElement {
  const { t } = useTranslation();
  const words = useHomelessWords();
  const list = useListState(objects);
  const query = useProcedureQuery('sync', 'objects', list.input, { keepPrevious: true });
  const csv = useCsvExport('sync', 'exportObjectsCsv');
  const columns = useMemo(
    (): ServerGridColumn<RemoteObject>[] => [
      { field: 'kind', header: t('sync.homeless.kind'), width: 110, render: (row) => words.kind(row.kind) },
      {
        field: 'name',
        header: t('sync.homeless.name'),
        flex: 1,
        minWidth: 140,
        render: (row) => (row.name === null ? <NotRecorded /> : <NameText>{row.name}</NameText>),
      },
      {
        field: 'remoteId',
        header: t('sync.homeless.remoteId'),
        flex: 1.4,
        minWidth: 180,
        render: (row) => <NameText>{row.remoteId}</NameText>,
      },
      {
        field: 'state',
        header: t('sync.homeless.state'),
        width: 150,
        render: (row) => words.state(row.state),
      },
      {
        field: 'reason',
        header: t('sync.homeless.reason'),
        flex: 1.4,
        minWidth: 180,
        render: (row) =>
          row.reason === null ? <NotRecorded /> : <NameText>{words.reason(row.reason)}</NameText>,
      },
      {
        field: 'seenAt',
        header: t('sync.homeless.seen'),
        width: 180,
        render: (row) => <Instant value={row.seenAt} />,
      },
    ],
    // The words follow the language, as t does.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [t],
  );
  return (
    <Box sx={{ p: 2 }}>
      <ServerGrid
        name="sync-objects"
        label={t('sync.homeless.listLabel')}
        list={list}
        query={query}
        columns={columns}
        rowId={(row) => row.id}
        searchLabel={t('sync.homeless.search')}
        onExport={() => csv.run(list.input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        filters={
          <>
            <FilterSelect
              label={t('sync.homeless.kind')}
              value={list.input.filters.kind}
              options={kinds.map((value) => ({ value, label: words.kind(value) }))}
              onChange={(value) => list.setFilter('kind', value)}
            />
            <FilterSelect
              label={t('sync.homeless.state')}
              value={list.input.filters.state}
              options={states.map((value) => ({ value, label: words.state(value) }))}
              onChange={(value) => list.setFilter('state', value)}
            />
          </>
        }
        empty={{ title: t('sync.homeless.nothing') }}
      />
    </Box>
  );
}
