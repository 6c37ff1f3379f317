import { Checkbox, FormControlLabel, Stack } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { accessAction } from '../../../shared/contract/audit';
import { auditDefinition } from '../../../shared/records/audit';
import { useProcedureQuery } from '../api/use-procedure';
import { useCanWrite, useWorkspace } from '../api/app-state';
import { RecordListScreen, useShownList, type ShownList } from '../records/record-list-screen';
import { useAuditColumns } from './audit-columns';
import { actionLabel, typeLabel } from './audit-words';
import { DayFilter } from './day-filter';

type AuditList = ShownList<typeof auditDefinition>['list'];

/** Everything that was recorded as done, the newest first. */
export function AuditScreen(): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const shown = useShownList(auditDefinition);
  const { list } = shown;
  const { filters } = list.input;
  const facets = useProcedureQuery('audit', 'facets', {}).data;
  const actionWord = (action: string): string => actionLabel(t, action);
  const typeWord = (type: string): string => typeLabel(t, type);
  const types = (facets?.resourceTypes ?? []).map((type) => type.toUpperCase());
  return (
    <RecordListScreen
      shown={shown}
      columns={useAuditColumns()}
      description={[
        t('audit.description'),
        t(canWrite ? 'audit.exportRecorded' : 'audit.exportNotRecorded'),
      ].join(' ')}
      filters={{
        action: {
          label: t('audit.filter.action'),
          choices: byWord(facets?.actions ?? [], filters.action, actionWord),
          word: actionWord,
        },
        resourceType: {
          label: t('audit.filter.resourceType'),
          choices: byWord(types, filters.resourceType, typeWord),
          word: typeWord,
        },
        userId: { label: t('audit.filter.user') },
        from: <DayFilters list={list} />,
        // Beside the first.
        to: null,
        withAccesses: (
          <FormControlLabel
            label={t('audit.filter.accesses')}
            control={
              <Checkbox
                size="small"
                checked={filters.withAccesses === true || filters.action === accessAction}
                disabled={filters.action !== undefined}
                onChange={(_event, isChecked) => list.setFilter('withAccesses', isChecked || undefined)}
              />
            }
            slotProps={{ typography: { variant: 'body2' } }}
            sx={{ mr: 0 }}
          />
        ),
        resourceId: (id) => t('audit.filter.resourceId', { id }),
        osUser: (name) => t('audit.filter.osUser', { name }),
        batchId: (id) => t('audit.filter.batch', { id }),
      }}
    />
  );
}

function DayFilters({ list }: { readonly list: AuditList }): ReactElement {
  const { t } = useTranslation();
  const timeZone = useWorkspace()?.reportingTimeZone ?? 'UTC';
  const { from, to } = list.input.filters;
  const isReversed = from !== undefined && to !== undefined && to < from;
  const zone = from === undefined && to === undefined ? undefined : t('audit.filter.zone', { timeZone });
  return (
    <Stack direction="row" sx={{ gap: 1.25 }}>
      <DayFilter
        label={t('audit.filter.from')}
        value={from}
        onChange={(day) => list.setFilter('from', day)}
      />
      <DayFilter
        label={t('audit.filter.to')}
        value={to}
        isWrong={isReversed}
        help={isReversed ? t('audit.filter.reversed') : zone}
        onChange={(day) => list.setFilter('to', day)}
      />
    </Stack>
  );
}

/** What occurs, each once, and what is chosen although it does not; in the order of the words. */
function byWord(
  values: readonly string[],
  chosen: string | undefined,
  word: (value: string) => string,
): readonly string[] {
  const all = [...new Set(chosen === undefined ? values : [...values, chosen])];
  return all.toSorted((one, other) => word(one).localeCompare(word(other)));
}
