import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mostLeavers, type UserRow } from '../../../shared/contract/users';
import type { Reference } from '../../../shared/contract/values';
import type { RowSelection } from '../lists/use-row-selection';
import { useBulkActions } from '../records/bulk-actions';
import { showReview } from '../review/review-store';
import { mostSubscribers } from '../../../shared/contract/subscriptions';
import { mostNewKeys } from '../../../shared/contract/api-keys';
import { NewKeys } from '../api-keys/new-keys-panel';
import { useCanWrite, useWorkspace } from '../api/app-state';
import { ActionButton } from '../forms/action-button';
import { NewSubscriptions, type SubscriptionWish } from '../subscriptions/new-subscriptions';
import { formatCount } from '../ui/format';
import { BulkEdit } from './bulk-edit';
import { OffboardUsers } from './offboard/offboard-users';
import { reviewUsers, type UserTargets } from './review-users';

/**
 * What can be done with several users at once.
 * @param filter what the list is narrowed to, for all that match.
 */
export function useBulkUsers(
  selection: RowSelection<UserRow>,
  filter: Extract<UserTargets, { filter: unknown }>['filter'],
): { readonly actions: ReactNode; readonly panel: ReactElement } {
  const { t } = useTranslation();
  const onDone = selection.clear;
  const canWrite = useCanWrite();
  const [wish, setWish] = useState<SubscriptionWish | null>(null);
  const isLinked = useWorkspace()?.litellmLinked === true;
  const [keyOwners, setKeyOwners] = useState<readonly Reference[] | null>(null);
  const [leavers, setLeavers] = useState<readonly Reference[] | null>(null);
  // Those that a filter finds are not known here one by one.
  const mayName = (most: number): boolean => selection.scope !== 'matching' && selection.count <= most;
  const chosen = (): Reference[] =>
    [...selection.rows.values()].map(({ id, username }) => ({ id, label: username }));
  const subscribe = (): void => setWish({ users: chosen(), models: [] });
  const bulk = useBulkActions(selection, filter, {
    onSwitch: (isActive, { targets, rows }, counted) =>
      reviewUsers({
        ...{ targets, rows, onDone, changes: { isActive } },
        title: t(isActive ? 'users.bulk.reactivateTitle' : 'users.bulk.deactivateTitle', { ...counted }),
      }),
    onDelete: ({ targets }, counted) =>
      showReview({
        request: { area: 'users', procedure: 'previewDelete', input: { targets } },
        title: t('users.bulk.deleteTitle', { ...counted }),
        onDone,
      }),
    panel: (edited, onClose) => <BulkEdit users={edited} onClose={onClose} onDone={onDone} />,
  });
  return {
    actions: (
      <>
        {bulk.actions}
        <ActionButton
          size="small"
          obstacle={
            !canWrite
              ? t('subscriptions.edit.readOnly')
              : mayName(mostSubscribers)
                ? undefined
                : t('subscriptions.create.bulkFilter', { formatted: formatCount(mostSubscribers) })
          }
          onClick={subscribe}
        >
          {t('subscriptions.create.subscribe')}
        </ActionButton>
        <ActionButton
          size="small"
          obstacle={
            !canWrite
              ? t('apiKeys.edit.readOnly')
              : !isLinked
                ? t('apiKeys.create.notLinked')
                : mayName(mostNewKeys)
                  ? undefined
                  : t('apiKeys.many.bulkFilter', { formatted: formatCount(mostNewKeys) })
          }
          onClick={() => setKeyOwners(chosen())}
        >
          {t('apiKeys.many.button')}
        </ActionButton>
        <ActionButton
          size="small"
          obstacle={
            !canWrite
              ? t('users.edit.readOnly')
              : mayName(mostLeavers)
                ? undefined
                : t('users.offboard.bulkFilter', { formatted: formatCount(mostLeavers) })
          }
          onClick={() => setLeavers(chosen())}
        >
          {t('users.offboard.button')}
        </ActionButton>
      </>
    ),
    panel: (
      <>
        {bulk.panel}
        <NewSubscriptions wish={wish} onClose={() => setWish(null)} onDone={onDone} />
        <NewKeys people={keyOwners} onClose={() => setKeyOwners(null)} onDone={onDone} />
        <OffboardUsers people={leavers} onClose={() => setLeavers(null)} onDone={onDone} />
      </>
    ),
  };
}
