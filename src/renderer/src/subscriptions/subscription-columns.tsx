import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SubscriptionRow } from '../../../shared/contract/subscriptions';
import { BudgetBar } from '../records/budget-bar';
import { QuotaBar } from '../records/quota-bar';
import { AppLink, RecordLink, recordPath } from '../records/record-link';
import type { ServerGridColumn } from '../lists/server-grid';
import { SyncStatusChip } from '../ui/status-chip';
import { TwoLines } from '../ui/two-lines';
import { useIsRoomy } from '../ui/use-is-roomy';
import { Instant } from '../ui/values';
import { SubscriptionState } from './subscription-state';
import { Waiting } from './waiting';

/** How a list shows subscriptions. */
export function useSubscriptionColumns(): readonly ServerGridColumn<SubscriptionRow>[] {
  const { t } = useTranslation();
  const isRoomy = useIsRoomy();
  return useMemo(
    () => [
      {
        field: 'model',
        header: t('records.model'),
        flex: 1.2,
        minWidth: 150,
        render: ({ id, model }) => <AppLink to={recordPath('subscriptions', id)}>{model.label}</AppLink>,
      },
      {
        field: 'user',
        header: t('records.user'),
        flex: 1,
        minWidth: 120,
        render: ({ user }) => <RecordLink area="users" reference={user} />,
      },
      {
        field: 'team',
        header: t('records.team'),
        flex: 1,
        minWidth: 110,
        initiallyHidden: !isRoomy,
        render: ({ team }) => <RecordLink area="teams" reference={team} />,
      },
      {
        field: 'status',
        header: t('records.status'),
        width: 168,
        render: (row) => <TwoLines first={<SubscriptionState of={row} />} second={<Waiting row={row} />} />,
      },
      {
        field: 'usedRequests',
        header: t('subscriptions.column.requests'),
        width: 164,
        render: ({ usedRequests, quotaRequests }) => (
          <QuotaBar
            label={t('subscriptions.column.requests')}
            used={usedRequests}
            limit={quotaRequests}
            dense
          />
        ),
      },
      {
        field: 'usedTokens',
        header: t('subscriptions.column.tokens'),
        width: 164,
        render: ({ usedTokens, quotaTokens }) => (
          <QuotaBar label={t('subscriptions.column.tokens')} used={usedTokens} limit={quotaTokens} dense />
        ),
      },
      {
        field: 'currentSpend',
        header: t('subscriptions.column.spend'),
        width: 164,
        render: ({ currentSpend, maxBudget }) => <BudgetBar spend={currentSpend} budget={maxBudget} dense />,
      },
      {
        field: 'expiresAt',
        header: t('records.expires'),
        width: 108,
        render: ({ expiresAt }) => (
          <Instant value={expiresAt} show="relative" whenNull={t('records.never')} />
        ),
      },
      {
        field: 'syncStatus',
        header: t('records.sync'),
        width: 96,
        initiallyHidden: true,
        render: ({ syncStatus }) => <SyncStatusChip status={syncStatus} />,
      },
      {
        field: 'createdAt',
        header: t('records.created'),
        width: 116,
        initiallyHidden: !isRoomy,
        render: ({ createdAt }) => <Instant value={createdAt} show="date" />,
      },
    ],
    [t, isRoomy],
  );
}
