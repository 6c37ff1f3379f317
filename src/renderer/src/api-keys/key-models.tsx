import { Tooltip } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKeyRow } from '../../../shared/contract/api-keys';
import { StatusChip } from '../ui/status-chip';
import { TagRow } from '../ui/tag';
import { useIsRoomy } from '../ui/use-is-roomy';

/** What a key may call: the warning that it is everything, or nothing, else the first models and how many more. */
export function KeyModels({ apiKey }: { readonly apiKey: ApiKeyRow }): ReactElement {
  const { t } = useTranslation();
  const isRoomy = useIsRoomy();
  const { allModels, models, modelCount, otherModels } = apiKey;
  if (allModels) {
    return (
      <Tooltip title={t('apiKeys.allModelsHelp')}>
        <span>
          <StatusChip tone="warning" label={t('records.allModels')} />
        </span>
      </Tooltip>
    );
  }
  if (modelCount + otherModels.length === 0) {
    return (
      <Tooltip title={t('apiKeys.noModelsHelp')}>
        <span>
          <StatusChip tone="error" label={t('apiKeys.noModels')} />
        </span>
      </Tooltip>
    );
  }
  const isComplete = models.length === modelCount;
  return (
    <TagRow
      labels={[...models.map(({ label }) => label), ...(isComplete ? otherModels : [])]}
      total={modelCount + otherModels.length}
      show={isRoomy ? 2 : 1}
    />
  );
}
