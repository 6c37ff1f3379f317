import { describe, expect, it } from 'vitest';
import { percentilesOf } from './latency-percentiles';

describe('percentilesOf', () => {
  it('knows none of an empty histogram', () => {
    expect(percentilesOf([])).toBeNull();
  });

  it('is exact where a bucket holds one millisecond', () => {
    const buckets = [
      { fromMs: 3, toMs: 4, requests: 98 },
      { fromMs: 7, toMs: 8, requests: 2 },
    ];
    expect(percentilesOf(buckets)).toEqual({ p50: 3, p95: 3, p99: 7 });
  });

  it('spreads a bucket evenly between its bounds', () => {
    expect(percentilesOf([{ fromMs: 100, toMs: 201, requests: 1_000 }])).toEqual({
      p50: 150,
      p95: 195,
      p99: 199,
    });
  });

  it('answers the bound of the last bucket, which is open', () => {
    expect(percentilesOf([{ fromMs: 4_194_304, toMs: null, requests: 1 }])).toEqual({
      p50: 4_194_304,
      p95: 4_194_304,
      p99: 4_194_304,
    });
  });
});
