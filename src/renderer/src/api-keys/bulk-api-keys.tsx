import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKeyRow } from '../../../shared/contract/api-keys';
import type { RowSelection } from '../lists/use-row-selection';
import { useBulkActions } from '../records/bulk-actions';
import { BulkEditApiKeys } from './bulk-edit-api-keys';
import { type ApiKeyTargets, reviewApiKeys, reviewDeletion, reviewRevocation } from './review-api-keys';

/**
 * What can be done with several keys at once.
 * @param filter what the list is narrowed to, for all that match.
 */
export function useBulkApiKeys(
  selection: RowSelection<ApiKeyRow>,
  filter: Extract<ApiKeyTargets, { filter: unknown }>['filter'],
): { readonly actions: ReactNode; readonly panel: ReactElement } {
  const { t } = useTranslation();
  const onDone = selection.clear;
  return useBulkActions(selection, filter, {
    words: {
      end: t('apiKeys.edit.revoke'),
      off: t('apiKeys.edit.block'),
      on: t('apiKeys.edit.unblock'),
    },
    onSwitch: (isActive, { targets, rows }, counted) =>
      reviewApiKeys({
        ...{ targets, rows, onDone, changes: { isActive } },
        title: t(isActive ? 'apiKeys.bulk.unblockTitle' : 'apiKeys.bulk.blockTitle', { ...counted }),
      }),
    onDelete: ({ targets }, counted) =>
      reviewRevocation(targets, { title: t('apiKeys.bulk.revokeTitle', { ...counted }), onDone }),
    more: [
      {
        label: t('edit.delete'),
        run: ({ targets }, counted) =>
          reviewDeletion(targets, { title: t('apiKeys.bulk.deleteTitle', { ...counted }), onDone }),
      },
    ],
    panel: (edited, onClose) => <BulkEditApiKeys apiKeys={edited} onClose={onClose} onDone={onDone} />,
  });
}
