import { describe, expect, it } from 'vitest';
import { createRunningCalls } from './running-calls';

describe('running calls', () => {
  it('are cancelled one by one and by window', () => {
    const calls = createRunningCalls();
    const [a, b, other] = [calls.begin(1, 'a'), calls.begin(1, 'b'), calls.begin(2, 'a')];
    calls.cancel(1, 'a');
    expect([a.aborted, b.aborted, other.aborted]).toEqual([true, false, false]);
    calls.cancelAll(1);
    expect([b.aborted, other.aborted]).toEqual([true, false]);
  });

  it('are no more than 64 of one window', () => {
    const calls = createRunningCalls();
    for (let index = 0; index < 64; index += 1) calls.begin(1, String(index));
    expect(() => calls.begin(1, 'more')).toThrow(expect.objectContaining({ code: 'busy' }) as Error);
    expect(calls.begin(2, 'more').aborted).toBe(false);
    calls.end(1, '7');
    expect(calls.begin(1, 'more').aborted).toBe(false);
  });

  it('ignore what is unknown or has ended', () => {
    const calls = createRunningCalls();
    const signal = calls.begin(1, 'a');
    calls.end(1, 'a');
    for (const id of ['a', 'b', '__proto__', 7, null]) calls.cancel(1, id);
    calls.cancelAll(9);
    expect(signal.aborted).toBe(false);
  });

  it.each([undefined, null, 7, '', 'x'.repeat(101), {}])('refuse the id %j', (id) => {
    expect(() => createRunningCalls().begin(1, id)).toThrow('an id of its own');
  });

  it('have ids of their own while they run, per window', () => {
    const calls = createRunningCalls();
    calls.begin(1, 'a');
    expect(() => calls.begin(1, 'a')).toThrow('an id of its own');
    calls.begin(2, 'a');
    calls.end(1, 'a');
    expect(calls.begin(1, 'a').aborted).toBe(false);
  });
});
