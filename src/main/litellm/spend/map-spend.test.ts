import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDecimals, compareDecimals } from '../../../shared/decimal';
import { parseExactJson } from '../../kernel/exact-json';
import { roundDecimal } from '../mapping/fields';
import { spendRow } from './spend-rows';
import { mapSpend, splitCost } from './map-spend';

const row = (values: object) =>
  spendRow.parse(
    parseExactJson(JSON.stringify({ request_id: 'r', startTime: '2026-01-01T00:00:00', ...values })),
  );

const money = fc.double({ min: 0, max: 1000, noNaN: true });

describe('splitCost', () => {
  it('always adds up to what LiteLLM counted, at 12 decimals', () => {
    fc.assert(
      fc.property(
        money,
        fc.option(money),
        fc.nat(100_000),
        fc.nat(100_000),
        (spend, input, prompt, completion) => {
          const metadata = input === null ? {} : { cost_breakdown: { input_cost: input, output_cost: 0 } };
          const found = row({ spend, prompt_tokens: prompt, completion_tokens: completion, metadata });
          const split = splitCost(found, { input: '0.0000025', output: '0.00001' });
          expect(addDecimals(split.input, split.output)).toBe(roundDecimal(found.spend ?? '0', 12));
          expect(compareDecimals(split.input, '0')).toBeGreaterThanOrEqual(0);
          expect(compareDecimals(split.output, '0')).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('puts all in input where neither a breakdown nor prices tell', () => {
    expect(splitCost(row({ spend: 1.5, prompt_tokens: 1, completion_tokens: 1 }), null)).toEqual({
      input: '1.5',
      output: '0',
      how: 'none',
    });
  });
});

describe('spendRow', () => {
  it.each([
    { prompt_tokens: 1e19 },
    { completion_tokens: 2 ** 53 },
    { prompt_tokens: -1 },
    { spend: 1e8 },
    { spend: 1e12 },
  ])('refuses %j, which our columns cannot hold', (values) => {
    expect(() => row(values)).toThrow('a possible');
  });

  it('takes the largest figures that our columns hold', () => {
    const tokens = 2 ** 53 - 1;
    expect(row({ prompt_tokens: tokens, spend: 99_999_999.5 })).toMatchObject({
      prompt_tokens: String(tokens),
      spend: '99999999.5',
    });
  });
});

describe('mapSpend', () => {
  const attribution = {
    apiKeyId: null,
    userId: null,
    teamId: null,
    subscriptionId: null,
    modelId: 'm',
    reason: 'unknown_key',
  };
  const mapped = (values: object) => mapSpend(row(values), attribution, null);

  it.each([
    [{ status: null }, 200],
    [{ status: 'success' }, 200],
    [{ status: 'failure', metadata: { error_information: { error_code: '429' } } }, 429],
    [{ status: 'failure', metadata: { error_information: { error_code: 503 } } }, 503],
    [{ status: 'failure', metadata: { error_information: { error_code: 'None' } } }, 500],
    [{ status: 'failure' }, 500],
  ])('%j has status %i', (values, status) => {
    expect(mapped(values).statusCode).toBe(status);
  });

  it('measures latency to the millisecond and never below zero', () => {
    expect(mapped({ endTime: '2026-01-01T00:00:01.2346' }).latencyMs).toBe(1235);
    expect(mapped({ endTime: '2025-12-31T23:59:59' }).latencyMs).toBe(0);
    expect(mapped({}).latencyMs).toBeNull();
    expect(mapped({ endTime: '2026-03-01T00:00:00' }).latencyMs).toBeNull();
  });

  it('keeps a hash as it is, and nothing of a key in plain text', () => {
    const hash = 'b'.repeat(64);
    expect(mapped({ api_key: hash }).metadata).toMatchObject({ key_hash: hash });
    expect(JSON.stringify(mapped({ api_key: 'sk-plain-key', end_user: 'sk-pasted-here' }))).not.toMatch(
      /plain|pasted/,
    );
  });

  it('reads metadata that is sent as text', () => {
    const text = JSON.stringify({ error_information: { error_class: 'Timeout' } });
    expect(mapped({ status: 'failure', metadata: text }).errorMessage).toBe('Timeout');
  });

  it('keeps a request id of any length, and knows what an earlier console called it', () => {
    const long = mapped({ request_id: 'x'.repeat(549) });
    expect(long.requestId).toBe('x'.repeat(549));
    // What it was stored under before the column held ids of any length.
    expect(long.earlierRequestId).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  describe('a refusal by LiteLLM itself', () => {
    const failure = (error: object, values: object = {}): boolean | undefined =>
      mapped({ status: 'failure', metadata: { error_information: error }, ...values }).refusedByLitellm;

    it.each(['400', '401', '403', '404', '422', '429'])(
      'is a failure with %s that names no provider',
      (code) => {
        expect(failure({ error_code: code, error_class: 'ProxyException' })).toBe(true);
        expect(failure({ error_code: code, llm_provider: '' }, { custom_llm_provider: '' })).toBe(true);
      },
    );

    it.each([
      ['the provider says 429', { error_code: '429', llm_provider: 'openai' }, {}],
      ['a provider is logged', { error_code: '400' }, { custom_llm_provider: 'azure' }],
      ['the proxy or the provider broke', { error_code: '500' }, {}],
      ['the connection broke', { error_code: '', error_class: 'APIConnectionError' }, {}],
      ['the code is no HTTP status', { error_code: '4290' }, {}],
    ])('is not what happened where %s', (_, error, values) => {
      expect(failure(error, values)).toBe(false);
    });

    it('is no success, whatever its metadata says', () => {
      const error = { error_code: '429' };
      expect(mapped({ status: 'success', metadata: { error_information: error } }).refusedByLitellm).toBe(
        false,
      );
      expect(mapped({ status: 'failure' }).refusedByLitellm).toBe(false);
    });
  });
});
