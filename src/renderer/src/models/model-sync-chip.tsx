import { Tooltip } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSyncState } from '../../../shared/records/models';
import type { ToneName } from '../ui/theme';
import { StatusChip } from '../ui/status-chip';

const tones: Record<ModelSyncState, ToneName> = {
  linked: 'success',
  conflict: 'warning',
  missing: 'error',
  none: 'neutral',
};

/** Where a model stands with LiteLLM. */
export function ModelSyncChip({ state }: { readonly state: ModelSyncState }): ReactElement {
  const { t } = useTranslation();
  return (
    <Tooltip title={t(`models.syncHelp.${state}`)}>
      <span>
        <StatusChip tone={tones[state]} label={t(`models.sync.${state}`)} />
      </span>
    </Tooltip>
  );
}
