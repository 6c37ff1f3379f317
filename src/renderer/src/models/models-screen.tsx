import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { modelPricings, modelSyncStates } from '../../../shared/records/models';
import { useProcedureQuery } from '../api/use-procedure';
import { BooleanFilter, FilterSelect } from '../lists/filter-select';
import { defineList } from '../lists/list-url';
import { PageHeader } from '../ui/page-header';
import { recordPath } from '../records/record-link';
import { ServerGrid } from '../lists/server-grid';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState } from '../lists/use-list-state';
import { capabilityLabel } from './capability-label';
import { useModelColumns } from './model-columns';
import { useModelFigures } from './use-model-figures';

const modelList = defineList({
  sortFields: ['name', 'provider', 'inputPrice', 'outputPrice', 'contextLength', 'createdAt'],
  filters: {
    provider: 'text',
    active: 'boolean',
    capability: 'text',
    sync: modelSyncStates,
    pricing: modelPricings,
  },
});

/** The catalogue of models. */
export function ModelsScreen(): ReactElement {
  const { t } = useTranslation();
  const list = useListState(modelList);
  const { filters } = list.input;
  const query = useProcedureQuery('models', 'list', list.input, { keepPrevious: true });
  const choices = useProcedureQuery('models', 'choices', {});
  const ids = useMemo(() => query.data?.rows.map(({ id }) => id) ?? [], [query.data]);
  const columns = useModelColumns(useModelFigures(ids));
  const csv = useCsvExport('models', 'exportCsv');
  return (
    <>
      <PageHeader title={t('app.navigation.models')} description={t('models.description')} />
      <ServerGrid
        name="models"
        label={t('app.navigation.models')}
        list={list}
        query={query}
        columns={columns}
        rowId={({ id }) => id}
        rowPath={({ id }) => recordPath('models', id)}
        searchLabel={t('models.search')}
        onExport={() => csv.run(list.input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        empty={{ title: t('models.empty'), body: t('models.emptyBody') }}
        filters={
          <>
            <FilterSelect
              label={t('models.filter.provider')}
              value={filters.provider}
              options={withChosen(choices.data?.providers, filters.provider)
                .filter((provider) => provider !== '')
                .map((provider) => ({ value: provider, label: provider }))}
              onChange={(provider) => list.setFilter('provider', provider)}
            />
            <BooleanFilter
              label={t('records.state')}
              value={filters.active}
              trueLabel={t('common.status.active')}
              falseLabel={t('common.status.inactive')}
              onChange={(active) => list.setFilter('active', active)}
            />
            <FilterSelect
              label={t('models.filter.capability')}
              value={filters.capability}
              options={withChosen(choices.data?.capabilities, filters.capability).map((capability) => ({
                value: capability,
                label: capabilityLabel(t, capability),
              }))}
              onChange={(capability) => list.setFilter('capability', capability)}
            />
            <FilterSelect
              label={t('models.filter.pricing')}
              value={filters.pricing}
              options={modelPricings.map((pricing) => ({
                value: pricing,
                label: t(`models.pricing.${pricing}`),
              }))}
              onChange={(pricing) => list.setFilter('pricing', pricing)}
            />
            <FilterSelect
              label={t('models.filter.sync')}
              value={filters.sync}
              options={modelSyncStates.map((state) => ({ value: state, label: t(`models.sync.${state}`) }))}
              onChange={(state) => list.setFilter('sync', state)}
            />
          </>
        }
      />
    </>
  );
}

/** The choices, with what an address chose before they were read or that no model has any more. */
function withChosen(choices: readonly string[] = [], chosen: string | undefined): readonly string[] {
  return chosen === undefined || choices.includes(chosen) ? choices : [...choices, chosen];
}
