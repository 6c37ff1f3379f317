import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulator, type Simulator } from '../index';
import { exampleNow, exampleState } from './example-state';
import { examples } from './reference-examples';
import { ask, read } from './test-client';

describe('answers as the reference shows them', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await createSimulator({ state: exampleState(), now: () => exampleNow });
  });
  afterEach(() => simulator.close());

  it('says it is alive and ready without a key', async () => {
    expect(await read(simulator, '/health/liveliness', { key: null })).toBe("I'm alive!");
    expect(await read(simulator, '/health/liveness', { key: null })).toBe("I'm alive!");
    const readiness = await read<object>(simulator, '/health/readiness', { key: null });
    expect(readiness).toEqual({ ...examples.readiness, last_updated: '2026-09-09T15:30:00Z' });
  });

  it('lists model names once, deployments one by one, groups with the highest price', async () => {
    expect(await read(simulator, '/v1/models')).toEqual(examples.models);
    const info = await read<{ data: unknown[] }>(simulator, '/model/info');
    expect(info.data).toHaveLength(2);
    expect(info.data[0]).toEqual(examples.deployment);
    expect(await read(simulator, '/v1/model/info')).toEqual(info);
    expect(await read(simulator, '/model_group/info')).toEqual({ data: [examples.modelGroup] });
  });

  it('pages teams, users and keys', async () => {
    expect(await read(simulator, '/v2/team/list?page_size=100')).toMatchObject({
      teams: [examples.team],
      total: 1,
      page: 1,
      page_size: 100,
      total_pages: 1,
    });
    expect(await read(simulator, '/user/list?page_size=100')).toMatchObject({
      users: [{ ...examples.user, key_count: 2 }],
      total: 1,
      page: 1,
      page_size: 100,
      total_pages: 1,
    });
    expect(await read(simulator, '/key/list?return_full_object=true&sort_by=spend')).toMatchObject({
      keys: [examples.key, { key_name: 'sk-...0002' }],
      total_count: 2,
      current_page: 1,
      total_pages: 1,
    });
  });

  it('answers single objects in their envelopes', async () => {
    const { token, ...keyWithoutToken } = examples.key;
    expect(await read(simulator, `/key/info?key=${token}`)).toMatchObject({
      key: token,
      info: keyWithoutToken,
    });
    expect(await read(simulator, '/team/info?team_id=7b0c')).toMatchObject({
      team_id: '7b0c',
      team_info: { ...examples.team, team_member_budget_table: null },
      keys: [{ token }],
      team_memberships: [],
    });
    expect(await read(simulator, '/user/info?user_id=0d2f')).toMatchObject({
      user_id: '0d2f',
      user_info: examples.user,
      keys: [{ token }, { key_name: 'sk-...0002' }],
      teams: [{ team_id: '7b0c' }],
    });
    const teams = await read<unknown[]>(simulator, '/team/list');
    expect(teams).toMatchObject([{ ...examples.team, team_memberships: [], keys: [{ token }] }]);
  });

  it('answers spend rows', async () => {
    const range = 'start_date=2026-09-09%2000:00:00&end_date=2026-09-09%2023:59:59';
    const page = { data: [examples.spend], total: 1, page: 1, page_size: 50, total_pages: 1 };
    expect(await read(simulator, `/spend/logs/v2?${range}`)).toEqual(page);
    expect(await read(simulator, `/spend/logs/ui?${range}`)).toEqual(page);
  });

  it('writes money and prices as Python floats', async () => {
    const teams = await ask(simulator, '/v2/team/list');
    expect(teams.text).toContain('"max_budget":1000.0');
    const models = await ask(simulator, '/model/info');
    expect(models.text).toContain('"input_cost_per_token":2.5e-06');
  });
});
