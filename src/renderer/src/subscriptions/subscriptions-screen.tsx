import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { subscriptionStatuses } from '../../../shared/records/subscriptions';
import { useProcedureQuery } from '../api/use-procedure';
import { FilterSelect } from '../lists/filter-select';
import { defineList } from '../lists/list-url';
import { OptionsFilter } from '../lists/options-filter';
import { PageHeader } from '../ui/page-header';
import { recordPath } from '../records/record-link';
import { ServerGrid } from '../lists/server-grid';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState } from '../lists/use-list-state';
import { useSubscriptionColumns } from './subscription-columns';

const subscriptionList = defineList({
  sortFields: [
    'user',
    'model',
    'status',
    'usedRequests',
    'usedTokens',
    'currentSpend',
    'expiresAt',
    'createdAt',
  ],
  filters: { status: subscriptionStatuses, userId: 'uuid', teamId: 'uuid', modelId: 'text' },
});

/** Who may use which model, how much, and until when. */
export function SubscriptionsScreen(): ReactElement {
  const { t } = useTranslation();
  const list = useListState(subscriptionList);
  const { filters } = list.input;
  const query = useProcedureQuery('subscriptions', 'list', list.input, { keepPrevious: true });
  const csv = useCsvExport('subscriptions', 'exportCsv');
  const columns = useSubscriptionColumns();
  return (
    <>
      <PageHeader title={t('app.navigation.subscriptions')} description={t('subscriptions.description')} />
      <ServerGrid
        name="subscriptions"
        label={t('app.navigation.subscriptions')}
        list={list}
        query={query}
        columns={columns}
        rowId={({ id }) => id}
        rowPath={({ id }) => recordPath('subscriptions', id)}
        searchLabel={t('subscriptions.search')}
        onExport={() => csv.run(list.input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        empty={{ title: t('subscriptions.empty'), body: t('subscriptions.emptyBody') }}
        filters={
          <>
            <FilterSelect
              label={t('records.status')}
              value={filters.status}
              options={subscriptionStatuses.map((status) => ({
                value: status,
                label: t(`common.status.${status}`),
              }))}
              onChange={(status) => list.setFilter('status', status)}
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
          </>
        }
      />
    </>
  );
}
