import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { apiKeyStates } from '../../../shared/records/api-keys';
import { useProcedureQuery } from '../api/use-procedure';
import { BooleanFilter, FilterSelect } from '../lists/filter-select';
import { defineList } from '../lists/list-url';
import { OptionsFilter } from '../lists/options-filter';
import { PageHeader } from '../ui/page-header';
import { recordPath } from '../records/record-link';
import { RemovableFilter } from '../lists/removable-filter';
import { ServerGrid } from '../lists/server-grid';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState } from '../lists/use-list-state';
import { useApiKeyColumns } from './api-key-columns';

const apiKeyList = defineList({
  sortFields: ['name', 'user', 'prefix', 'maxBudget', 'currentSpend', 'expiresAt', 'lastUsedAt', 'createdAt'],
  filters: {
    state: apiKeyStates,
    userId: 'uuid',
    teamId: 'uuid',
    modelId: 'text',
    subscriptionId: 'uuid',
    allModels: 'boolean',
  },
});

/** Every virtual key. */
export function ApiKeysScreen(): ReactElement {
  const { t } = useTranslation();
  const list = useListState(apiKeyList);
  const { filters } = list.input;
  const query = useProcedureQuery('apiKeys', 'list', list.input, { keepPrevious: true });
  const csv = useCsvExport('apiKeys', 'exportCsv');
  const columns = useApiKeyColumns();
  return (
    <>
      <PageHeader title={t('app.navigation.apiKeys')} description={t('apiKeys.description')} />
      <ServerGrid
        name="api-keys"
        label={t('app.navigation.apiKeys')}
        list={list}
        query={query}
        columns={columns}
        rowId={({ id }) => id}
        rowPath={({ id }) => recordPath('api-keys', id)}
        searchLabel={t('apiKeys.search')}
        onExport={() => csv.run(list.input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        empty={{ title: t('apiKeys.empty'), body: t('apiKeys.emptyBody') }}
        filters={
          <>
            <FilterSelect
              label={t('records.state')}
              value={filters.state}
              options={apiKeyStates.map((state) => ({ value: state, label: t(`common.status.${state}`) }))}
              onChange={(state) => list.setFilter('state', state)}
            />
            <OptionsFilter
              area="users"
              label={t('records.user')}
              value={filters.userId}
              onChange={(userId) => list.setFilter('userId', userId)}
            />
            <OptionsFilter
              area="teams"
              label={t('records.team')}
              value={filters.teamId}
              onChange={(teamId) => list.setFilter('teamId', teamId)}
            />
            <OptionsFilter
              area="models"
              label={t('records.model')}
              value={filters.modelId}
              onChange={(modelId) => list.setFilter('modelId', modelId)}
            />
            <BooleanFilter
              label={t('apiKeys.filter.models')}
              value={filters.allModels}
              trueLabel={t('apiKeys.filter.allModels')}
              falseLabel={t('apiKeys.filter.someModels')}
              onChange={(allModels) => list.setFilter('allModels', allModels)}
            />
            {filters.subscriptionId !== undefined && (
              <RemovableFilter
                label={t('apiKeys.filter.subscription')}
                onRemove={() => list.setFilter('subscriptionId', undefined)}
              />
            )}
          </>
        }
      />
    </>
  );
}
