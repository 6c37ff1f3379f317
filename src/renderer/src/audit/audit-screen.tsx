import { Checkbox, FormControlLabel, Stack } from '@mui/material';
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { accessAction, type AuditRow } from '../../../shared/contract/audit';
import { useProcedureQuery } from '../api/use-procedure';
import { useCanWrite, useWorkspace } from '../api/app-state';
import { FilterSelect } from '../lists/filter-select';
import { defineList } from '../lists/list-url';
import { OptionsFilter } from '../lists/options-filter';
import { PageHeader } from '../ui/page-header';
import { RemovableFilter } from '../lists/removable-filter';
import { ServerGrid } from '../lists/server-grid';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState, type ListState } from '../lists/use-list-state';
import { isDay } from '../usage/usage-period';
import { auditEntryPath, useAuditColumns } from './audit-columns';
import { actionLabel, typeLabel } from './audit-words';
import { DayFilter } from './day-filter';

const auditList = defineList({
  sortFields: ['createdAt'],
  filters: {
    action: 'text',
    resourceType: 'text',
    resourceId: 'text',
    userId: 'uuid',
    osUser: 'text',
    batchId: 'text',
    from: 'text',
    to: 'text',
    withAccesses: 'boolean',
  },
});

type AuditList = ListState<'createdAt', typeof auditList.filters>;

/** Everything that was recorded as done, the newest first. */
export function AuditScreen(): ReactElement {
  const { t } = useTranslation();
  const list = useListState(auditList);
  const canWrite = useCanWrite();
  const input = useMemo(() => withRealDays(list.input), [list.input]);
  const query = useProcedureQuery('audit', 'list', input, { keepPrevious: true });
  const csv = useCsvExport('audit', 'exportCsv');
  return (
    <>
      <PageHeader
        title={t('app.navigation.audit')}
        description={[
          t('audit.description'),
          t(canWrite ? 'audit.exportRecorded' : 'audit.exportNotRecorded'),
        ].join(' ')}
      />
      <ServerGrid<AuditRow, 'createdAt', typeof auditList.filters>
        name="audit"
        label={t('app.navigation.audit')}
        list={list}
        query={query}
        columns={useAuditColumns()}
        rowId={({ id }) => id}
        rowPath={({ id }) => auditEntryPath(id)}
        searchLabel={t('audit.search')}
        onExport={() => csv.run(input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        empty={{ title: t('audit.empty'), body: t('audit.emptyBody') }}
        filters={<AuditFilters list={list} />}
      />
    </>
  );
}

/** An edited address may name a day that does not exist: that is no filter. */
function withRealDays(input: AuditList['input']): AuditList['input'] {
  const { from, to, ...filters } = input.filters;
  return {
    ...input,
    filters: {
      ...filters,
      ...(from !== undefined && isDay(from) ? { from } : {}),
      ...(to !== undefined && isDay(to) ? { to } : {}),
    },
  };
}

function AuditFilters({ list }: { readonly list: AuditList }): ReactElement {
  const { t } = useTranslation();
  const timeZone = useWorkspace()?.reportingTimeZone ?? 'UTC';
  const facets = useProcedureQuery('audit', 'facets', {});
  const { filters } = list.input;
  const actions = withChosen(facets.data?.actions ?? [], filters.action);
  const types = withChosen(
    (facets.data?.resourceTypes ?? []).map((type) => type.toUpperCase()),
    filters.resourceType,
  );
  const isReversed = filters.from !== undefined && filters.to !== undefined && filters.to < filters.from;
  return (
    <>
      <FilterSelect
        label={t('audit.filter.action')}
        value={filters.action}
        options={byLabel(actions.map((action) => ({ value: action, label: actionLabel(t, action) })))}
        onChange={(action) => list.setFilter('action', action)}
      />
      <FilterSelect
        label={t('audit.filter.resourceType')}
        value={filters.resourceType}
        options={byLabel(types.map((type) => ({ value: type, label: typeLabel(t, type) })))}
        onChange={(type) => list.setFilter('resourceType', type)}
      />
      <OptionsFilter
        area="users"
        label={t('audit.filter.user')}
        value={filters.userId}
        onChange={(userId) => list.setFilter('userId', userId)}
      />
      <Stack direction="row" sx={{ gap: 1.25 }}>
        <DayFilter
          label={t('audit.filter.from')}
          value={filters.from}
          onChange={(day) => list.setFilter('from', day)}
        />
        <DayFilter
          label={t('audit.filter.to')}
          value={filters.to}
          isWrong={isReversed}
          help={
            isReversed
              ? t('audit.filter.reversed')
              : filters.from !== undefined || filters.to !== undefined
                ? t('audit.filter.zone', { timeZone })
                : undefined
          }
          onChange={(day) => list.setFilter('to', day)}
        />
      </Stack>
      <FormControlLabel
        label={t('audit.filter.accesses')}
        control={
          <Checkbox
            size="small"
            checked={filters.withAccesses === true || filters.action === accessAction}
            disabled={filters.action !== undefined}
            onChange={(_event, shown) => list.setFilter('withAccesses', shown ? true : undefined)}
          />
        }
        slotProps={{ typography: { variant: 'body2' } }}
        sx={{ mr: 0 }}
      />
      {filters.resourceId !== undefined && (
        <RemovableFilter
          label={t('audit.filter.resourceId', { id: filters.resourceId })}
          onRemove={() => list.setFilter('resourceId', undefined)}
        />
      )}
      {filters.osUser !== undefined && (
        <RemovableFilter
          label={t('audit.filter.osUser', { name: filters.osUser })}
          onRemove={() => list.setFilter('osUser', undefined)}
        />
      )}
      {filters.batchId !== undefined && (
        <RemovableFilter
          label={t('audit.filter.batch', { id: filters.batchId })}
          onRemove={() => list.setFilter('batchId', undefined)}
        />
      )}
    </>
  );
}

/** What occurs, each once, and what is chosen although it does not. */
function withChosen(values: readonly string[], chosen: string | undefined): readonly string[] {
  return [...new Set(chosen === undefined ? values : [...values, chosen])];
}

function byLabel<Option extends { readonly label: string }>(options: readonly Option[]): Option[] {
  return options.toSorted((one, other) => one.label.localeCompare(other.label));
}
