import { Button, Tooltip } from '@mui/material';
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useNavigate, useSearchParams } from 'react-router';
import { useWorkspace } from '../api/app-state';
import { showReview } from '../review/review-store';
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
  useWishFromElsewhere(mayWrite, edit);
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
        <Button variant="contained" disabled={!mayWrite} onClick={() => edit()}>
          {t('users.edit.button')}
        </Button>
      </WhereAllowed>
      <EditUser user={user} open={isEditing} field={field} onClose={() => setIsEditing(false)} />
    </>
  );
}

/** `?edit=email`: whoever comes from a finding or the palette wants to change that; going back does not ask again. */
function useWishFromElsewhere(mayWrite: boolean, edit: (field: EditedFieldName) => void): void {
  const [parameters, setParameters] = useSearchParams();
  const wished = parameters.get('edit');
  useEffect(() => {
    if (wished === null) return;
    setParameters(
      (all) => {
        all.delete('edit');
        return all;
      },
      { replace: true },
    );
    if (mayWrite && isEditedField(wished)) edit(wished);
    // Once for each wish.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wished]);
}

/** A button that is disabled in a read-only workspace says why. */
export function WhereAllowed(props: {
  readonly mayWrite: boolean;
  /** Why not, where it is not about changing a user. */
  readonly reason?: string;
  readonly children: ReactNode;
}): ReactElement {
  const { t } = useTranslation();
  if (props.mayWrite) return <>{props.children}</>;
  return (
    <Tooltip title={props.reason ?? t('users.edit.readOnly')}>
      <span>{props.children}</span>
    </Tooltip>
  );
}
