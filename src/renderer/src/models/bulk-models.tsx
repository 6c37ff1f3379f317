import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelRow } from '../../../shared/contract/models';
import type { RowSelection } from '../lists/use-row-selection';
import { useBulkActions } from '../records/bulk-actions';
import { BulkEditModels } from './bulk-edit-models';
import { type ModelTargets, reviewModels, reviewRetirement } from './review-models';

/**
 * What can be done with several models at once.
 * @param filter what the list is narrowed to, for all that match.
 */
export function useBulkModels(
  selection: RowSelection<ModelRow>,
  filter: Extract<ModelTargets, { filter: unknown }>['filter'],
): { readonly actions: ReactNode; readonly panel: ReactElement } {
  const { t } = useTranslation();
  const onDone = selection.clear;
  return useBulkActions(selection, filter, {
    words: { end: t('models.edit.retire'), off: t('edit.deactivate'), on: t('edit.reactivate') },
    onSwitch: (isActive, { targets, rows }, counted) =>
      reviewModels({
        ...{ targets, rows, onDone, changes: { isActive } },
        title: t(isActive ? 'models.bulk.reactivateTitle' : 'models.bulk.deactivateTitle', { ...counted }),
      }),
    onDelete: ({ targets }, counted) =>
      reviewRetirement(targets, { title: t('models.bulk.retireTitle', { ...counted }), onDone }),
    panel: (edited, onClose) => <BulkEditModels models={edited} onClose={onClose} onDone={onDone} />,
  });
}
