import { Button } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useNavigate } from 'react-router';
import { useWorkspace } from '../api/app-state';
import { useEditWish } from '../records/use-edit-wish';
import { showReview } from '../review/review-store';
import { WhereAllowed } from '../forms/where-allowed';
import { usePageAction } from '../ui/page-actions';
import { EditUser, type EditedFieldName, isEditedField } from './edit-user';
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
      title: t(isActive ? 'users.edit.deactivateTitle' : 'users.edit.reactivateTitle', { name }),
      rows: new Map([[id, user]]),
    });
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
  usePageAction('reactivateUser', mayWrite && !isActive ? switchActive : undefined);
  const remove = (): void =>
    showReview({
      request: { kind: 'deletedUsers', input: { targets: { selected: [{ id, version }] } } },
      title: t('users.edit.deleteTitle', { name }),
      onDone: () => void navigate('/users'),
    });
  return (
    <>
      <WhereAllowed mayWrite={mayWrite} reason={t('users.edit.readOnly')}>
        <Button color="error" disabled={!mayWrite} onClick={remove}>
          {t('users.edit.delete')}
        </Button>
      </WhereAllowed>
      <WhereAllowed mayWrite={mayWrite} reason={t('users.edit.readOnly')}>
        <Button disabled={!mayWrite} onClick={switchActive}>
          {t(isActive ? 'users.edit.deactivate' : 'users.edit.reactivate')}
        </Button>
      </WhereAllowed>
      <WhereAllowed mayWrite={mayWrite} reason={t('users.edit.readOnly')}>
        <Button variant="contained" disabled={!mayWrite} onClick={() => edit()}>
          {t('users.edit.button')}
        </Button>
      </WhereAllowed>
      <EditUser user={user} open={isEditing} field={field} onClose={() => setIsEditing(false)} />
    </>
  );
}
