import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { subscriptionDefinition } from '../../../shared/records/subscriptions';
import { RelatedList } from '../records/related-list';
import { useSubscriptionColumns } from './subscription-columns';

interface RelatedSubscriptionsProps {
  /** Whose subscriptions: one of the filters of their list. */
  readonly of: { readonly userId: string } | { readonly teamId: string } | { readonly modelId: string };
  readonly emptyText: string;
}

/** The subscriptions of the record on this page. */
export function RelatedSubscriptions({ of, emptyText }: RelatedSubscriptionsProps): ReactElement {
  const { t } = useTranslation();
  // Its model leads to a subscription, so that column stays; the user or team of the page is the same in every row.
  const same = 'userId' in of ? 'user' : 'teamId' in of ? 'team' : null;
  const fields = ['model', 'user', 'team', 'status', 'usedRequests', 'usedTokens', 'expiresAt'].filter(
    (field) => field !== same,
  );
  return (
    <RelatedList
      title={t('records.subscriptions')}
      definition={subscriptionDefinition}
      prefix="subscriptions."
      of={of}
      columns={useSubscriptionColumns().filter(({ field }) => fields.includes(field))}
      emptyText={emptyText}
    />
  );
}
