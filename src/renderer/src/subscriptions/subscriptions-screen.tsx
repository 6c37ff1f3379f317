import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { subscriptionDefinition } from '../../../shared/records/subscriptions';
import { useFilterWords } from '../records/filter-words';
import { RecordListScreen, useShownList } from '../records/record-list-screen';
import { useSubscriptionColumns } from './subscription-columns';

/** Who may use which model, how much, and until when. */
export function SubscriptionsScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  return (
    <RecordListScreen
      shown={useShownList(subscriptionDefinition)}
      columns={useSubscriptionColumns()}
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
        untold: words.untold,
      }}
    />
  );
}
