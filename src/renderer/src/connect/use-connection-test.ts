import { useCallback, useEffect, useRef, useState } from 'react';
import type { Contract, InputOf } from '../../../shared/contract/index';
import type { ConnectionReport } from '../../../shared/contract/workspace';
import { toApiError, type ApiError } from '../api/api-error';
import { call } from '../api/client';

export type ConnectionTestState =
  | { readonly state: 'idle' | 'testing' }
  | { readonly state: 'tested'; readonly report: ConnectionReport }
  | { readonly state: 'failed'; readonly error: ApiError };

export interface ConnectionTest {
  readonly outcome: ConnectionTestState;
  start(input: InputOf<Contract['workspace']['test']>): void;
  /** Stops a running test, in main too, and forgets the result of an earlier one. */
  clear(): void;
}

/** One attempt to connect at a time; leaving the screen stops it. */
export function useConnectionTest(): ConnectionTest {
  const [outcome, setOutcome] = useState<ConnectionTestState>({ state: 'idle' });
  const running = useRef<AbortController | null>(null);

  const clear = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setOutcome((before) => (before.state === 'idle' ? before : { state: 'idle' }));
  }, []);

  const start = useCallback((input: InputOf<Contract['workspace']['test']>) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const finish = (next: ConnectionTestState): void => {
      if (running.current !== controller) return;
      running.current = null;
      setOutcome(next);
    };
    setOutcome({ state: 'testing' });
    call('workspace', 'test', input, controller.signal).then(
      (report) => finish({ state: 'tested', report }),
      (error: unknown) => finish({ state: 'failed', error: toApiError(error) }),
    );
  }, []);

  useEffect(() => () => running.current?.abort(), []);
  return { outcome, start, clear };
}
