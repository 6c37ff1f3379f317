/**
 * A signal that aborts with the first of two. Unlike `AbortSignal.any` it leaves nothing behind in a signal that lives
 * long: call `stop` when the work has ended.
 */
export function eitherSignal(first: AbortSignal, second: AbortSignal): { signal: AbortSignal; stop(): void } {
  const either = new AbortController();
  const sources = [first, second];
  const onAbort = (): void => either.abort();
  for (const source of sources) {
    if (source.aborted) onAbort();
    source.addEventListener('abort', onAbort, { once: true });
  }
  return {
    signal: either.signal,
    stop: () => {
      for (const source of sources) source.removeEventListener('abort', onAbort);
    },
  };
}
