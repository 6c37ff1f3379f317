import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserRow } from '../../../shared/contract/users';
import { useProcedureQuery } from '../api/use-procedure';
import { BooleanFilter, FilterSelect } from '../lists/filter-select';
import { defineList } from '../lists/list-url';
import { OptionsFilter } from '../lists/options-filter';
import { RemovableFilter } from '../lists/removable-filter';
import { formatCount } from '../ui/format';
import { PageHeader } from '../ui/page-header';
import { recordPath } from '../records/record-link';
import { ServerGrid } from '../lists/server-grid';
import { SyncFilter, syncStatuses } from '../lists/sync-filter';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState } from '../lists/use-list-state';
import { useRowSelection } from '../lists/use-row-selection';
import { knownRoles, roleLabel } from '../records/role-label';
import { NewUserButton } from './create/new-user-button';
import { useBulkUsers } from './bulk-users';
import { useUserColumns } from './user-columns';
import { useUserRowActions } from './user-row-actions';

const userList = defineList({
  sortFields: ['username', 'email', 'fullName', 'maxBudget', 'lastLoginAt', 'createdAt'],
  filters: {
    active: 'boolean',
    role: 'text',
    teamId: 'uuid',
    syncStatus: syncStatuses,
    emailMissing: 'boolean',
    untold: 'boolean',
    sameEmail: 'boolean',
    ids: 'uuids',
  },
});

/** Everybody LiteMaaS knows. */
export function UsersScreen(): ReactElement {
  const { t } = useTranslation();
  const list = useListState(userList);
  const { filters } = list.input;
  const query = useProcedureQuery('users', 'list', list.input, { keepPrevious: true });
  const csv = useCsvExport('users', 'exportCsv');
  const columns = useUserColumns();
  const selection = useRowSelection(list, query.data, rowId);
  const bulk = useBulkUsers(selection, list.input);
  const row = useUserRowActions(filters.emailMissing === true ? 'email' : undefined);
  const roles: readonly string[] =
    filters.role === undefined ? knownRoles : [...new Set([...knownRoles, filters.role])];
  return (
    <>
      <PageHeader
        title={t('app.navigation.users')}
        description={t('users.description')}
        actions={<NewUserButton />}
      />
      <ServerGrid
        name="users"
        label={t('app.navigation.users')}
        list={list}
        query={query}
        columns={columns}
        rowId={rowId}
        rowName={rowName}
        rowActions={row.actions}
        bulk={{ selection, actions: bulk.actions }}
        rowPath={({ id }) => recordPath('users', id)}
        searchLabel={t('users.search')}
        onExport={() => csv.run(list.input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        empty={{ title: t('users.empty'), body: t('users.emptyBody') }}
        filters={
          <>
            <BooleanFilter
              label={t('records.state')}
              value={filters.active}
              trueLabel={t('common.status.active')}
              falseLabel={t('common.status.inactive')}
              onChange={(active) => list.setFilter('active', active)}
            />
            <FilterSelect
              label={t('users.filter.role')}
              value={filters.role}
              options={roles.map((role) => ({ value: role, label: roleLabel(t, role) }))}
              onChange={(role) => list.setFilter('role', role)}
            />
            <OptionsFilter
              area="teams"
              label={t('users.filter.team')}
              value={filters.teamId}
              onChange={(teamId) => list.setFilter('teamId', teamId)}
            />
            <SyncFilter
              value={filters.syncStatus}
              onChange={(syncStatus) => list.setFilter('syncStatus', syncStatus)}
            />
            <BooleanFilter
              label={t('users.filter.email')}
              value={filters.emailMissing}
              trueLabel={t('users.filter.emailMissing')}
              falseLabel={t('users.filter.emailKnown')}
              onChange={(emailMissing) => list.setFilter('emailMissing', emailMissing)}
            />
            {filters.ids !== undefined && (
              <RemovableFilter
                label={t('users.filter.ids', chosen(filters.ids))}
                onRemove={() => list.setFilter('ids', undefined)}
              />
            )}
            {filters.sameEmail !== undefined && (
              <RemovableFilter
                label={t(filters.sameEmail ? 'users.filter.sameEmail' : 'users.filter.notSameEmail')}
                onRemove={() => list.setFilter('sameEmail', undefined)}
              />
            )}
            {filters.untold !== undefined && (
              <RemovableFilter
                label={t(filters.untold ? 'records.untold.filter' : 'records.untold.filterTold')}
                onRemove={() => list.setFilter('untold', undefined)}
              />
            )}
          </>
        }
      />
      {bulk.panel}
      {row.panel}
    </>
  );
}

function chosen(ids: string): { readonly count: number; readonly formatted: string } {
  const count = ids.split(',').length;
  return { count, formatted: formatCount(count) };
}

const rowId = ({ id }: UserRow): string => id;
const rowName = ({ username }: UserRow): string => username;
