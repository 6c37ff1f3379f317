import { Button } from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mostSelectedRecords } from '../../../shared/contract/changes';
import type { UserRow } from '../../../shared/contract/users';
import { useCanWrite } from '../api/app-state';
import { BulkNotes } from '../lists/bulk-notes';
import type { RowSelection } from '../lists/use-row-selection';
import { showReview } from '../review/review-store';
import { formatCount } from '../ui/format';
import { usePageAction } from '../ui/page-actions';
import { BulkEdit, type BulkTargets } from './bulk-edit';
import { reviewUsers, type UserTargets } from './review-users';

/**
 * What can be done with several users at once; in a read-only workspace it is shown why it can't.
 * @param filter what the list is narrowed to, for all that match.
 */
export function useBulkUsers(
  selection: RowSelection<UserRow>,
  filter: Extract<UserTargets, { filter: unknown }>['filter'],
): { readonly actions: ReactNode; readonly panel: ReactElement } {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const [edited, setEdited] = useState<BulkTargets | null>(null);
  const { scope, rows, count, clear } = selection;
  const users = (): BulkTargets => ({
    targets:
      scope === 'matching'
        ? { filter }
        : { selected: [...rows.values()].map(({ id, version }) => ({ id, version })) },
    count,
    rows,
  });
  const switchTo = (isActive: boolean): void =>
    reviewUsers({
      ...users(),
      changes: { isActive },
      title: t(isActive ? 'users.bulk.reactivateTitle' : 'users.bulk.deactivateTitle', {
        count,
        formatted: formatCount(count),
      }),
      onDone: clear,
    });
  const remove = (): void =>
    showReview({
      request: { kind: 'deletedUsers', input: { targets: users().targets } },
      title: t('users.bulk.deleteTitle', { count, formatted: formatCount(count) }),
      onDone: clear,
    });
  const deactivate = (): void => switchTo(false);
  const reactivate = (): void => switchTo(true);
  const edit = (): void => setEdited(users());
  const areTooMany = scope === 'rows' && rows.size > mostSelectedRecords;
  const isAllowed = canWrite && !areTooMany;
  const isPossible = isAllowed && scope !== 'none';
  usePageAction('deactivateSelected', isPossible ? deactivate : undefined);
  usePageAction('reactivateSelected', isPossible ? reactivate : undefined);
  usePageAction('editSelected', isPossible ? edit : undefined);
  return {
    panel: <BulkEdit users={edited} onClose={() => setEdited(null)} onDone={clear} />,
    actions: (
      <>
        <BulkNotes canWrite={canWrite} areTooMany={areTooMany} />
        <Button size="small" color="error" disabled={!isAllowed} onClick={remove}>
          {t('users.edit.delete')}
        </Button>
        <Button size="small" disabled={!isAllowed} onClick={reactivate}>
          {t('users.edit.reactivate')}
        </Button>
        <Button size="small" disabled={!isAllowed} onClick={deactivate}>
          {t('users.edit.deactivate')}
        </Button>
        <Button size="small" variant="contained" disabled={!isAllowed} onClick={edit}>
          {t('users.bulk.edit')}
        </Button>
      </>
    ),
  };
}
