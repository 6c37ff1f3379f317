import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract, InputOf } from '../../../src/shared/contract/index';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertSubscription,
  insertTeam,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { type AreaCalls, csvRecords, openAreaCalls } from './area-calls';

type ListInput = InputOf<Contract['subscriptions']['list']>;

let areas: AreaCalls;
const ids: Record<string, string> = {};
const idOf = (name: string): string => ids[name] ?? 'missing';
const pastedKey = 'sk-Subscription-Secret-Key-01234';

async function subscribe(name: string, user: string, model: string, columns: Record<string, unknown>) {
  const row = await insertSubscription(areas.client, { user_id: idOf(user), model_id: model, ...columns });
  ids[name] = row.id;
}

beforeAll(async () => {
  areas = await openAreaCalls();
  const { client } = areas;
  for (const username of ['ann', 'Ben']) ids[username] = (await insertUser(client, { username })).id;
  for (const id of ['gpt', 'claude', 'llama']) await insertModel(client, { id, name: `Model ${id}` });
  ids['crew'] = (await insertTeam(client, { name: 'Crew' })).id;
  await subscribe('active', 'ann', 'gpt', {
    quota_requests: 3,
    quota_tokens: null,
    team_id: idOf('crew'),
    created_at: '2026-01-01T00:00:00Z',
  });
  await subscribe('past its end', 'ann', 'claude', {
    expires_at: '2026-01-01T00:00:00Z',
    created_at: '2026-01-02T00:00:00Z',
    max_budget: null,
  });
  await subscribe('none allowed', 'ann', 'llama', {
    status: 'pending',
    quota_requests: 0,
    quota_tokens: 0,
    created_at: '2026-01-03T00:00:00Z',
  });
  await subscribe('cancelled', 'Ben', 'gpt', {
    status: 'cancelled',
    expires_at: '2026-01-01T00:00:00Z',
    created_at: '2026-01-04T00:00:00Z',
  });
  await subscribe('huge', 'Ben', 'claude', {
    quota_tokens: '9223372036854775807',
    used_tokens: '9007199254740993',
    created_at: '2026-01-05T00:00:00Z',
  });
  const key = await insertApiKey(client, { user_id: idOf('ann'), name: 'shared', value: pastedKey });
  for (const model_id of ['gpt', 'claude']) await insertApiKeyModel(client, { api_key_id: key.id, model_id });
  await insertApiKey(client, { user_id: idOf('ann'), name: 'tied', subscription_id: idOf('none allowed') });
  await insertApiKey(client, { user_id: idOf('Ben'), name: 'of somebody else' });
  for (let number = 0; number < 4; number += 1) {
    await insertUsageLog(client, {
      subscription_id: idOf('active'),
      model_id: 'gpt',
      created_at: '2026-11-01T00:00:00Z',
    });
  }
});
afterAll(() => areas.close());

const list = (input: Partial<ListInput> = {}) =>
  areas.ask('subscriptions', 'list', { filters: {}, ...input });
const names = async (input: Partial<ListInput> = {}) =>
  (await list(input)).rows.map((row) => Object.keys(ids).find((name) => ids[name] === row.id));
const newestFirst = ['huge', 'cancelled', 'none allowed', 'past its end', 'active'];

describe('subscriptions.list', () => {
  it('lists the newest first', async () => {
    expect(await names()).toEqual(newestFirst);
  });

  it('shows the status that counts now, the quota as it is and what was used of it', async () => {
    const { rows } = await list();
    expect(rows.map((row) => row.status)).toEqual(['active', 'cancelled', 'pending', 'expired', 'suspended']);
    expect(rows[4]).toMatchObject({
      user: { id: idOf('ann'), label: 'ann' },
      model: { id: 'gpt', label: 'Model gpt' },
      team: { id: idOf('crew'), label: 'Crew' },
      quotaRequests: '3',
      usedRequests: '4',
      quotaTokens: null,
      usedTokens: '8',
      maxBudget: '100',
    });
    expect(rows[2]).toMatchObject({ quotaRequests: '0', quotaTokens: '0', team: null });
    expect(rows[3]).toMatchObject({ maxBudget: null, expiresAt: '2026-01-01T00:00:00.000000Z' });
    expect(rows[0]).toMatchObject({ quotaTokens: '9223372036854775807', usedTokens: '9007199254740993' });
  });

  it.each([
    [{ status: 'active' }, ['huge']],
    [{ status: 'expired' }, ['past its end']],
    [{ status: 'suspended' }, ['active']],
    [{ modelId: 'claude' }, ['huge', 'past its end']],
  ] as const)('filters by %j', async (filters, expected) => {
    expect(await names({ filters })).toEqual(expected);
  });

  it('filters by subscriber and team', async () => {
    expect(await names({ filters: { userId: idOf('Ben') } })).toEqual(['huge', 'cancelled']);
    expect(await names({ filters: { teamId: idOf('crew') } })).toEqual(['active']);
  });

  it.each([
    ['user', 'asc', 'ann', 'Ben'],
    ['user', 'desc', 'Ben', 'ann'],
  ] as const)('sorts by %s %s', async (field, direction, first, last) => {
    const { rows } = await list({ sort: { field, direction } });
    expect([rows[0]?.user.label, rows.at(-1)?.user.label]).toEqual([first, last]);
  });

  it.each([
    ['model', 'desc', 'none allowed'],
    ['status', 'asc', 'none allowed'],
    ['usedRequests', 'desc', 'active'],
    ['usedTokens', 'desc', 'huge'],
    ['createdAt', 'asc', 'active'],
  ] as const)('sorts by %s %s', async (field, direction, first) => {
    expect((await names({ sort: { field, direction } }))[0]).toBe(first);
  });

  it('puts subscriptions without end last', async () => {
    for (const direction of ['asc', 'desc'] as const) {
      const sorted = await names({ sort: { field: 'expiresAt', direction } });
      expect(sorted.slice(0, 2).toSorted()).toEqual(['cancelled', 'past its end']);
    }
    expect(await names({ sort: { field: 'currentSpend', direction: 'asc' } })).toHaveLength(5);
  });

  it.each([
    ['BEN', ['huge', 'cancelled']],
    ['model llama', ['none allowed']],
    ['claude', ['huge', 'past its end']],
    [pastedKey, ['past its end', 'active']],
    ['nobody', []],
    ['%', []],
  ])('finds by %j', async (search, expected) => {
    expect(await names({ search })).toEqual(expected);
  });

  it('finds by id and pages', async () => {
    expect(await names({ search: idOf('cancelled') })).toEqual(['cancelled']);
    expect(await names({ page: 1, pageSize: 2 })).toEqual(newestFirst.slice(2, 4));
  });
});

describe('subscriptions.get', () => {
  const keysOf = async (name: string) => {
    const { rows } = await areas.ask('apiKeys', 'list', { filters: { subscriptionId: idOf(name) } });
    return rows.map((key) => key.name);
  };

  it('shows the keys that use it and why its status changed', async () => {
    const subscription = await areas.ask('subscriptions', 'get', { id: idOf('active') });
    expect(subscription).toMatchObject({
      status: 'suspended',
      storedStatus: 'suspended',
      tpmLimit: '1000',
      rpmLimit: '60',
      resetAt: null,
    });
    expect(await keysOf('active')).toEqual(['shared']);
    expect(subscription.events).toMatchObject([
      { from: 'active', to: 'suspended', cause: 'quota' },
      { from: null, to: 'active', cause: 'admin' },
    ]);
  });

  it('tells the stored status from the one that counts', async () => {
    expect(await areas.ask('subscriptions', 'get', { id: idOf('past its end') })).toMatchObject({
      status: 'expired',
      storedStatus: 'active',
    });
    expect(await keysOf('none allowed')).toEqual(['tied']);
  });

  it('shows what LiteMaaS noted of a key in LiteLLM, but no key', async () => {
    await areas.client.query(
      `UPDATE subscriptions SET litellm_key_id = 'sk-litellm-0123456789', litellm_key_alias = 'alias' WHERE id = $1`,
      [idOf('none allowed')],
    );
    expect(await areas.ask('subscriptions', 'get', { id: idOf('none allowed') })).toMatchObject({
      litellmKeyId: 'sk-…',
      litellmKeyAlias: 'alias',
    });
  });

  it('says when there is no such subscription', async () => {
    const id = '00000000-0000-4000-8000-00000000dead';
    await expect(areas.ask('subscriptions', 'get', { id })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('subscriptions.exportCsv', () => {
  it('writes every subscription the list would show', async () => {
    const { text, name } = await areas.download('subscriptions', {
      filters: { userId: idOf('ann') },
      pageSize: 1,
    });
    expect(name).toMatch(/^subscriptions-/);
    const records = csvRecords(text);
    expect(records.map((record) => record['status'])).toEqual(['pending', 'expired', 'suspended']);
    expect(records[2]).toMatchObject({
      username: 'ann',
      model_id: 'gpt',
      quota_requests: '3',
      quota_tokens: '',
    });
    expect(records[0]).toMatchObject({ quota_requests: '0' });
  });
});

describe('models.options', () => {
  it('finds models by id, name and provider, and those of a pasted key', async () => {
    const found = async (search: string) =>
      (await areas.ask('models', 'options', { search })).options.map((option) => option.id);
    expect(await found('LLAM')).toEqual(['llama']);
    expect(await found('openai')).toEqual(['claude', 'gpt', 'llama']);
    expect(await found(pastedKey)).toEqual(['claude', 'gpt']);
    expect(await found('_')).toEqual([]);
  });

  it('names what the filter holds and leaves out what is gone', async () => {
    expect(await areas.ask('models', 'options', { search: 'zzz', ids: ['gpt', 'gone', 'bad\0id'] })).toEqual({
      options: [{ id: 'gpt', label: 'Model gpt' }],
    });
  });
});
