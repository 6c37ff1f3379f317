import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReconnecting } from './reconnect';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('reconnecting', () => {
  it('tries ever more slowly until the database answers, and tells once', async () => {
    let answers = false;
    const attempts: number[] = [];
    const startedAt = Date.now();
    let found = 0;
    const reconnecting = createReconnecting(
      () => {
        attempts.push((Date.now() - startedAt) / 1000);
        if (!answers) return Promise.reject(new Error('no server'));
        reconnecting.found();
        return Promise.resolve();
      },
      () => (found += 1),
    );
    reconnecting.lost();
    reconnecting.lost();
    await vi.advanceTimersByTimeAsync(40_000);
    expect(attempts).toEqual([1, 3, 7, 15, 30]);
    answers = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toHaveLength(6);
    expect(found).toBe(1);
  });

  it('stops when the workspace is left', async () => {
    let attempts = 0;
    const reconnecting = createReconnecting(
      () => Promise.reject(new Error(`attempt ${String((attempts += 1))}`)),
      () => undefined,
    );
    reconnecting.lost();
    reconnecting.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toBe(0);
  });
});
