import { maxCallsAtOnce } from '../../shared/calls-at-once';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';

/** The calls under way, each with its own abort controller, kept apart by the window that made them. */
export interface RunningCalls {
  /**
   * Notes a call and answers its signal.
   * @throws AppError `validation` when the id is not a text of 1 to 100 characters or is already under way; `busy`
   *   when the window has as many calls under way as it may.
   */
  begin(windowId: number, callId: unknown): AbortSignal;
  end(windowId: number, callId: unknown): void;
  /** Aborts one call of this window; an unknown id is ignored (its answer may be on its way). */
  cancel(windowId: number, callId: unknown): void;
  /** Aborts every call of a window that was closed or loaded again. */
  cancelAll(windowId: number): void;
}

export function createRunningCalls(): RunningCalls {
  const windows = new Map<number, Map<unknown, AbortController>>();
  return {
    begin(windowId, callId) {
      const calls = windows.get(windowId) ?? new Map<unknown, AbortController>();
      if (typeof callId !== 'string' || callId.length === 0 || callId.length > 100 || calls.has(callId)) {
        throw new AppError('validation', say('hosts.noCallId'));
      }
      if (calls.size >= maxCallsAtOnce) {
        throw new AppError('busy', say('hosts.tooMany'), { hint: say('hosts.tooManyHint') });
      }
      const controller = new AbortController();
      windows.set(windowId, calls.set(callId, controller));
      return controller.signal;
    },
    end(windowId, callId) {
      windows.get(windowId)?.delete(callId);
    },
    cancel(windowId, callId) {
      windows.get(windowId)?.get(callId)?.abort();
    },
    cancelAll(windowId) {
      const calls = windows.get(windowId);
      windows.delete(windowId);
      for (const controller of calls?.values() ?? []) controller.abort();
    },
  };
}
