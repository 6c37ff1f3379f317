import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { defineList } from '../lists/list-url';
import { RelatedList } from '../records/related-list';
import { useListState } from '../lists/use-list-state';
import { useSubscriptionColumns } from './subscription-columns';

const pageSize = 5;
const related = defineList({ sortFields: ['user'], filters: {}, prefix: 'subscriptions.', pageSize });

interface RelatedSubscriptionsProps {
  /** Whose subscriptions: one of the filters of their list. */
  readonly of: { readonly userId: string } | { readonly teamId: string } | { readonly modelId: string };
  readonly emptyText: string;
}

/** The subscriptions of the record on this page. */
export function RelatedSubscriptions({ of, emptyText }: RelatedSubscriptionsProps): ReactElement {
  const { t } = useTranslation();
  const list = useListState(related);
  const { page } = list.input;
  const query = useProcedureQuery(
    'subscriptions',
    'list',
    { page, pageSize, filters: of },
    { keepPrevious: true },
  );
  // Its model leads to a subscription, so that column stays; the user or team of the page is the same in every row.
  const same = 'userId' in of ? 'user' : 'teamId' in of ? 'team' : null;
  const fields = ['model', 'user', 'team', 'status', 'usedRequests', 'usedTokens', 'expiresAt'].filter(
    (field) => field !== same,
  );
  return (
    <RelatedList
      title={t('records.subscriptions')}
      query={query}
      columns={useSubscriptionColumns().filter(({ field }) => fields.includes(field))}
      rowId={({ id }) => id}
      page={page}
      pageSize={pageSize}
      onPage={(next) => list.setPage(next, pageSize)}
      allPath={`/subscriptions?${new URLSearchParams(of).toString()}`}
      emptyText={emptyText}
    />
  );
}
