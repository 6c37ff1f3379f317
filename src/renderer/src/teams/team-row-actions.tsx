import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { TeamRow } from '../../../shared/contract/teams';
import { defaultTeamId } from '../../../shared/default-team';
import { toApiError } from '../api/api-error';
import { useCanWrite } from '../api/app-state';
import { call } from '../api/client';
import type { RowAction } from '../lists/row-menu';
import { recordPath } from '../records/record-link';
import { showReview } from '../review/review-store';
import { notify } from '../ui/notifications';
import { EditTeam } from './edit-team';
import { reviewTeams } from './review-teams';

type Team = AnswerOf<Contract['teams']['get']>;

/** What can be done with one team of a list, and the panel in which that team is edited beside it. */
export function useTeamRowActions(): {
  readonly actions: (row: TeamRow) => readonly RowAction[];
  readonly panel: ReactElement | null;
} {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const canWrite = useCanWrite();
  const [edited, setEdited] = useState<Team | null>(null);
  const [isEditing, setIsEditing] = useState(false);
  const obstacle = canWrite ? undefined : t('teams.edit.readOnly');
  const ending = ({ id }: TeamRow): string | undefined =>
    obstacle ?? (id === defaultTeamId ? t('teams.edit.protected') : undefined);
  const edit = ({ id }: TeamRow): void => {
    // As it is now: a list may have been read a while ago.
    call('teams', 'get', { id }).then(
      (team) => {
        setEdited(team);
        setIsEditing(true);
      },
      (error: unknown) => notify('error', toApiError(error).message),
    );
  };
  const switchActive = (row: TeamRow): void => {
    const { id, name, version, isActive } = row;
    reviewTeams({
      targets: { selected: [{ id, version }] },
      changes: { isActive: !isActive },
      title: t(isActive ? 'teams.edit.deactivateTitle' : 'teams.edit.reactivateTitle', { name }),
      rows: new Map([[id, row]]),
    });
  };
  const remove = ({ id, name, version }: TeamRow): void =>
    showReview({
      request: { kind: 'deletedTeams', input: { targets: { selected: [{ id, version }] } } },
      title: t('teams.edit.deleteTitle', { name }),
    });
  const copyId = ({ id, name }: TeamRow): void => {
    navigator.clipboard.writeText(id).then(
      () => notify('success', t('users.row.idCopied', { name })),
      () => notify('error', t('common.copyFailed')),
    );
  };
  return {
    actions: (row) => [
      { id: 'open', label: t('users.row.open'), run: () => void navigate(recordPath('teams', row.id)) },
      { id: 'edit', label: t('users.row.edit'), run: () => edit(row), obstacle },
      {
        id: 'switchActive',
        label: t(row.isActive ? 'users.row.deactivate' : 'users.row.reactivate'),
        run: () => switchActive(row),
        obstacle: row.isActive ? ending(row) : obstacle,
      },
      { id: 'delete', label: t('users.row.delete'), run: () => remove(row), obstacle: ending(row) },
      { id: 'copyId', label: t('users.row.copyId'), run: () => copyId(row) },
    ],
    panel:
      edited === null ? null : (
        <EditTeam
          key={`${edited.id} ${edited.version}`}
          team={edited}
          open={isEditing}
          onClose={() => setIsEditing(false)}
        />
      ),
  };
}
