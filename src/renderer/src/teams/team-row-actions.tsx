import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { TeamRow } from '../../../shared/contract/teams';
import { defaultTeamId } from '../../../shared/default-team';
import { useCanWrite } from '../api/app-state';
import { call } from '../api/client';
import type { RowAction } from '../lists/row-menu';
import { useRowBasics, useRowEditing } from '../records/use-row-editing';
import { showReview } from '../review/review-store';
import { EditTeam } from './edit-team';
import { reviewTeams } from './review-teams';

type Team = AnswerOf<Contract['teams']['get']>;

/** What can be done with one team of a list, and the panel in which that team is edited beside it. */
export function useTeamRowActions(): {
  readonly actions: (row: TeamRow) => readonly RowAction[];
  readonly panel: ReactElement | null;
} {
  const { t } = useTranslation();
  const obstacle = useCanWrite() ? undefined : t('teams.edit.readOnly');
  const ending = ({ id }: TeamRow): string | undefined =>
    obstacle ?? (id === defaultTeamId ? t('teams.edit.protected') : undefined);
  const basics = useRowBasics('teams');
  const editing = useRowEditing<Team>({
    read: (id) => call('teams', 'get', { id }),
    panel: (team, open, onClose) => <EditTeam team={team} open={open} onClose={onClose} />,
  });
  const switchActive = (row: TeamRow): void => {
    const { id, name, version, isActive } = row;
    reviewTeams({
      targets: { selected: [{ id, version }] },
      changes: { isActive: !isActive },
      title: t(isActive ? 'edit.deactivateTitle' : 'edit.reactivateTitle', { name }),
      rows: new Map([[id, row]]),
    });
  };
  const remove = ({ id, name, version }: TeamRow): void =>
    showReview({
      request: {
        area: 'teams',
        procedure: 'previewDelete',
        input: { targets: { selected: [{ id, version }] } },
      },
      title: t('edit.deleteTitle', { name }),
    });
  return {
    actions: (row) => {
      const { open, copyId } = basics(row.id, row.name);
      return [
        open,
        { id: 'edit', label: t('edit.row.edit'), run: () => editing.edit(row.id), obstacle },
        {
          id: 'switchActive',
          label: t(row.isActive ? 'edit.row.deactivate' : 'edit.row.reactivate'),
          run: () => switchActive(row),
          obstacle: row.isActive ? ending(row) : obstacle,
        },
        { id: 'delete', label: t('edit.row.delete'), run: () => remove(row), obstacle: ending(row) },
        copyId,
      ];
    },
    panel: editing.panel,
  };
}
