import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useNavigate } from 'react-router';
import { useWorkspace } from '../api/app-state';
import { useEditWish } from '../records/use-edit-wish';
import { showReview } from '../review/review-store';
import { ActionButton } from '../forms/action-button';
import { usePageAction } from '../ui/page-actions';
import { SubscribeButton } from '../subscriptions/new-subscriptions-button';
import { EditUser, type EditedFieldName, isEditedField } from './edit-user';
import { OffboardUsers } from './offboard/offboard-users';
import { reviewUsers } from './review-users';

type User = AnswerOf<Contract['users']['get']>;

/** What can be done with a user: edit, deactivate, bring back, delete. In a read-only workspace it is shown why it can't. */
export function UserActions({ user }: { readonly user: User }): ReactElement {
  const { t } = useTranslation();
  const mayWrite = useWorkspace()?.access === 'administer';
  const navigate = useNavigate();
  const [isEditing, setIsEditing] = useState(false);
  const { id, username: name, version, isActive } = user;
  const switchActive = (): void =>
    reviewUsers({
      targets: { selected: [{ id, version }] },
      changes: { isActive: !isActive },
      title: t(isActive ? 'edit.deactivateTitle' : 'edit.reactivateTitle', { name }),
      rows: new Map([[id, user]]),
    });
  const [isLeaving, setIsLeaving] = useState(false);
  const [field, setField] = useState<EditedFieldName>();
  const edit = (at?: EditedFieldName): void => {
    setField(at);
    setIsEditing(true);
  };
  useEditWish(mayWrite, (wished) => {
    if (isEditedField(wished)) edit(wished);
  });
  usePageAction('editUser', mayWrite ? () => edit() : undefined);
  usePageAction('deactivateUser', mayWrite && isActive ? switchActive : undefined);
  usePageAction('offboardUser', mayWrite ? () => setIsLeaving(true) : undefined);
  usePageAction('reactivateUser', mayWrite && !isActive ? switchActive : undefined);
  const remove = (): void =>
    showReview({
      request: {
        area: 'users',
        procedure: 'previewDelete',
        input: { targets: { selected: [{ id, version }] } },
      },
      title: t('edit.deleteTitle', { name }),
      onDone: () => void navigate('/users'),
    });
  return (
    <>
      <ActionButton color="error" onClick={remove} obstacle={mayWrite ? undefined : t('users.edit.readOnly')}>
        {t('edit.delete')}
      </ActionButton>
      <ActionButton onClick={switchActive} obstacle={mayWrite ? undefined : t('users.edit.readOnly')}>
        {t(isActive ? 'edit.deactivate' : 'edit.reactivate')}
      </ActionButton>
      <ActionButton
        onClick={() => setIsLeaving(true)}
        obstacle={mayWrite ? undefined : t('users.edit.readOnly')}
      >
        {t('users.offboard.button')}
      </ActionButton>
      <SubscribeButton users={[{ id, label: name }]} models={[]} />
      <ActionButton
        variant="contained"
        obstacle={mayWrite ? undefined : t('users.edit.readOnly')}
        onClick={() => edit()}
      >
        {t('edit.button')}
      </ActionButton>
      <EditUser user={user} open={isEditing} field={field} onClose={() => setIsEditing(false)} />
      <OffboardUsers people={isLeaving ? [{ id, label: name }] : null} onClose={() => setIsLeaving(false)} />
    </>
  );
}
