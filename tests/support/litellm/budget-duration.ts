import { timestampOf } from './instants';

/** A duration LiteLLM cannot work with; its endpoints answer 500, newer releases 400. */
export class BudgetDurationError extends Error {}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function midnight(instant: Date): number {
  return Math.floor(instant.getTime() / dayMs) * dayMs;
}

function firstOfNextMonth(instant: Date): number {
  return Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth() + 1, 1);
}

/** Hours, minutes and seconds are aligned to the clock: the next multiple counted from midnight. */
function nextAligned(instant: Date, stepMs: number): number {
  const start = midnight(instant);
  return start + (Math.floor((instant.getTime() - start) / stepMs) + 1) * stepMs;
}

function nextDay(instant: Date, days: number): number {
  // `1d` and `7d` are aligned to the day and the week (Monday), `30d` means the month; others count from today.
  if (days === 30) return firstOfNextMonth(instant);
  if (days === 7) {
    const daysToMonday = (8 - new Date(midnight(instant)).getUTCDay()) % 7 || 7;
    return midnight(instant) + daysToMonday * dayMs;
  }
  return midnight(instant) + days * dayMs;
}

/**
 * When a budget of this duration is next reset, as LiteLLM up to 1.81.x works it out, oddities included: `30d` is the
 * first of next month, `1w` and every unknown spelling (`monthly`, `1y`) are the next midnight.
 *
 * Throws BudgetDurationError for `3mo` and the like, where LiteLLM raises ValueError.
 */
export function nextBudgetReset(duration: string, now: Date): string {
  const match = /^(\d+)(s|m|h|d|mo)$/.exec(duration);
  if (!match) return timestampOf(new Date(midnight(now) + dayMs));
  const amount = Number(match[1]);
  switch (match[2]) {
    case 's':
      return timestampOf(new Date(nextAligned(now, amount * secondMs)));
    case 'm':
      return timestampOf(new Date(nextAligned(now, amount * minuteMs)));
    case 'h':
      return timestampOf(new Date(nextAligned(now, amount * hourMs)));
    case 'd':
      return timestampOf(new Date(nextDay(now, amount)));
    default:
      if (amount !== 1) throw new BudgetDurationError(`Unsupported duration: ${duration}`);
      return timestampOf(new Date(firstOfNextMonth(now)));
  }
}

/** Whether the grammar `<n>` + `s|m|h|d|w|mo` has this spelling; newer releases refuse the rest. */
export function isBudgetDuration(duration: string): boolean {
  return /^\d+(s|m|h|d|w|mo)$/.test(duration);
}
