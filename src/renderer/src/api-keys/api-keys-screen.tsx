import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { apiKeyDefinition } from '../../../shared/records/api-keys';
import { useFilterWords } from '../records/filter-words';
import { RecordListScreen, useShownList } from '../records/record-list-screen';
import { useApiKeyColumns } from './api-key-columns';
import { useApiKeyRowActions } from './api-key-row-actions';
import { useBulkApiKeys } from './bulk-api-keys';
import { keyName } from './key-name';

/** Every virtual key. */
export function ApiKeysScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  const shown = useShownList(apiKeyDefinition);
  const bulk = useBulkApiKeys(shown.selection, shown.list.input);
  const row = useApiKeyRowActions();
  return (
    <>
      <RecordListScreen
        shown={shown}
        columns={useApiKeyColumns()}
        rowName={keyName}
        rowActions={row.actions}
        bulkActions={bulk.actions}
        filters={{
          state: { label: t('records.state'), word: (state) => t(`common.status.${state}`) },
          userId: words.user,
          teamId: words.team,
          modelId: words.model,
          allModels: {
            label: t('apiKeys.filter.models'),
            true: t('apiKeys.filter.allModels'),
            false: t('apiKeys.filter.someModels'),
          },
          subscriptionId: () => t('apiKeys.filter.subscription'),
          untold: words.untold,
        }}
      />
      {bulk.panel}
      {row.panel}
    </>
  );
}
