import { AppError } from '../../shared/errors';
import { say } from './say';

/** What a call ends with that somebody cancelled. */
export function cancelled(cause?: unknown): AppError {
  return new AppError('cancelled', say('console.cancelled'), cause === undefined ? {} : { cause });
}

/** @throws AppError `cancelled` once the call was cancelled; work asks between its steps. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled();
}
