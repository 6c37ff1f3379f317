import { Button } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import { subscriptionDefinition } from '../../../shared/records/subscriptions';
import { useProcedureQuery } from '../api/use-procedure';
import { useFilterWords } from '../records/filter-words';
import { RecordListScreen, useShownList } from '../records/record-list-screen';
import { formatCount } from '../ui/format';
import { useBulkSubscriptions } from './bulk-subscriptions';
import { NewSubscriptionsButton } from './new-subscriptions-button';
import { useSubscriptionColumns } from './subscription-columns';
import { useSubscriptionRowActions } from './subscription-row-actions';
import { subscriptionName } from './subscription-steps';

/** Who may use which model, how much, and until when; those that wait for approval are gone through here. */
export function SubscriptionsScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  const shown = useShownList(subscriptionDefinition);
  const bulk = useBulkSubscriptions(shown.selection, shown.list.input);
  const row = useSubscriptionRowActions();
  const isQueue = shown.list.input.filters.status === 'pending';
  return (
    <>
      <RecordListScreen
        shown={shown}
        columns={useSubscriptionColumns()}
        {...(isQueue ? { description: t('subscriptions.queueHelp') } : {})}
        actions={
          <>
            {!isQueue && <QueueLink />}
            <NewSubscriptionsButton />
          </>
        }
        rowName={(subscription) => subscriptionName(t, subscription)}
        rowActions={row.actions}
        bulkActions={bulk.actions}
        filters={{
          status: { label: t('records.status'), word: (status) => t(`common.status.${status}`) },
          userId: words.user,
          teamId: words.team,
          modelId: words.model,
          denied: {
            label: t('subscriptions.filter.denied'),
            true: t('subscriptions.filter.isDenied'),
            false: t('subscriptions.filter.isNotDenied'),
          },
          nearQuota: (is) => t(is ? 'subscriptions.filter.nearQuota' : 'subscriptions.filter.notNearQuota'),
          due: (is) => t(is ? 'subscriptions.filter.due' : 'subscriptions.filter.notDue'),
          untold: words.untold,
        }}
      />
      {bulk.panel}
      {row.panel}
    </>
  );
}

/** The way to the requests that wait, the oldest first, while there are some. */
function QueueLink(): ReactNode {
  const { t } = useTranslation();
  const waiting = useProcedureQuery('subscriptions', 'list', { filters: { status: 'pending' }, pageSize: 1 });
  const count = waiting.data?.total ?? 0;
  if (count === 0) return null;
  return (
    <Button component={RouterLink} to="/subscriptions?status=pending&sort=createdAt:asc">
      {t('subscriptions.waiting', { count, formatted: formatCount(count) })}
    </Button>
  );
}
