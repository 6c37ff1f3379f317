import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract, InputOf } from '../../../src/shared/contract/index';
import {
  insertApiKey,
  insertApiKeyModel,
  insertLiteLlmObject,
  insertModel,
  insertSubscription,
  insertTeam,
  insertUser,
} from '../../support/builders';
import { type AreaCalls, csvRecords, openAreaCalls } from './area-calls';

type ListInput = InputOf<Contract['apiKeys']['list']>;

let areas: AreaCalls;
const ids: Record<string, string> = {};
const idOf = (name: string): string => ids[name] ?? 'missing';
const pasted = 'sk-Ax7m-pasted-and-never-kept-0001';
const storedValue = 'sk-stored-value-of-the-active-key';

async function addKey(
  name: string,
  columns: Omit<Parameters<typeof insertApiKey>[1], 'user_id'> & { user_id?: string } = {},
  models: readonly string[] = ['gpt'],
): Promise<string> {
  const key = await insertApiKey(areas.client, { name, user_id: idOf('ann'), ...columns });
  ids[name] = key.id;
  for (const model of models) {
    await insertApiKeyModel(areas.client, { api_key_id: key.id, model_id: model });
  }
  return key.id;
}

beforeAll(async () => {
  areas = await openAreaCalls();
  const { client } = areas;
  ids['ann'] = (await insertUser(client, { username: 'ann', full_name: 'Ann Ownerson' })).id;
  ids['ben'] = (await insertUser(client, { username: 'Ben' })).id;
  ids['crew'] = (await insertTeam(client, { name: 'Crew' })).id;
  for (const id of ['gpt', 'claude', 'm1', 'm2', 'm3', 'm4'])
    await insertModel(client, { id, name: `Model ${id}` });
  ids['subscription'] = (await insertSubscription(client, { user_id: idOf('ann'), model_id: 'gpt' })).id;

  await addKey('active', {
    value: pasted,
    team_id: idOf('crew'),
    lite_llm_key_value: storedValue,
    litellm_key_alias: 'ALIAS-one',
    max_budget: '0',
    current_spend: '0.000000000001',
    created_at: '2026-11-01T00:00:00Z',
    last_used_at: '2026-11-20T00:00:00.000001Z',
  });
  await addKey('inactive', { is_active: false, max_budget: null, created_at: '2026-11-02T00:00:00Z' });
  await addKey('expired', { expires_at: '2020-01-01T00:00:00Z', created_at: '2026-11-03T00:00:00Z' });
  await addKey('later', { expires_at: '2999-01-01T00:00:00Z', created_at: '2026-11-04T00:00:00Z' });
  await addKey('revoked', {
    revoked_at: '2026-01-01T00:00:00Z',
    is_active: false,
    expires_at: '2020-01-01T00:00:00Z',
    created_at: '2026-11-05T00:00:00Z',
  });
  await addKey('ben key', { user_id: idOf('ben'), created_at: '2026-11-06T00:00:00Z' }, ['claude']);
  await addKey('many', { subscription_id: idOf('subscription'), created_at: '2026-11-07T00:00:00Z' }, [
    'm1',
    'm2',
    'm3',
    'm4',
    'claude',
    'gpt',
  ]);
  await addKey('open', { created_at: '2026-11-08T00:00:00Z' }, []);
  await addKey('explicit', {
    metadata: { litellm_models_raw: ['all-team-models', 'openai/*'] },
    created_at: '2026-11-09T00:00:00Z',
  });
  await addKey(
    'wildcard',
    {
      metadata: { litellm_models_raw: ['openai/*'] },
      created_at: '2026-11-10T00:00:00Z',
    },
    [],
  );
  await addKey('local only', { name: null, value: 'sk-Loca1', created_at: '2026-11-11T00:00:00Z' }, []);
  for (const name of ['active', 'open', 'explicit', 'wildcard']) {
    await insertLiteLlmObject(client, { kind: 'key', local_id: idOf(name) });
  }
});
afterAll(() => areas.close());

const list = (input: Partial<ListInput>) => areas.ask('apiKeys', 'list', { filters: {}, ...input });
const names = async (input: Partial<ListInput>) =>
  (await list(input)).rows.map((row) => row.name ?? row.prefix);
const row = async (name: string) => {
  const found = (await list({ pageSize: 100 })).rows.find((key) => key.id === idOf(name));
  if (!found) throw new Error(`no key ${name}`);
  return found;
};

describe('apiKeys.list', () => {
  it('lists the newest first', async () => {
    expect(await names({ pageSize: 3 })).toEqual(['sk-Loca', 'wildcard', 'explicit']);
  });

  it.each([
    ['active', 'active'],
    ['later', 'active'],
    ['inactive', 'inactive'],
    ['expired', 'expired'],
    ['revoked', 'revoked'],
  ])('shows the key "%s" as %s', async (name, state) => {
    expect(await row(name)).toMatchObject({ state });
  });

  it.each([
    ['inactive', ['inactive']],
    ['expired', ['expired']],
    ['revoked', ['revoked']],
  ] as const)('filters by state %s as it is shown', async (state, expected) => {
    expect(await names({ filters: { state } })).toEqual(expected);
  });

  it('shows what a key may use', async () => {
    expect(await row('many')).toMatchObject({ modelCount: 6, allModels: false, otherModels: [] });
    expect((await row('many')).models).toHaveLength(5);
    expect(await row('open')).toMatchObject({ modelCount: 0, models: [], allModels: true });
    expect(await row('explicit')).toMatchObject({
      modelCount: 1,
      allModels: true,
      otherModels: ['all-team-models', 'openai/*'],
    });
    expect(await row('wildcard')).toMatchObject({ allModels: false, otherModels: ['openai/*'] });
    // Not in LiteLLM yet: nobody gave it every model.
    expect(await row('local only')).toMatchObject({ allModels: false, modelCount: 0 });
  });

  it.each([
    [{ allModels: true }, ['explicit', 'open']],
    [{ modelId: 'claude' }, ['many', 'ben key']],
    [{ modelId: 'no such model' }, []],
  ])('filters by %j', async (filters, expected) => {
    expect(await names({ filters })).toEqual(expected);
  });

  it('takes a model that is called like every model for every model', async () => {
    await insertModel(areas.client, { id: 'all-proxy-models', name: 'Pulled' });
    const id = await addKey('misnamed', { created_at: '2026-11-01T00:00:00Z' }, ['all-proxy-models']);
    expect(await row('misnamed')).toMatchObject({ allModels: true });
    expect(await names({ filters: { allModels: true } })).toContain('misnamed');
    await areas.client.query('DELETE FROM public.api_keys WHERE id = $1', [id]);
    await areas.client.query(`DELETE FROM public.models WHERE id = 'all-proxy-models'`);
  });

  it('filters by owner, team and subscription', async () => {
    expect(await names({ filters: { userId: idOf('ben') } })).toEqual(['ben key']);
    expect(await names({ filters: { teamId: idOf('crew') } })).toEqual(['active']);
    const bySubscription = await names({ filters: { subscriptionId: idOf('subscription') } });
    expect(bySubscription).toEqual(['explicit', 'many', 'revoked', 'later', 'expired', 'inactive', 'active']);
    expect(await names({ filters: { allModels: false, userId: idOf('ann'), modelId: 'm1' } })).toEqual([
      'many',
    ]);
  });

  it('keeps money exact and tells unlimited from none', async () => {
    expect(await row('active')).toMatchObject({
      maxBudget: '0',
      currentSpend: '0.000000000001',
      lastUsedAt: '2026-11-20T00:00:00.000001Z',
      team: { id: idOf('crew'), label: 'Crew' },
      user: { id: idOf('ann'), label: 'ann' },
    });
    expect(await row('inactive')).toMatchObject({ maxBudget: null, team: null, lastUsedAt: null });
  });

  it('sorts by owner and puts missing values last', async () => {
    expect((await names({ sort: { field: 'user', direction: 'desc' } }))[0]).toBe('ben key');
    for (const direction of ['asc', 'desc'] as const) {
      expect((await names({ sort: { field: 'name', direction } })).at(-1)).toBe('sk-Loca');
      expect((await names({ sort: { field: 'maxBudget', direction } })).at(-1)).toBe('inactive');
      expect((await names({ sort: { field: 'lastUsedAt', direction } }))[0]).toBe('active');
      expect(await names({ sort: { field: 'expiresAt', direction } })).toHaveLength(11);
      expect(await names({ sort: { field: 'prefix', direction } })).toHaveLength(11);
      expect(await names({ sort: { field: 'currentSpend', direction } })).toHaveLength(11);
    }
  });

  it.each([
    ['alias-ONE', ['active']],
    ['ownerson', 10],
    ['ben', ['ben key']],
    ['sk-Ax7m', ['active']],
    [pasted, ['active']],
    [`${pasted}x`, []],
    ['sk-Loca1', ['sk-Loca']],
    ['%', []],
  ])('finds by %j', async (search, expected) => {
    const found = await names({ search });
    if (typeof expected === 'number') expect(found).toHaveLength(expected);
    else expect(found).toEqual(expected);
  });

  it('never answers a key value or a hash', async () => {
    const { rows } = await areas.client.query<{ key_hash: string }>('SELECT key_hash FROM api_keys');
    const answers = JSON.stringify([
      await list({ pageSize: 100 }),
      await areas.ask('apiKeys', 'get', { id: idOf('active') }),
      await areas.ask('apiKeys', 'options', { search: 'active' }),
      await areas.download('apiKeys', { filters: {} }),
    ]);
    expect(answers).toContain('ALIAS-one');
    for (const secret of [pasted, storedValue, ...rows.map((key) => key.key_hash)]) {
      expect(answers).not.toContain(secret);
    }
  });
});

describe('apiKeys.get', () => {
  it('shows one key whole', async () => {
    expect(await areas.ask('apiKeys', 'get', { id: idOf('many') })).toMatchObject({
      name: 'many',
      subscription: { id: idOf('subscription'), label: 'Model gpt' },
      tpmLimit: '1000',
      rpmLimit: '60',
      revokedAt: null,
      valueStored: false,
      allModelRefs: [
        { id: 'claude', label: 'Model claude' },
        { id: 'gpt', label: 'Model gpt' },
        { id: 'm1', label: 'Model m1' },
        { id: 'm2', label: 'Model m2' },
        { id: 'm3', label: 'Model m3' },
        { id: 'm4', label: 'Model m4' },
      ],
    });
  });

  it('says only whether LiteMaaS holds the value', async () => {
    expect(await areas.ask('apiKeys', 'get', { id: idOf('active') })).toMatchObject({
      valueStored: true,
    });
  });

  it('says when there is no such key', async () => {
    const id = '00000000-0000-4000-8000-00000000dead';
    await expect(areas.ask('apiKeys', 'get', { id })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('apiKeys.options', () => {
  it('labels a key by name, alias or prefix', async () => {
    const local = idOf('local only');
    const { options } = await areas.ask('apiKeys', 'options', { search: 'ben', ids: [local] });
    expect(options).toEqual([
      { id: local, label: 'sk-Loca' },
      { id: idOf('ben key'), label: 'ben key' },
    ]);
  });
});

describe('apiKeys.exportCsv', () => {
  it('writes every key with all of its models', async () => {
    const { text, name } = await areas.download('apiKeys', {
      filters: {},
      pageSize: 1,
      sort: { field: 'createdAt', direction: 'asc' },
    });
    expect(name).toMatch(/^api-keys-/);
    const records = csvRecords(text);
    expect(records).toHaveLength(11);
    expect(records[0]).toMatchObject({ name: 'active', team: 'Crew', state: 'active', max_budget: '0' });
    expect(records.find((record) => record['name'] === 'many')?.['models']).toBe(
      'claude; gpt; m1; m2; m3; m4',
    );
    expect(records.find((record) => record['name'] === 'explicit')).toMatchObject({
      all_models: 'true',
      other_models: 'all-team-models; openai/*',
    });
  });
});
