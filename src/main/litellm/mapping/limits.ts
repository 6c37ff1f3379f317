import type { Fields } from './fields';
import { fitBigint, fitDecimal, truncate } from './fields';

interface RemoteLimits {
  readonly max_budget: string | null;
  readonly tpm_limit: string | null;
  readonly rpm_limit: string | null;
}

const largestBudget = '99999999999999';

/**
 * Budget and rate limits in our columns (NUMERIC(20,6), BIGINT). Null is unlimited and stays null, 0 is none and stays
 * 0. A budget beyond the column becomes the largest it holds; `clamped` names such columns.
 */
export function limitFields(remote: RemoteLimits): { fields: Fields; clamped: string[] } {
  const clamped: string[] = [];
  let budget = remote.max_budget === null ? null : fitDecimal(remote.max_budget, 20, 6);
  if (remote.max_budget !== null && budget === null) {
    budget = remote.max_budget.startsWith('-') ? `-${largestBudget}` : largestBudget;
    clamped.push('max_budget');
  }
  const limit = (name: 'tpm_limit' | 'rpm_limit'): string | null => {
    const value = remote[name];
    if (value === null) return null;
    const fitted = fitBigint(value);
    if (fitted !== value) clamped.push(name);
    return fitted;
  };
  return {
    fields: { max_budget: budget, tpm_limit: limit('tpm_limit'), rpm_limit: limit('rpm_limit') },
    clamped,
  };
}

/** Spend as LiteLLM counts it for the current budget period, in NUMERIC(24,12); unknown counts as 0. */
export function spendField(spend: string | null): string {
  return (spend === null ? '0' : fitDecimal(spend, 24, 12)) ?? '999999999999';
}

/**
 * LiteLLM's budget duration in our words (API reference §1.0): `1mo` and `30d` both reset on the first of the month.
 * What has no word of ours stays as it is.
 */
export function budgetDuration(remote: string | null): string {
  if (remote === null) return 'lifetime';
  if (remote === '1mo' || remote === '30d') return 'monthly';
  if (remote === '365d') return 'yearly';
  return truncate(remote, 20);
}

/** LiteLLM accepted these spellings up to 1.81 and then resets the budget every midnight: a live defect over there. */
export function resetsDaily(remote: string | null): boolean {
  return remote !== null && /^(monthly|yearly|\d+y|\d+w)$/.test(remote);
}

/** The finding of an object that has its home: null when there is nothing to tell. */
export function findingOf(problems: readonly (string | false | null)[]): string | null {
  const found = problems.filter((problem): problem is string => typeof problem === 'string');
  return found.length === 0 ? null : found.join(', ');
}

export function clampFinding(clamped: readonly string[]): string | null {
  return clamped.length === 0 ? null : `out_of_range (${clamped.join(', ')})`;
}
