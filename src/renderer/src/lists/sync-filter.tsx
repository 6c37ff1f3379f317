import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterSelect } from './filter-select';

/** The schema's sync_status. */
export const syncStatuses = ['pending', 'synced', 'error'] as const;
export type SyncStatus = (typeof syncStatuses)[number];

/** Narrows a list to records that agree with LiteLLM, wait for it, or failed. */
export function SyncFilter({
  value,
  onChange,
}: {
  readonly value: SyncStatus | undefined;
  readonly onChange: (value: SyncStatus | undefined) => void;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <FilterSelect
      label={t('records.syncStatus')}
      value={value}
      options={syncStatuses.map((status) => ({ value: status, label: t(`common.status.${status}`) }))}
      onChange={onChange}
    />
  );
}
