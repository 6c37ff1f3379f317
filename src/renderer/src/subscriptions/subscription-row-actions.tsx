import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { SubscriptionRow } from '../../../shared/contract/subscriptions';
import { useCanWrite } from '../api/app-state';
import { call } from '../api/client';
import type { RowAction } from '../lists/row-menu';
import { recordPath } from '../records/record-link';
import { useRowBasics, useRowEditing } from '../records/use-row-editing';
import { EditSubscription } from './edit-subscription';
import { ExtendDialog, type Extended } from './extend-dialog';
import {
  approvalObstacle,
  isStopped,
  reviewStep,
  stepKeys,
  stepsOf,
  subscriptionName,
} from './subscription-steps';

type Subscription = AnswerOf<Contract['subscriptions']['get']>;

/** What can be done with one subscription of a list, and what opens for it beside the list. */
export function useSubscriptionRowActions(): {
  readonly actions: (row: SubscriptionRow) => readonly RowAction[];
  readonly panel: ReactElement;
} {
  const { t } = useTranslation();
  const readOnly = useCanWrite() ? undefined : t('subscriptions.edit.readOnly');
  const navigate = useNavigate();
  const basics = useRowBasics('subscriptions');
  const [extended, setExtended] = useState<Extended | null>(null);
  const editing = useRowEditing<Subscription>({
    read: (id) => call('subscriptions', 'get', { id }),
    panel: (subscription, open, onClose) => (
      <EditSubscription subscription={subscription} open={open} onClose={onClose} />
    ),
  });
  return {
    actions: (row) => {
      const { id, version } = row;
      const name = subscriptionName(t, row);
      const targets = { selected: [{ id, version }] };
      const { open, copyId } = basics(id, name);
      return [
        open,
        { id: 'edit', label: t('edit.row.edit'), run: () => editing.edit(id), obstacle: readOnly },
        ...stepsOf(row).map((step): RowAction => {
          const shortcut = stepKeys[step];
          return {
            id: step,
            label: t(`subscriptions.row.${step}`),
            run: () =>
              reviewStep(
                step,
                { targets, rows: new Map([[id, row]]) },
                t(`subscriptions.stepTitle.${step}`, { name }),
              ),
            ...(shortcut === undefined ? {} : { shortcut }),
            obstacle: readOnly ?? (step === 'approve' ? approvalObstacle(t, row) : undefined),
          };
        }),
        ...(row.expiresAt === null || row.status === 'cancelled'
          ? []
          : [
              {
                id: 'extend',
                label: t('subscriptions.row.extend'),
                run: () => setExtended({ targets, title: t('subscriptions.extend.title', { name }) }),
                obstacle: readOnly,
              },
            ]),
        ...(isStopped(row)
          ? [
              {
                id: 'why',
                label: t('subscriptions.row.why'),
                run: () => void navigate(recordPath('subscriptions', id)),
              },
            ]
          : []),
        copyId,
      ];
    },
    panel: (
      <>
        {editing.panel}
        <ExtendDialog extended={extended} onClose={() => setExtended(null)} />
      </>
    ),
  };
}
