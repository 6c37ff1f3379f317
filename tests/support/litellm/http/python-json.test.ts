import { describe, expect, it } from 'vitest';
import { PythonFloat, pythonFloatText, toPythonJson } from './python-json';

describe('JSON as Python writes it', () => {
  it.each([
    [0, '0.0'],
    [100, '100.0'],
    [-2, '-2.0'],
    [12.3456789, '12.3456789'],
    [0.000225, '0.000225'],
    [0.0001, '0.0001'],
    [-0.001, '-0.001'],
    [2.5e-6, '2.5e-06'],
    [1e-5, '1e-05'],
    [1.3e-10, '1.3e-10'],
    [123456789012345680, '1.2345678901234568e+17'],
  ])('spells the float %d as %s', (value, text) => {
    expect(pythonFloatText(value)).toBe(text);
  });

  it('takes money for floats and counts for integers', () => {
    const row = {
      spend: 0,
      max_budget: 5,
      input_cost_per_token: 0,
      total_tokens: 5,
      tpm_limit: 3_000_000_000,
    };
    expect(toPythonJson(row)).toBe(
      '{"spend":0.0,"max_budget":5.0,"input_cost_per_token":0.0,"total_tokens":5,"tpm_limit":3000000000}',
    );
  });

  it('writes BIGINT digit by digit, keeps letters, leaves out undefined', () => {
    const row = {
      rpm_limit: 9_223_372_036_854_775_807n,
      name: 'Zoë',
      gone: undefined,
      sums: [new PythonFloat(1)],
    };
    expect(toPythonJson(row)).toBe('{"rpm_limit":9223372036854775807,"name":"Zoë","sums":[1.0]}');
  });
});
