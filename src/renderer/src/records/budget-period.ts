import type { TFunction } from 'i18next';
import { recordsMessages } from '../../../shared/messages/records';

const known = recordsMessages.budgetPeriods;

/** How often a budget begins anew, in words; a duration such as `30d` as it stands. */
export function budgetPeriodLabel(t: TFunction, period: string | null): string | null {
  if (period === null || !Object.hasOwn(known, period)) return period;
  return t(`records.budgetPeriods.${period as keyof typeof known}`);
}
