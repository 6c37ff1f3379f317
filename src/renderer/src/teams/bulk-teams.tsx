import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TeamRow } from '../../../shared/contract/teams';
import type { RowSelection } from '../lists/use-row-selection';
import { useBulkActions } from '../records/bulk-actions';
import { showReview } from '../review/review-store';
import { BulkEditTeams } from './bulk-edit-teams';
import { reviewTeams, type TeamTargets } from './review-teams';

/**
 * What can be done with several teams at once.
 * @param filter what the list is narrowed to, for all that match.
 */
export function useBulkTeams(
  selection: RowSelection<TeamRow>,
  filter: Extract<TeamTargets, { filter: unknown }>['filter'],
): { readonly actions: ReactNode; readonly panel: ReactElement } {
  const { t } = useTranslation();
  const onDone = selection.clear;
  return useBulkActions(selection, filter, {
    onSwitch: (isActive, { targets, rows }, counted) =>
      reviewTeams({
        ...{ targets, rows, onDone, changes: { isActive } },
        title: t(isActive ? 'teams.bulk.reactivateTitle' : 'teams.bulk.deactivateTitle', { ...counted }),
      }),
    onDelete: ({ targets }, counted) =>
      showReview({
        request: { area: 'teams', procedure: 'previewDelete', input: { targets } },
        title: t('teams.bulk.deleteTitle', { ...counted }),
        onDone,
      }),
    panel: (edited, onClose) => <BulkEditTeams teams={edited} onClose={onClose} onDone={onDone} />,
  });
}
