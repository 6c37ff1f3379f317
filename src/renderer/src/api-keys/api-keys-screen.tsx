import { Button } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { apiKeyDefinition } from '../../../shared/records/api-keys';
import { useFilterWords } from '../records/filter-words';
import { RecordListScreen, useShownList } from '../records/record-list-screen';
import { useApiKeyColumns } from './api-key-columns';
import { useApiKeyRowActions } from './api-key-row-actions';
import { useBulkApiKeys } from './bulk-api-keys';
import { ExposureRemedy } from './exposure-remedy';
import { keyName } from './key-name';
import { NewKeyButton } from './new-key-button';
import { refusedPath } from './refused-path';

/** Every virtual key. */
export function ApiKeysScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  const shown = useShownList(apiKeyDefinition);
  const bulk = useBulkApiKeys(shown.selection, shown.list.input);
  const row = useApiKeyRowActions();
  const { exposure } = shown.list.input.filters;
  const found = shown.query.data?.total ?? 0;
  return (
    <>
      <RecordListScreen
        shown={shown}
        columns={useApiKeyColumns()}
        {...(exposure === undefined ? {} : { description: t(`apiKeys.exposure.${exposure}`) })}
        actions={
          <>
            <Button component={Link} to={refusedPath()}>
              {t('apiKeys.refused.link')}
            </Button>
            {exposure !== undefined && found > 0 && (
              <ExposureRemedy exposure={exposure} filter={shown.list.input} count={found} />
            )}
            <NewKeyButton />
          </>
        }
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
          exposure: {
            label: t('apiKeys.filter.exposure'),
            word: (kind) => t(`apiKeys.filter.exposures.${kind}`),
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
