import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyRow } from '../keys/key-rows';
import { modelDeployment } from '../models/model-rows';
import { userRow } from '../users/user-rows';
import { ExactNumber } from '../../kernel/exact-json';
import { canonicalJson, fitBigint, fitDecimal, roundDecimal, truncate } from './fields';
import { budgetDuration, resetsDaily } from './limits';
import { localIdFor, uuidVersion5 } from './local-id';
import { mapKey } from '../keys/map-key';
import { mapModel } from '../models/map-model';
import { mapUser } from '../users/map-user';

describe('local ids', () => {
  it('are version 5 UUIDs as RFC 9562 makes them', () => {
    // RFC 9562, appendix A.4.
    expect(uuidVersion5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('keep a UUID, and tell proxies and kinds apart', () => {
    const uuid = '0D2F0000-0000-4000-8000-000000000001';
    expect(localIdFor('https://a', 'user', uuid)).toBe(uuid.toLowerCase());
    const ids = [
      localIdFor('https://a', 'user', 'bob'),
      localIdFor('https://b', 'user', 'bob'),
      localIdFor('https://a', 'team', 'bob'),
    ];
    expect(new Set(ids).size).toBe(3);
    expect(localIdFor('https://a', 'user', 'bob')).toBe(ids[0]);
  });
});

describe('numbers in our columns', () => {
  it.each([
    ['1.2345675', 6, '1.234568'],
    ['-1.2345675', 6, '-1.234568'],
    ['0.0000004', 6, '0'],
    ['99.9999999', 6, '100'],
    ['5', 6, '5'],
  ])('%s to %i places is %s', (text, scale, expected) => {
    expect(roundDecimal(text, scale)).toBe(expected);
  });

  it('fit, or say that they do not', () => {
    expect(fitDecimal('99999999999999.5', 20, 6)).toBe('99999999999999.5');
    expect(fitDecimal('100000000000000', 20, 6)).toBeNull();
    expect(fitBigint('99999999999999999999')).toBe('9223372036854775807');
  });

  it('are never further from the value than half a unit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (units) => {
        const scaled = (text: string): bigint => {
          const [whole = '0', fraction = ''] = text.split('.');
          return BigInt(whole + fraction.padEnd(9, '0'));
        };
        const difference = scaled(roundDecimal(`${units}e-9`, 6)) - units;
        expect(difference <= 500n && difference >= -500n).toBe(true);
      }),
    );
  });
});

describe('canonicalJson', () => {
  it('is the same text for the same value', () => {
    const left = { b: [1, new ExactNumber('0.1')], a: { d: null, c: 'x', e: undefined } };
    const right = { a: { c: 'x', d: null }, b: [1, new ExactNumber('0.1')] };
    expect(canonicalJson(left)).toBe(canonicalJson(right));
    expect(canonicalJson(left)).toBe('{"a":{"c":"x","d":null},"b":[1,0.1]}');
  });
});

describe('budget durations', () => {
  it.each([
    ['1mo', 'monthly', false],
    ['30d', 'monthly', false],
    ['365d', 'yearly', false],
    [null, 'lifetime', false],
    ['7d', '7d', false],
    ['monthly', 'monthly', true],
    ['yearly', 'yearly', true],
    ['2w', '2w', true],
  ])('%s is %s', (remote, ours, daily) => {
    expect(budgetDuration(remote)).toBe(ours);
    expect(resetsDaily(remote)).toBe(daily);
  });
});

const userFields = (values: object) => {
  const mapped = mapUser(userRow.parse({ user_id: 'u1', ...values }));
  return mapped.home ? mapped : { fields: {}, finding: mapped.reason };
};

describe('mapUser', () => {
  it.each([
    [{ user_alias: 'Ana', user_email: 'a@b.c' }, 'Ana'],
    [{ user_alias: ' ', user_email: 'ana@b.c' }, 'ana'],
    [{ user_email: null }, 'u1'],
  ])('names %j %s', (values, username) => {
    expect(userFields(values).fields).toMatchObject({ username });
  });

  it('has no home for the proxy’s own administrator and for ids that do not fit', () => {
    expect(userFields({ user_id: 'default_user_id' }).finding).toBe('system_object');
    expect(userFields({ user_id: 'x'.repeat(256) }).finding).toBe('id_too_long');
    expect(userFields({ user_id: '😀'.repeat(200) }).fields).toMatchObject({ oauth_id: '😀'.repeat(200) });
  });

  it('keeps unlimited and zero apart', () => {
    expect(userFields({ max_budget: null, rpm_limit: 0 }).fields).toMatchObject({
      max_budget: null,
      rpm_limit: '0',
    });
  });

  it.each([
    ['proxy_admin', ['admin', 'user']],
    ['proxy_admin_viewer', ['admin-readonly', 'user']],
    ['internal_user', ['user']],
    ['something_new', ['user']],
  ])('gives %s the roles %j', (role, roles) => {
    expect(userFields({ user_role: role }).fields).toMatchObject({ roles });
  });
});

describe('mapKey', () => {
  const owners = { userId: 'local', teamId: null, knownModels: new Set(['m']) };
  const token = 'a'.repeat(64);

  it('keeps the last four characters and nothing more of a key', () => {
    const prefix = (name: string | null) => {
      const mapped = mapKey(keyRow.parse({ token, key_name: name, user_id: 'u' }), owners);
      return mapped.home ? mapped.fields['key_prefix'] : undefined;
    };
    expect(prefix('sk-...aB3x')).toBe('sk-...aB3x');
    expect(prefix('sk-the-whole-key')).toBe('sk-...');
    expect(prefix(null)).toBe('sk-...');
  });

  it('reads no key whose token is not a hash', () => {
    expect(keyRow.safeParse({ token: 'sk-plain' }).success).toBe(false);
  });

  it('never mistakes a key with other names for one with all models', () => {
    const mapped = mapKey(keyRow.parse({ token, user_id: 'u', models: ['m', 'openai/*', 'm'] }), owners);
    expect(mapped).toMatchObject({
      fields: { models: ['m'], litellm_models_raw: ['openai/*'] },
      finding: 'unknown_models',
    });
    expect(mapKey(keyRow.parse({ token, user_id: 'u', models: [] }), owners)).toMatchObject({
      finding: 'all_models',
    });
  });
});

describe('mapModel', () => {
  const deployment = (info: object, parameters: object = {}) =>
    modelDeployment.parse({ model_name: 'm', litellm_params: parameters, model_info: info });

  it('takes the highest price and the largest context of the deployments', () => {
    const { mapped, prices } = mapModel(
      'm',
      [
        deployment({ input_cost_per_token: new ExactNumber('0.0000001'), max_input_tokens: 8192 }),
        deployment({
          input_cost_per_token: new ExactNumber('0.0000002'),
          max_input_tokens: new ExactNumber('128000'),
        }),
      ],
      undefined,
    );
    expect(prices).toEqual({ input: '0.0000002', output: null });
    expect(mapped).toMatchObject({
      fields: { input_price_per_1k: '0.0002', output_price_per_1k: null, context_length: '128000' },
    });
  });

  it('ignores prices that the proxy masked', () => {
    const { prices } = mapModel('m', [deployment({ input_cost_per_token: '2.****06' })], undefined);
    expect(prices.input).toBeNull();
  });

  it('keeps nothing of the provider’s address and credentials', () => {
    const row = deployment(
      { id: 'd' },
      { model: 'azure/x', api_base: 'https://user:secret@host', api_key: 'sk-provider' },
    );
    const text = canonicalJson(mapModel('m', [row], undefined));
    expect(text).not.toContain('secret');
    expect(text).not.toContain('sk-provider');
  });
});

describe('truncate', () => {
  it('counts characters as PostgreSQL does and never cuts one in half', () => {
    expect(truncate('😀😀😀', 2)).toBe('😀😀');
    expect(truncate('abc', 3)).toBe('abc');
  });
});
