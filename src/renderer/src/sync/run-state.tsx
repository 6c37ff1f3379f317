import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncRun } from '../../../shared/contract/sync';
import type { ToneName } from '../ui/theme';
import { StatusChip } from '../ui/status-chip';

const runTones: Record<SyncRun['state'], ToneName> = {
  running: 'info',
  succeeded: 'success',
  failed: 'error',
  cancelled: 'neutral',
  interrupted: 'warning',
};

export function RunStateChip({ state }: { readonly state: SyncRun['state'] }): ReactElement {
  const { t } = useTranslation();
  return <StatusChip tone={runTones[state]} label={t(`sync.state.${state}`)} />;
}

type EntityState = SyncRun['entities'][number]['state'];

const entityTones: Record<EntityState, ToneName> = {
  waiting: 'neutral',
  running: 'info',
  done: 'success',
  failed: 'error',
  skipped: 'neutral',
};

export function EntityStateChip({ state }: { readonly state: EntityState }): ReactElement {
  const { t } = useTranslation();
  return <StatusChip tone={entityTones[state]} label={t(`sync.entityState.${state}`)} />;
}
