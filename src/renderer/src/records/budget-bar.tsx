import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { QuotaBar } from './quota-bar';

interface BudgetBarProps {
  /** Decimal text; null: nothing was spent yet. */
  readonly spend: string | null;
  /** Decimal text; null is unlimited. */
  readonly budget: string | null;
  readonly dense?: boolean;
}

/** Money spent against a budget. */
export function BudgetBar({ spend, budget, dense = false }: BudgetBarProps): ReactElement {
  const { t } = useTranslation();
  return (
    <QuotaBar label={t('records.budget')} used={spend ?? '0'} limit={budget} unit="money" dense={dense} />
  );
}
