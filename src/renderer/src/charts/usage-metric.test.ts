import { describe, expect, it } from 'vitest';
import type { UsageFigures } from '../../../shared/contract/usage';
import { metricOf } from './usage-metric';

const figures: UsageFigures = {
  requests: '12',
  errors: '3',
  inputTokens: '9007199254740993',
  outputTokens: '7',
  cost: '0.000001',
  averageLatencyMs: null,
};

describe('metricOf', () => {
  it('adds both kinds of tokens exactly, past what a float holds', () => {
    expect(metricOf('tokens', figures)).toBe('9007199254741000');
  });
  it('takes the others as they are', () => {
    expect(metricOf('requests', figures)).toBe('12');
    expect(metricOf('cost', figures)).toBe('0.000001');
    expect(metricOf('errors', figures)).toBe('3');
  });
});
