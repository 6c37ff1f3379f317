import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { UserRow } from '../../../shared/contract/users';
import { toApiError } from '../api/api-error';
import { useCanWrite } from '../api/app-state';
import { call } from '../api/client';
import type { RowAction } from '../lists/row-menu';
import { recordPath } from '../records/record-link';
import { showReview } from '../review/review-store';
import { notify } from '../ui/notifications';
import { EditUser, type EditedFieldName } from './edit-user';
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
  const navigate = useNavigate();
  const canWrite = useCanWrite();
  const [edited, setEdited] = useState<User | null>(null);
  const [isEditing, setIsEditing] = useState(false);
  const obstacle = canWrite ? undefined : t('users.edit.readOnly');
  const edit = ({ id }: UserRow): void => {
    // As it is now: a list may have been read a while ago.
    call('users', 'get', { id }).then(
      (user) => {
        setEdited(user);
        setIsEditing(true);
      },
      (error: unknown) => notify('error', toApiError(error).message),
    );
  };
  const switchActive = (row: UserRow): void => {
    const { id, username: name, version, isActive } = row;
    reviewUsers({
      targets: { selected: [{ id, version }] },
      changes: { isActive: !isActive },
      title: t(isActive ? 'users.edit.deactivateTitle' : 'users.edit.reactivateTitle', { name }),
      rows: new Map([[id, row]]),
    });
  };
  const remove = ({ id, username: name, version }: UserRow): void =>
    showReview({
      request: { kind: 'deletedUsers', input: { targets: { selected: [{ id, version }] } } },
      title: t('users.edit.deleteTitle', { name }),
    });
  const copyId = ({ id, username: name }: UserRow): void => {
    navigator.clipboard.writeText(id).then(
      () => notify('success', t('users.row.idCopied', { name })),
      () => notify('error', t('common.copyFailed')),
    );
  };
  return {
    actions: (row) => [
      { id: 'open', label: t('users.row.open'), run: () => void navigate(recordPath('users', row.id)) },
      { id: 'edit', label: t('users.row.edit'), run: () => edit(row), obstacle },
      {
        id: 'switchActive',
        label: t(row.isActive ? 'users.row.deactivate' : 'users.row.reactivate'),
        run: () => switchActive(row),
        obstacle,
      },
      { id: 'delete', label: t('users.row.delete'), run: () => remove(row), obstacle },
      { id: 'copyId', label: t('users.row.copyId'), run: () => copyId(row) },
    ],
    panel:
      edited === null ? null : (
        <EditUser
          key={`${edited.id} ${edited.version}`}
          user={edited}
          open={isEditing}
          field={field}
          onClose={() => setIsEditing(false)}
        />
      ),
  };
}
