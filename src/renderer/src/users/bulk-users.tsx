import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserRow } from '../../../shared/contract/users';
import type { RowSelection } from '../lists/use-row-selection';
import { useBulkActions } from '../records/bulk-actions';
import { showReview } from '../review/review-store';
import { BulkEdit } from './bulk-edit';
import { reviewUsers, type UserTargets } from './review-users';

/**
 * What can be done with several users at once.
 * @param filter what the list is narrowed to, for all that match.
 */
export function useBulkUsers(
  selection: RowSelection<UserRow>,
  filter: Extract<UserTargets, { filter: unknown }>['filter'],
): { readonly actions: ReactNode; readonly panel: ReactElement } {
  const { t } = useTranslation();
  const onDone = selection.clear;
  return useBulkActions(selection, filter, {
    onSwitch: (isActive, { targets, rows }, counted) =>
      reviewUsers({
        ...{ targets, rows, onDone, changes: { isActive } },
        title: t(isActive ? 'users.bulk.reactivateTitle' : 'users.bulk.deactivateTitle', { ...counted }),
      }),
    onDelete: ({ targets }, counted) =>
      showReview({
        request: { area: 'users', procedure: 'previewDelete', input: { targets } },
        title: t('users.bulk.deleteTitle', { ...counted }),
        onDone,
      }),
    panel: (edited, onClose) => <BulkEdit users={edited} onClose={onClose} onDone={onDone} />,
  });
}
