import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { BooleanFilter } from '../lists/filter-select';
import { defineList } from '../lists/list-url';
import { OptionsFilter } from '../lists/options-filter';
import { PageHeader } from '../ui/page-header';
import { recordPath } from '../records/record-link';
import { RemovableFilter } from '../lists/removable-filter';
import { ServerGrid } from '../lists/server-grid';
import { SyncFilter, syncStatuses } from '../lists/sync-filter';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState } from '../lists/use-list-state';
import { useTeamColumns } from './team-columns';

const teamList = defineList({
  sortFields: ['name', 'alias', 'memberCount', 'maxBudget', 'currentSpend', 'createdAt'],
  filters: { active: 'boolean', syncStatus: syncStatuses, userId: 'uuid', createdBy: 'uuid' },
});

/** Every team. */
export function TeamsScreen(): ReactElement {
  const { t } = useTranslation();
  const list = useListState(teamList);
  const { filters } = list.input;
  const query = useProcedureQuery('teams', 'list', list.input, { keepPrevious: true });
  const csv = useCsvExport('teams', 'exportCsv');
  const columns = useTeamColumns();
  return (
    <>
      <PageHeader title={t('app.navigation.teams')} description={t('teams.description')} />
      <ServerGrid
        name="teams"
        label={t('app.navigation.teams')}
        list={list}
        query={query}
        columns={columns}
        rowId={({ id }) => id}
        rowPath={({ id }) => recordPath('teams', id)}
        searchLabel={t('teams.search')}
        onExport={() => csv.run(list.input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        empty={{ title: t('teams.empty'), body: t('teams.emptyBody') }}
        filters={
          <>
            <BooleanFilter
              label={t('records.state')}
              value={filters.active}
              trueLabel={t('common.status.active')}
              falseLabel={t('common.status.inactive')}
              onChange={(active) => list.setFilter('active', active)}
            />
            <OptionsFilter
              area="users"
              label={t('teams.filter.member')}
              value={filters.userId}
              onChange={(userId) => list.setFilter('userId', userId)}
            />
            <SyncFilter
              value={filters.syncStatus}
              onChange={(syncStatus) => list.setFilter('syncStatus', syncStatus)}
            />
            {filters.createdBy !== undefined && (
              <RemovableFilter
                label={t('teams.filter.createdBy')}
                onRemove={() => list.setFilter('createdBy', undefined)}
              />
            )}
          </>
        }
      />
    </>
  );
}
