import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reconciliation } from '../../../shared/contract/health';
import type { ToneName } from '../ui/theme';
import { StatusChip } from '../ui/status-chip';

type State = Reconciliation['months'][number]['state'];

const tones: Record<State, ToneName> = { equal: 'success', differs: 'error', archived: 'neutral' };

export function MonthState({ state }: { readonly state: State }): ReactElement {
  const { t } = useTranslation();
  return <StatusChip tone={tones[state]} label={t(`health.reconcile.states.${state}`)} />;
}
