import { Alert } from '@mui/material';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SubscriptionRow } from '../../../shared/contract/subscriptions';
import { Instant } from '../ui/values';

/** Of a request that waits: since when, and what speaks against approving it now. */
export function Obstacles({
  of,
}: {
  readonly of: Pick<SubscriptionRow, 'waitsSince' | 'obstacles'>;
}): ReactNode {
  const { t } = useTranslation();
  if (of.waitsSince === null) return null;
  return (
    <Alert severity={of.obstacles.length === 0 ? 'info' : 'warning'}>
      {t('subscriptions.waitsSince')} <Instant value={of.waitsSince} />.{' '}
      {of.obstacles.map((obstacle) => `${t(`subscriptions.obstacle.${obstacle}`)}.`).join(' ')}
    </Alert>
  );
}
