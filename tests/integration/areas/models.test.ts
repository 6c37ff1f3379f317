import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract, InputOf } from '../../../src/shared/contract/index';
import {
  insertApiKey,
  insertApiKeyModel,
  insertLiteLlmObject,
  insertModel,
  insertSubscription,
  insertSyncRun,
  insertUnattributedUsage,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { type AreaCalls, csvRecords, openAreaCalls } from './area-calls';

type ListInput = InputOf<Contract['models']['list']>;

let areas: AreaCalls;
const pastedKey = 'sk-Model-Secret-Key-0123456789';
const today = new Date().toISOString();
const longAgo = new Date(Date.now() - 40 * 86_400_000).toISOString();

beforeAll(async () => {
  areas = await openAreaCalls();
  const { client } = areas;
  await insertModel(client, {
    id: 'openai/gpt-4o',
    name: 'GPT-4o',
    provider: 'openai',
    litellm_provider: 'openai',
    description: 'Reads, writes, sees. Ask with sk-0123456789.',
    capabilities: ['chat', 'vision'],
    supports_function_calling: true,
    context_length: 128_000,
    max_tokens: 16_384,
    input_price_per_1k: '0.0025',
    output_price_per_1k: '0.01',
    metadata: {
      note: 'kept',
      password: 'hunter2',
      credentials: { value: 'hunter3', n: 31337, list: ['}hunter4'] },
    },
    created_at: '2026-01-02T00:00:00Z',
  });
  await insertModel(client, {
    id: 'local/llama',
    name: 'llama',
    provider: 'ollama',
    capabilities: ['chat'],
    input_price_per_1k: '0',
    output_price_per_1k: '0',
    is_active: false,
    context_length: 8_000,
    created_at: '2026-01-01T00:00:00Z',
  });
  await insertModel(client, {
    id: 'mystery',
    name: 'Ärger',
    provider: 'zed',
    created_at: '2026-01-03T00:00:00Z',
  });

  const ann = await insertUser(client, { username: 'ann' });
  const ben = await insertUser(client, { username: 'ben' });
  const active = await insertSubscription(client, { user_id: ann.id, model_id: 'openai/gpt-4o' });
  await insertSubscription(client, {
    user_id: ben.id,
    model_id: 'openai/gpt-4o',
    expires_at: '2026-01-01T00:00:00Z',
  });
  const key = await insertApiKey(client, { user_id: ann.id, value: pastedKey });
  const revoked = await insertApiKey(client, { user_id: ann.id, revoked_at: '2026-01-01T00:00:00Z' });
  for (const one of [key, revoked]) {
    await insertApiKeyModel(client, { api_key_id: one.id, model_id: 'openai/gpt-4o' });
  }
  const everything = await insertApiKey(client, { user_id: ben.id });
  await insertLiteLlmObject(client, { kind: 'key', local_id: everything.id });
  const request = { subscription_id: active.id, api_key_id: key.id, model_id: 'openai/gpt-4o' };
  await insertUsageLog(client, {
    ...request,
    created_at: today,
    request_tokens: 100,
    response_tokens: 20,
    input_cost: '0.000000000001',
    output_cost: '1.5',
  });
  await insertUsageLog(client, { ...request, created_at: longAgo, request_tokens: 7 });
  await insertUnattributedUsage(client, { model_id: 'gone/model', created_at: '2026-03-04T05:06:07Z' });

  await insertSyncRun(client, { finished_at: '2026-05-01T00:00:00Z' });
  await insertLiteLlmObject(client, {
    kind: 'model',
    local_id: 'openai/gpt-4o',
    remote_id: 'openai/gpt-4o',
    reason: 'price_out_of_range',
    error: 'refused with sk-1234567890',
    first_seen_at: '2026-04-01T00:00:00Z',
    last_seen_at: '2026-04-02T00:00:00Z',
  });
  await insertLiteLlmObject(client, {
    kind: 'model',
    local_id: 'local/llama',
    state: 'missing',
    last_seen_at: '2026-04-03T00:00:00Z',
  });
  await client.query(`
    INSERT INTO litemaas_console.model_prices
      (model_id, valid_from, input_price_per_token, output_price_per_token, source)
    VALUES ('openai/gpt-4o', '2026-01-01', 0.0000050, 0.000015, 'litellm'),
      ('openai/gpt-4o', '2026-06-01', 0.0000025, NULL, 'litellm'),
      ('local/llama', '2026-06-01', 0, 0, 'console')`);
});
afterAll(() => areas.close());

const list = (input: Partial<ListInput> = {}) => areas.ask('models', 'list', { filters: {}, ...input });
const ids = async (input: Partial<ListInput> = {}) => (await list(input)).rows.map((row) => row.id);
const get = (id: string) => areas.ask('models', 'get', { id });

describe('models.list', () => {
  it('sorts by name as people expect', async () => {
    expect(await ids()).toEqual(['mystery', 'openai/gpt-4o', 'local/llama']);
  });

  it('shows prices exactly, capabilities of list and columns together, and where it stands with LiteLLM', async () => {
    const rows = new Map((await list()).rows.map((row) => [row.id, row]));
    expect(rows.get('openai/gpt-4o')).toEqual({
      id: 'openai/gpt-4o',
      name: 'GPT-4o',
      provider: 'openai',
      description: 'Reads, writes, sees. Ask with sk-….',
      capabilities: ['chat', 'function_calling', 'vision'],
      contextLength: 128_000,
      maxTokens: 16_384,
      inputPricePer1k: '0.0025',
      outputPricePer1k: '0.01',
      isActive: true,
      sync: 'linked',
      isOfLitellm: false,
      version: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      lastSyncAt: '2026-05-01T00:00:00.000000Z',
      createdAt: '2026-01-02T00:00:00.000000Z',
    });
    expect(rows.get('local/llama')).toMatchObject({
      inputPricePer1k: '0',
      sync: 'missing',
      lastSyncAt: '2026-04-03T00:00:00.000000Z',
    });
    expect(rows.get('mystery')).toMatchObject({
      inputPricePer1k: null,
      contextLength: null,
      capabilities: [],
      sync: 'none',
      lastSyncAt: null,
    });
  });

  it.each([
    [{ provider: 'openai' }, ['openai/gpt-4o']],
    [{ active: false }, ['local/llama']],
    [{ capability: 'chat' }, ['openai/gpt-4o', 'local/llama']],
    [{ capability: 'vision' }, ['openai/gpt-4o']],
    [{ capability: 'function_calling' }, ['openai/gpt-4o']],
    [{ sync: 'linked' }, ['openai/gpt-4o']],
    [{ sync: 'missing' }, ['local/llama']],
    [{ sync: 'none' }, ['mystery']],
    [{ pricing: 'priced' }, ['openai/gpt-4o']],
    [{ pricing: 'free' }, ['local/llama']],
    [{ pricing: 'unknown' }, ['mystery']],
  ] as const)('filters by %j', async (filters, expected) => {
    expect(await ids({ filters })).toEqual(expected);
  });

  it.each([
    ['provider', 'asc', ['local/llama', 'openai/gpt-4o', 'mystery']],
    ['inputPrice', 'desc', ['openai/gpt-4o', 'local/llama', 'mystery']],
    ['outputPrice', 'asc', ['local/llama', 'openai/gpt-4o', 'mystery']],
    ['contextLength', 'desc', ['openai/gpt-4o', 'local/llama', 'mystery']],
    ['createdAt', 'asc', ['local/llama', 'openai/gpt-4o', 'mystery']],
  ] as const)('sorts by %s %s, the unknown last', async (field, direction, expected) => {
    expect(await ids({ sort: { field, direction } })).toEqual(expected);
  });

  it.each([
    ['GPT', ['openai/gpt-4o']],
    ['ollam', ['local/llama']],
    [pastedKey, ['openai/gpt-4o']],
    ['%', []],
  ])('finds by %j', async (search, expected) => {
    expect(await ids({ search })).toEqual(expected);
  });
});

describe('models.figures', () => {
  it('counts subscriptions, keys and the usage of 30 days, in the order asked for', async () => {
    const answer = await areas.ask('models', 'figures', { ids: ['nobody', 'openai/gpt-4o'] });
    expect(answer).toEqual({
      figures: [
        {
          id: 'nobody',
          activeSubscriptions: 0,
          subscriptions: 0,
          activeApiKeys: 0,
          apiKeys: 0,
          usage: { requests: '0', tokens: '0', cost: '0' },
        },
        {
          id: 'openai/gpt-4o',
          activeSubscriptions: 1,
          subscriptions: 2,
          activeApiKeys: 1,
          apiKeys: 2,
          usage: { requests: '1', tokens: '120', cost: '1.500000000001' },
        },
      ],
    });
  });
});

describe('keys with all models', () => {
  it('are listed by themselves: they name no model', async () => {
    const filters = { state: 'active', allModels: true } as const;
    expect(await areas.ask('apiKeys', 'list', { filters, pageSize: 1 })).toMatchObject({ total: 1 });
  });
});

describe('models.choices', () => {
  it('names what models have', async () => {
    expect(await areas.ask('models', 'choices', {})).toEqual({
      providers: ['ollama', 'openai', 'zed'],
      capabilities: ['chat', 'function_calling', 'vision'],
    });
  });
});

describe('models.get', () => {
  it('shows one model whole, with its prices over time and its proxy, without secrets', async () => {
    const model = await get('openai/gpt-4o');
    expect(model).toMatchObject({
      id: 'openai/gpt-4o',
      model: {
        name: 'GPT-4o',
        litellmProvider: 'openai',
        supportsFunctionCalling: true,
        supportsVision: false,
        description: { text: 'Reads, writes, sees. Ask with sk-….', isCut: false },
        metadata: { isCut: false },
      },
      prices: [
        {
          validFrom: '2026-06-01T00:00:00.000000Z',
          inputPricePerToken: '0.0000025',
          outputPricePerToken: null,
          currency: 'USD',
          source: 'litellm',
        },
        { inputPricePerToken: '0.000005', outputPricePerToken: '0.000015' },
      ],
      litellm: [
        {
          proxy: 'proxy',
          remoteId: 'openai/gpt-4o',
          state: 'linked',
          reason: 'price_out_of_range',
          firstSeenAt: '2026-04-01T00:00:00.000000Z',
          seenAt: '2026-05-01T00:00:00.000000Z',
        },
      ],
      used: { to: today.slice(0, 10), from: longAgo.slice(0, 10) },
    });
    expect(model.model?.metadata.text).toContain('"note": "kept"');
    expect(JSON.stringify(model)).not.toMatch(/hunter|31337|1234567890/);
  });

  it('tells of a model that only usage names', async () => {
    expect(await get('gone/model')).toEqual({
      id: 'gone/model',
      model: null,
      priceNow: null,
      prices: [],
      litellm: [],
      used: { from: '2026-03-04', to: '2026-03-04' },
    });
  });

  it('says when nothing names it', async () => {
    await expect(get('never/was')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('models.exportCsv', () => {
  it('writes every model the list would show, with exact prices and figures', async () => {
    const { text, name } = await areas.download('models', { filters: {}, pageSize: 1 });
    expect(name).toMatch(/^models-/);
    const records = csvRecords(text);
    expect(records.map((record) => record['id'])).toEqual(['mystery', 'openai/gpt-4o', 'local/llama']);
    expect(records[1]).toMatchObject({
      input_price_per_1k: '0.0025',
      input_price_per_million: '2.5',
      output_price_per_million: '10',
      capabilities: 'chat; function_calling; vision',
      active_subscriptions: '1',
      active_api_keys: '1',
      requests_30_days: '1',
      litellm_state: 'linked',
    });
    expect(records[0]).toMatchObject({ input_price_per_1k: '', requests_30_days: '0' });
  });
});
