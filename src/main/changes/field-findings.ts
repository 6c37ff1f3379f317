import { compareDecimals, isDecimal } from '../../shared/decimal';
import { oddLetter } from '../../shared/plain-name';
import { say } from '../kernel/say';
import type { RecordFinding } from './change';
import type { Image } from './record-table';

const limits = ['maxBudget', 'tpmLimit', 'rpmLimit'] as const;
const quotas = ['quotaRequests', 'quotaTokens'] as const;

/** What there is to say of limits that a change sets: unlimited and zero are told apart. */
export function limitFindings(before: Image, after: Image, budgetOfZero?: string): RecordFinding[] {
  // Only subscriptions have quotas.
  return [...quotas.filter((quota) => quota in after), ...limits].flatMap((limit): RecordFinding[] => {
    const value = after[limit] ?? null;
    if (before[limit] === value) return [];
    const field = say(`changes.users.field.${limit}`);
    if (value === null) {
      return [{ severity: 'warning', text: say('changes.users.becomesUnlimited', { field }) }];
    }
    if (typeof value !== 'string' || !isDecimal(value) || compareDecimals(value, '0') !== 0) return [];
    const text =
      limit === 'maxBudget' && budgetOfZero !== undefined
        ? budgetOfZero
        : say('changes.users.nothingAllowed', { field });
    return [{ severity: 'warning', text }];
  });
}

/** Which of the names that a change sets mix letters that look alike. */
export function nameFindings(before: Image, after: Image, fields: readonly string[]): RecordFinding[] {
  return fields.flatMap((field): RecordFinding[] => {
    const value = after[field];
    if (typeof value !== 'string' || before[field] === value) return [];
    const odd = oddLetter(value);
    return odd === null
      ? []
      : [{ severity: 'warning', text: say('changes.users.mixedScripts', { value, ...odd }) }];
  });
}
