import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSimulator,
  emptyState,
  keyRow,
  spendRow,
  teamRow,
  type ProxyState,
  type Simulator,
} from '../index';
import { ask, read } from './test-client';

interface Activity {
  results: {
    date: string;
    metrics: Record<string, number>;
    breakdown: Record<string, Record<string, object>>;
  }[];
  metadata: Record<string, unknown>;
}

const now = new Date('2026-09-12T00:00:00Z');
const key = keyRow('sk-ana', { key_alias: 'ana-laptop', team_id: 't' });

function activityState(): ProxyState {
  const state = emptyState();
  state.keys.set(key.token, key);
  state.teams.set('t', teamRow({ team_id: 't', team_alias: 'Data Science' }));
  const row = (place: number, day: string, model: string, failed = false): void => {
    state.spend.push(
      spendRow({
        request_id: `r${place}`,
        startTime: `2026-09-${day}T10:00:00Z`,
        model,
        model_group: model,
        custom_llm_provider: 'openai',
        api_key: key.token,
        user: 'u',
        team_id: 't',
        spend: failed ? 0 : 0.5,
        prompt_tokens: failed ? 0 : 10,
        completion_tokens: failed ? 0 : 5,
        total_tokens: failed ? 0 : 15,
        status: failed ? 'failure' : 'success',
      }),
    );
  };
  row(1, '09', 'm1');
  row(2, '09', 'm1');
  row(3, '09', 'm2');
  row(4, '10', 'm1');
  row(5, '10', 'm1', true);
  row(6, '11', 'm1');
  return state;
}

const days = 'start_date=2026-09-09&end_date=2026-09-10';

describe('daily activity', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await createSimulator({ state: activityState(), now: () => now });
  });
  afterEach(() => simulator.close());

  it('adds up whole days with all nine figures', async () => {
    const activity = await read<Activity>(simulator, `/user/daily/activity?${days}`);
    expect(activity.results.map((day) => day.date)).toEqual(['2026-09-10', '2026-09-09']);
    expect(activity.results[0]?.metrics).toEqual({
      spend: 0.5,
      prompt_tokens: 10,
      completion_tokens: 5,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
      total_tokens: 15,
      successful_requests: 1,
      failed_requests: 1,
      api_requests: 2,
    });
    expect(activity.metadata).toMatchObject({
      total_spend: 2,
      total_api_requests: 5,
      page: 1,
      total_pages: 1,
      has_more: false,
    });
  });

  it('breaks days down by model, provider, key and entity', async () => {
    const activity = await read<Activity>(simulator, `/user/daily/activity?${days}`);
    const breakdown = activity.results[1]?.breakdown ?? {};
    expect(Object.keys(breakdown).sort()).toEqual(
      ['api_keys', 'endpoints', 'entities', 'mcp_servers', 'model_groups', 'models', 'providers'].sort(),
    );
    expect(breakdown.models).toMatchObject({
      m1: {
        metrics: { spend: 1 },
        metadata: {},
        api_key_breakdown: { [key.token]: { metadata: { key_alias: 'ana-laptop', team_id: 't' } } },
      },
      m2: { metrics: { spend: 0.5 } },
    });
    const team = await read<Activity>(simulator, `/team/daily/activity?${days}`);
    expect(team.results[1]?.breakdown.entities).toMatchObject({
      t: { metadata: { team_alias: 'Data Science' } },
    });
  });

  it('cuts the underlying rows, so a date can be on two pages', async () => {
    const pages = await Promise.all(
      [1, 2, 3].map((page) =>
        read<Activity>(simulator, `/user/daily/activity?${days}&page_size=1&page=${page}`),
      ),
    );
    expect(pages.map((page) => page.results[0]?.date)).toEqual(['2026-09-10', '2026-09-09', '2026-09-09']);
    expect(pages.map((page) => page.metadata.has_more)).toEqual([true, true, false]);
    expect(pages.map((page) => page.metadata.total_api_requests)).toEqual([2, 2, 1]);
  });

  it('filters and wants dates', async () => {
    const one = await read<Activity>(simulator, `/user/daily/activity?${days}&model=m2`);
    expect(one.metadata.total_api_requests).toBe(1);
    expect((await ask(simulator, '/user/daily/activity')).status).toBe(400);
    expect((await ask(simulator, `/user/daily/activity?${days}&page_size=1001`)).status).toBe(422);
  });

  it('can lose requests that the spend log has', async () => {
    simulator.switches.lossyDailyTables = true;
    const lossy = await read<Activity>(simulator, `/user/daily/activity?${days}`);
    expect(lossy.metadata.total_api_requests).toBe(4);
  });

  it('overstates with a time zone on releases that know the parameter', async () => {
    const zoned = `/user/daily/activity?${days}&timezone=60`;
    expect((await read<Activity>(simulator, zoned)).metadata.total_api_requests).toBe(5);
    await simulator.close();
    simulator = await createSimulator({ state: activityState(), version: '1.93', now: () => now });
    expect((await read<Activity>(simulator, zoned)).metadata.total_api_requests).toBe(6);
  });
});
