import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SubscriptionRow } from '../../../shared/contract/subscriptions';
import { StatusChip, SubscriptionStatusChip } from '../ui/status-chip';

interface SubscriptionStateProps {
  readonly of: Pick<SubscriptionRow, 'status' | 'isDenied'>;
}

/** The status of a subscription; a request that was denied says so, and not that something was cancelled. */
export function SubscriptionState({ of: { status, isDenied } }: SubscriptionStateProps): ReactElement {
  const { t } = useTranslation();
  if (isDenied) return <StatusChip tone="neutral" label={t('subscriptions.denied')} />;
  return <SubscriptionStatusChip status={status} />;
}
