import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { UserRow } from '../../../shared/contract/users';
import type { Reference } from '../../../shared/contract/values';
import { useCanWrite } from '../api/app-state';
import { call } from '../api/client';
import type { RowAction } from '../lists/row-menu';
import { useRowBasics, useRowEditing } from '../records/use-row-editing';
import { showReview } from '../review/review-store';
import { NewSubscriptions, type SubscriptionWish } from '../subscriptions/new-subscriptions';
import { EditUser, type EditedFieldName } from './edit-user';
import { OffboardUsers } from './offboard/offboard-users';
import { reviewUsers } from './review-users';

type User = AnswerOf<Contract['users']['get']>;

/**
 * What can be done with one user of a list, and the panel in which that user is edited beside it.
 * @param field where the panel begins: what the list is about.
 */
export function useUserRowActions(field?: EditedFieldName): {
  readonly actions: (row: UserRow) => readonly RowAction[];
  readonly panel: ReactElement | null;
} {
  const { t } = useTranslation();
  const obstacle = useCanWrite() ? undefined : t('users.edit.readOnly');
  const basics = useRowBasics('users');
  const [wish, setWish] = useState<SubscriptionWish | null>(null);
  const [leaver, setLeaver] = useState<Reference | null>(null);
  const editing = useRowEditing<User>({
    read: (id) => call('users', 'get', { id }),
    panel: (user, open, onClose) => <EditUser user={user} open={open} field={field} onClose={onClose} />,
  });
  const switchActive = (row: UserRow): void => {
    const { id, username: name, version, isActive } = row;
    reviewUsers({
      targets: { selected: [{ id, version }] },
      changes: { isActive: !isActive },
      title: t(isActive ? 'edit.deactivateTitle' : 'edit.reactivateTitle', { name }),
      rows: new Map([[id, row]]),
    });
  };
  const remove = ({ id, username: name, version }: UserRow): void =>
    showReview({
      request: {
        area: 'users',
        procedure: 'previewDelete',
        input: { targets: { selected: [{ id, version }] } },
      },
      title: t('edit.deleteTitle', { name }),
    });
  return {
    actions: (row) => {
      const { open, copyId } = basics(row.id, row.username);
      return [
        open,
        { id: 'edit', label: t('edit.row.edit'), run: () => editing.edit(row.id), obstacle },
        {
          id: 'subscribe',
          label: t('subscriptions.create.subscribe'),
          run: () => setWish({ users: [{ id: row.id, label: row.username }], models: [] }),
          obstacle,
        },
        {
          id: 'switchActive',
          label: t(row.isActive ? 'edit.row.deactivate' : 'edit.row.reactivate'),
          run: () => switchActive(row),
          obstacle,
        },
        {
          id: 'offboard',
          label: t('users.offboard.button'),
          run: () => setLeaver({ id: row.id, label: row.username }),
          obstacle,
        },
        { id: 'delete', label: t('edit.row.delete'), run: () => remove(row), obstacle },
        copyId,
      ];
    },
    panel: (
      <>
        {editing.panel}
        <NewSubscriptions wish={wish} onClose={() => setWish(null)} />
        <OffboardUsers people={leaver === null ? null : [leaver]} onClose={() => setLeaver(null)} />
      </>
    ),
  };
}
