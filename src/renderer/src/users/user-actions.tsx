import { Button, Tooltip } from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useNavigate } from 'react-router';
import { useWorkspace } from '../api/app-state';
import { showReview } from '../review/review-store';
import { usePageAction } from '../ui/page-actions';
import { EditUser } from './edit-user';

type User = AnswerOf<Contract['users']['get']>;

/** What can be done with a user: edit, deactivate, bring back, delete. In a read-only workspace it is shown why it can't. */
export function UserActions({ user }: { readonly user: User }): ReactElement {
  const { t } = useTranslation();
  const mayWrite = useWorkspace()?.access === 'administer';
  const navigate = useNavigate();
  const [isEditing, setIsEditing] = useState(false);
  const { id, username: name, version, isActive } = user;
  const switchActive = (): void =>
    showReview({
      request: {
        kind: 'users',
        input: { targets: { selected: [{ id, version }] }, changes: { isActive: !isActive } },
      },
      title: t(isActive ? 'users.edit.deactivateTitle' : 'users.edit.reactivateTitle', { name }),
      seen: () => ({ isActive }),
    });
  const edit = (): void => setIsEditing(true);
  usePageAction('editUser', mayWrite ? edit : undefined);
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
      <WhereAllowed mayWrite={mayWrite}>
        <Button color="error" disabled={!mayWrite} onClick={remove}>
          {t('users.edit.delete')}
        </Button>
      </WhereAllowed>
      <WhereAllowed mayWrite={mayWrite}>
        <Button disabled={!mayWrite} onClick={switchActive}>
          {t(isActive ? 'users.edit.deactivate' : 'users.edit.reactivate')}
        </Button>
      </WhereAllowed>
      <WhereAllowed mayWrite={mayWrite}>
        <Button variant="contained" disabled={!mayWrite} onClick={edit}>
          {t('users.edit.button')}
        </Button>
      </WhereAllowed>
      <EditUser user={user} open={isEditing} onClose={() => setIsEditing(false)} />
    </>
  );
}

function WhereAllowed(props: { readonly mayWrite: boolean; readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  if (props.mayWrite) return <>{props.children}</>;
  return (
    <Tooltip title={t('users.edit.readOnly')}>
      <span>{props.children}</span>
    </Tooltip>
  );
}
