import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { subscriptionChanges, type SubscriptionRow } from '../../../shared/contract/subscriptions';
import { ExpiryDay } from '../records/expiry-field';
import { PeriodField } from '../records/period-field';
import { BulkEditPanel, bulkLimit, bulkValue } from '../review/bulk-edit';
import { fieldName } from '../review/field-values';
import { formatCount } from '../ui/format';
import { reviewSubscriptions } from './review-subscriptions';
import type { StepTargets } from './subscription-steps';

/** Which subscriptions a panel is about, as they were when it was opened. */
export interface BulkSubscriptions extends StepTargets {
  readonly count: number;
}

interface BulkEditSubscriptionsProps {
  /** NULL: closed. */
  readonly subscriptions: BulkSubscriptions | null;
  readonly onClose: () => void;
  /** They were changed, or some of them. */
  readonly onDone: () => void;
}

const quotas = ['quotaRequests', 'quotaTokens', 'maxBudget'] as const;
const rates = ['tpmLimit', 'rpmLimit'] as const;

/** The panel in which several subscriptions are given the same quotas, budget, limits or end. */
export function BulkEditSubscriptions(props: BulkEditSubscriptionsProps): ReactElement {
  const { subscriptions, onClose, onDone } = props;
  const { t } = useTranslation();
  const counted = ({ count }: BulkSubscriptions) => ({ count, formatted: formatCount(count) });
  return (
    <BulkEditPanel
      of={subscriptions}
      title={(of) => t('subscriptions.bulk.title', counted(of))}
      help={({ targets }) => t('filter' in targets ? 'subscriptions.bulk.helpFilter' : 'edit.bulk.help')}
      schema={subscriptionChanges}
      fields={[
        ...quotas.map((name) =>
          bulkLimit<SubscriptionRow>({ name, label: fieldName(t, name), seen: (row) => row[name] }),
        ),
        bulkValue<SubscriptionRow, string>({
          name: 'budgetDuration',
          label: fieldName(t, 'budgetDuration'),
          seen: (row) => row.budgetDuration,
          first: 'monthly',
          input: (input) => <PeriodField {...input} />,
        }),
        // A row of the list does not say them.
        ...rates.map((name) =>
          bulkLimit<SubscriptionRow>({ name, label: fieldName(t, name), seen: () => undefined }),
        ),
        bulkValue<SubscriptionRow, string>({
          name: 'expiresAt',
          label: fieldName(t, 'expiresAt'),
          besides: ['never'],
          seen: (row) => row.expiresAt,
          first: '',
          input: (input) => <ExpiryDay {...input} />,
        }),
      ]}
      onReview={(of, changes, done) =>
        reviewSubscriptions({
          ...{ targets: of.targets, changes, rows: of.rows, onDone: done },
          title: t('subscriptions.bulk.reviewTitle', counted(of)),
        })
      }
      onClose={onClose}
      onDone={onDone}
    />
  );
}
