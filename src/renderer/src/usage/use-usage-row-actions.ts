import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { UsageBreakdownRow, UsageDimension } from '../../../shared/contract/usage';
import { useCanWrite } from '../api/app-state';
import type { RowAction } from '../lists/row-menu';
import { editPath, type RecordArea, recordPath } from '../records/record-link';

/** Where the record of a row is, and the field that whoever looks at usage most likely wants to change. */
export const placeOf: Readonly<
  Record<UsageDimension, { readonly area: RecordArea; readonly field: string }>
> = {
  model: { area: 'models', field: 'description' },
  user: { area: 'users', field: 'maxBudget' },
  team: { area: 'teams', field: 'maxBudget' },
  apiKey: { area: 'api-keys', field: 'maxBudget' },
};

/**
 * What can be done with the record whose usage a row is: its page, its panel, and a key blocked. A row of no record, or of
 * one that is gone, says so.
 */
export function useUsageRowActions(
  dimension: UsageDimension,
): (row: UsageBreakdownRow) => readonly RowAction[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const obstacle = useCanWrite() ? undefined : t('app.workspace.readOnlyHelp');
  const { area, field } = placeOf[dimension];
  return ({ id, label }) => {
    const open = t('edit.row.open');
    // A model that left the catalogue still has a page.
    if (id === null || (label === null && dimension !== 'model')) {
      return [{ id: 'open', label: open, run: () => undefined, obstacle: t('usage.breakdown.noRecord') }];
    }
    const go = (path: string) => () => void navigate(path);
    const toPage = { id: 'open', label: open, run: go(recordPath(area, id)) };
    if (label === null) return [toPage];
    return [
      toPage,
      { id: 'edit', label: t('edit.row.edit'), run: go(editPath(area, id, field)), obstacle },
      ...(dimension === 'apiKey'
        ? [
            {
              id: 'switchActive',
              label: t('usage.breakdown.blockKey'),
              run: go(editPath(area, id, 'isActive')),
              obstacle,
            },
          ]
        : []),
    ];
  };
}
