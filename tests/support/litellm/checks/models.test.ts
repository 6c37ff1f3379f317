import { afterEach, describe, expect, it } from 'vitest';
import {
  createSimulator,
  emptyState,
  seedDemoState,
  teamRow,
  type ProxyState,
  type Simulator,
  type SimulatorOptions,
} from '../index';
import { ask, read } from './test-client';

interface ModelPage {
  data: {
    model_name: string;
    litellm_params: Record<string, unknown>;
    model_info: Record<string, unknown>;
  }[];
}

function manyModels(): ProxyState {
  const state = emptyState();
  for (let place = 0; place < 60; place += 1) {
    state.models.push({
      model_name: `model-${place}`,
      litellm_params: { model: `openai/model-${place}`, input_cost_per_token: 2.5e-6 },
      model_info: { id: `id-${place}`, team_id: null, mode: 'chat' },
    });
  }
  state.teams.set('t', teamRow({ team_id: 't', models: ['model-7'] }));
  return state;
}

describe('models', () => {
  let simulator: Simulator;
  const start = async (options: SimulatorOptions): Promise<void> => {
    simulator = await createSimulator(options);
  };
  afterEach(() => simulator.close());

  it('cuts v2 to 50 a page from 1.81.3 on, which loses model 51 for who does not page', async () => {
    await start({ state: manyModels(), version: '1.83.10' });
    expect((await read<ModelPage>(simulator, '/v2/model/info')).data).toHaveLength(50);
    expect(simulator.violations).toEqual(['GET /v2/model/info']);
    const second = await read<ModelPage>(simulator, '/v2/model/info?page=2&size=50');
    expect(second).toMatchObject({ total_count: 60, current_page: 2, total_pages: 2, size: 50 });
    expect(second.data).toHaveLength(10);
    expect(simulator.violations).toHaveLength(1);
    expect((await read<ModelPage>(simulator, '/model/info')).data).toHaveLength(60);
  });

  it('sends v2 whole before, with who may use a model', async () => {
    await start({ state: manyModels(), version: '1.81.0' });
    const all = await read<ModelPage>(simulator, '/v2/model/info');
    expect(all.data).toHaveLength(60);
    expect(all).not.toHaveProperty('total_count');
    const [seventh] = (await read<ModelPage>(simulator, '/v2/model/info?model=model-7')).data;
    expect(seventh?.model_info).toMatchObject({ direct_access: true, access_via_team_ids: ['t'] });
    expect((await read<ModelPage>(simulator, '/v2/model/info?search=MODEL-5')).data).toHaveLength(11);
  });

  it('masks a price in litellm_params up to 1.81.x', async () => {
    await start({ state: manyModels(), version: '1.81.0' });
    const [old] = (await read<ModelPage>(simulator, '/model/info')).data;
    expect(old?.litellm_params.input_cost_per_token).toBeTypeOf('string');
    await simulator.close();
    await start({ state: manyModels(), version: '1.93' });
    const [late] = (await read<ModelPage>(simulator, '/model/info')).data;
    expect(late?.litellm_params.input_cost_per_token).toBe(2.5e-6);
  });

  it('fails without models on older releases and answers an empty list on later ones', async () => {
    await start({ version: '1.81.0' });
    const refused = await ask(simulator, '/model/info');
    expect(refused.status).toBe(500);
    expect(refused.text).toMatch(/^\{"detail":\{"error":"LLM Model List not loaded in/);
    expect(await read(simulator, '/health/readiness')).toMatchObject({ db: 'connected' });
    await simulator.close();
    await start({ version: '1.93' });
    expect(await read(simulator, '/model/info')).toEqual({ data: [] });
  });

  it('gives one object instead of a list when it serves a single model', async () => {
    await start({ state: manyModels(), switches: { singleModel: true } });
    expect(await read(simulator, '/model/info')).toMatchObject({ data: { model_name: 'model-0' } });
  });

  it('tells a model without a price from one that costs nothing', async () => {
    await start({ state: seedDemoState({ now: new Date(), traceRows: 10 }) });
    const groups = (await read<{ data: Record<string, unknown>[] }>(simulator, '/model_group/info')).data;
    const price = (name: string): unknown =>
      groups.find((group) => group.model_group === name)?.input_cost_per_token;
    expect(price('granite-internal')).toBeNull();
    expect(price('meta-llama-3.3-70b')).toBeNull();
    expect(price('text-embedding-3-small')).toBe(2e-8);
    const { data } = await read<ModelPage>(simulator, '/model/info');
    const custom = data.find((row) => row.model_name === 'granite-internal');
    expect(custom?.model_info).not.toHaveProperty('input_cost_per_token');
    expect(data.filter((row) => row.model_name === 'gpt-4.1')).toHaveLength(2);
    const ofTeam = data.filter((row) => row.model_info.team_public_model_name === 'deepseek-research');
    expect(ofTeam[0]?.model_name).toMatch(/^model_name_/);
  });
});
