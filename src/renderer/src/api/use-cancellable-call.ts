import { useEffect, useReducer, useRef } from 'react';
import type { AnswerOf, AreaName, Contract, InputOf } from '../../../shared/contract/index';
import { toApiError, type ApiError } from './api-error';
import { call } from './client';
import type { ProcedureOfKind } from './use-procedure';

export type CallState<Answer> =
  | { readonly state: 'idle' }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly answer: Answer }
  | { readonly state: 'failed'; readonly error: ApiError }
  | { readonly state: 'cancelled' };

export interface CancellableCall<Input, Answer> {
  readonly current: CallState<Answer>;
  /** Starts anew; what is still running is cancelled. */
  run(input: Input): void;
  /** Cancels what is running, its SQL included. */
  cancel(): void;
}

/**
 * Reads when a person asks for it, and stops when they say so or leave. For what may take long; lists and records
 * use `useProcedureQuery`, which also keeps what it read.
 */
export function useCancellableCall<Area extends AreaName, Name extends ProcedureOfKind<Area, 'query'>>(
  area: Area,
  procedure: Name,
): CancellableCall<InputOf<Contract[Area][Name]>, AnswerOf<Contract[Area][Name]>> {
  type Answer = AnswerOf<Contract[Area][Name]>;
  const [current, setCurrent] = useReducer((_previous: CallState<Answer>, next: CallState<Answer>) => next, {
    state: 'idle',
  });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  return {
    current,
    run(input) {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setCurrent({ state: 'running' });
      call(area, procedure, input, controller.signal).then(
        (answer) => {
          if (running.current === controller) setCurrent({ state: 'done', answer });
        },
        (error: unknown) => {
          if (running.current !== controller) return;
          setCurrent(
            controller.signal.aborted
              ? { state: 'cancelled' }
              : { state: 'failed', error: toApiError(error) },
          );
        },
      );
    },
    cancel: () => running.current?.abort(),
  };
}
