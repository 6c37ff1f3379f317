const failuresToOpen = 5;
export const pauseMs = 60_000;

/** Leaves a struggling proxy alone: after five failures in a row nothing is sent for a minute. */
export interface CircuitBreaker {
  /** How long the next request has to wait; 0 when it may go at once. */
  waitMs(): number;
  succeeded(): void;
  failed(): void;
}

/** `now` in milliseconds, monotonic. */
export function createCircuitBreaker(now: () => number = () => performance.now()): CircuitBreaker {
  let failures = 0;
  let openUntil = 0;
  return {
    waitMs: () => Math.max(0, openUntil - now()),
    succeeded() {
      failures = 0;
      openUntil = 0;
    },
    failed() {
      failures += 1;
      if (failures < failuresToOpen) return;
      failures = 0;
      openUntil = now() + pauseMs;
    },
  };
}
