import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { defaultTeamId } from '../../../shared/default-team';
import { useWorkspace } from '../api/app-state';
import { ActionButton } from '../forms/action-button';
import { useEditWish } from '../records/use-edit-wish';
import { showReview } from '../review/review-store';
import { usePageAction } from '../ui/page-actions';
import { EditTeam, type EditedTeamField, isEditedTeamField } from './edit-team';

type Team = AnswerOf<Contract['teams']['get']>;

/** What can be done with a team: edit, deactivate, bring back, delete. Where it can't be done it says why. */
export function TeamActions({ team }: { readonly team: Team }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useWorkspace()?.access === 'administer';
  const [isEditing, setIsEditing] = useState(false);
  const [field, setField] = useState<EditedTeamField>();
  const { id, name, version, isActive } = team;
  const isProtected = id === defaultTeamId;
  const mayEnd = mayWrite && !isProtected;
  const maySwitch = mayWrite && !(isProtected && isActive);
  const target = { selected: [{ id, version }] };
  const edit = (at?: EditedTeamField): void => {
    setField(at);
    setIsEditing(true);
  };
  const switchActive = (): void =>
    showReview({
      request: {
        area: 'teams',
        procedure: 'previewUpdate',
        input: { targets: target, changes: { isActive: !isActive } },
      },
      title: t(isActive ? 'edit.deactivateTitle' : 'edit.reactivateTitle', { name }),
    });
  const remove = (): void =>
    showReview({
      request: { area: 'teams', procedure: 'previewDelete', input: { targets: target } },
      title: t('edit.deleteTitle', { name }),
      onDone: () => void navigate('/teams'),
    });
  useEditWish(mayWrite, (wished) => {
    if (isEditedTeamField(wished)) edit(wished);
  });
  usePageAction('editTeam', mayWrite ? () => edit() : undefined);
  usePageAction('deactivateTeam', maySwitch && isActive ? switchActive : undefined);
  usePageAction('reactivateTeam', mayWrite && !isActive ? switchActive : undefined);
  const reason = t(mayWrite ? 'teams.edit.protected' : 'teams.edit.readOnly');
  return (
    <>
      <ActionButton color="error" onClick={remove} obstacle={mayEnd ? undefined : reason}>
        {t('edit.delete')}
      </ActionButton>
      <ActionButton onClick={switchActive} obstacle={maySwitch ? undefined : reason}>
        {t(isActive ? 'edit.deactivate' : 'edit.reactivate')}
      </ActionButton>
      <ActionButton variant="contained" obstacle={mayWrite ? undefined : reason} onClick={() => edit()}>
        {t('edit.button')}
      </ActionButton>
      <EditTeam team={team} open={isEditing} field={field} onClose={() => setIsEditing(false)} />
    </>
  );
}
