import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { eitherSignal } from './either-signal';

it.each([0, 1])('aborts with signal %i', (index) => {
  const sources = [new AbortController(), new AbortController()] as const;
  const { signal } = eitherSignal(sources[0].signal, sources[1].signal);
  expect(signal.aborted).toBe(false);
  sources[index]?.abort();
  expect(signal.aborted).toBe(true);
});

it('is aborted from the start where one of them is', () => {
  expect(eitherSignal(new AbortController().signal, AbortSignal.abort()).signal.aborted).toBe(true);
});

it('leaves nothing behind in a signal that lives longer than the work', () => {
  const closing = new AbortController();
  const { signal, stop } = eitherSignal(new AbortController().signal, closing.signal);
  stop();
  expect(getEventListeners(closing.signal, 'abort')).toEqual([]);
  closing.abort();
  expect(signal.aborted).toBe(false);
});
