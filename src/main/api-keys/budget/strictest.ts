import type { BudgetLevel } from '../../../shared/contract/api-keys';
import { compareDecimals, isDecimal } from '../../../shared/decimal';
import { isReached } from '../refusal/limit-levels';

type Amounts = Pick<BudgetLevel, 'level' | 'limit' | 'left' | 'enforcement'>;

/**
 * Of the budgets that LiteLLM enforces the one with the least money left; of equals the first. Unlimited ones are none,
 * and 0 is one. NULL: nothing ends the key's spend.
 */
export function strictestOf<Level extends Amounts>(levels: readonly Level[]): Level | null {
  let strictest: (Level & { readonly left: string }) | null = null;
  for (const level of levels) {
    const { limit, left, enforcement } = level;
    if (enforcement !== 'enforced' || limit === null || left === null || !isDecimal(left)) continue;
    if (strictest === null || compareDecimals(left, strictest.left) < 0) strictest = { ...level, left };
  }
  return strictest;
}

/**
 * What happens to a budget: used up already, used up before its period ends at the rate of its days (`will`), only at the
 * upper end of their band (`may`), or not. `lastDay` is the last day of the period; NULL is a lifetime, which any
 * day ends.
 */
export function outlookOf(
  { level, limit, spent, forecast }: Pick<BudgetLevel, 'level' | 'limit' | 'spent' | 'forecast'>,
  lastDay: string | null,
): BudgetLevel['outlook'] {
  if (limit === null) return 'within';
  if (isReached({ applies: true, level, measure: 'budget', limit }, spent)) return 'over';
  if (forecast === null) return 'unknown';
  const isInPeriod = (day: string | null): boolean => day !== null && (lastDay === null || day <= lastDay);
  if (isInPeriod(forecast.likely)) return 'will_be_over';
  return isInPeriod(forecast.earliest) ? 'may_be_over' : 'within';
}
