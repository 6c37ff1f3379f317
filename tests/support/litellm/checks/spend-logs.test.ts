import { afterEach, describe, expect, it } from 'vitest';
import {
  createSimulator,
  emptyState,
  spendRow,
  type ProxyState,
  type Simulator,
  type SimulatorOptions,
  type SpendRow,
} from '../index';
import { ask, read } from './test-client';

interface SpendPage {
  data: Record<string, unknown>[];
  total: number;
  total_pages: number;
  total_is_capped?: boolean;
}

const now = new Date('2026-09-10T00:00:00Z');

function stateWith(rows: SpendRow[]): ProxyState {
  return { ...emptyState(), spend: rows };
}

/** Rows one second apart from 10:00:00.500 on. */
function rowsPerSecond(count: number): SpendRow[] {
  const first = Date.parse('2026-09-09T10:00:00.500Z');
  return Array.from({ length: count }, (_, place) => {
    const at = new Date(first + place * 1000).toISOString().replace('Z', '000Z');
    return spendRow({ request_id: `r${place}`, startTime: at, spend: place, total_tokens: count - place });
  });
}

function range(from: string, to: string): string {
  return `start_date=${encodeURIComponent(from)}&end_date=${encodeURIComponent(to)}`;
}

const wholeDay = range('2026-09-09 00:00:00', '2026-09-09 23:59:59');

describe('spend rows', () => {
  let simulator: Simulator;
  const start = async (rows: SpendRow[], options: SimulatorOptions = {}): Promise<void> => {
    simulator = await createSimulator({ state: stateWith(rows), now: () => now, ...options });
  };
  const ids = async (query: string, path = '/spend/logs/v2'): Promise<unknown[]> =>
    (await read<SpendPage>(simulator, `${path}?${query}`)).data.map((row) => row.request_id);
  afterEach(() => simulator.close());

  it('pages by 50, newest first, to an empty page', async () => {
    await start(rowsPerSecond(120));
    const first = await read<SpendPage>(simulator, `/spend/logs/v2?${wholeDay}`);
    expect(first).toMatchObject({ total: 120, page: 1, page_size: 50, total_pages: 3 });
    expect(first).not.toHaveProperty('total_is_capped');
    expect(first.data[0]?.request_id).toBe('r119');
    expect(await ids(`${wholeDay}&page=3`)).toHaveLength(20);
    expect(await ids(`${wholeDay}&page=4`)).toEqual([]);
  });

  it('includes both ends of the range, by start, to the microsecond', async () => {
    const at = (request_id: string, startTime: string): SpendRow => spendRow({ request_id, startTime });
    await start([
      at('before', '2026-09-09T09:59:59.999999Z'),
      at('first', '2026-09-09T10:00:00Z'),
      at('last', '2026-09-09T11:00:00'),
      at('after', '2026-09-09T11:00:00.000001Z'),
    ]);
    expect(await ids(range('2026-09-09 10:00:00', '2026-09-09 11:00:00'))).toEqual(['last', 'first']);
  });

  it('wants both dates in its own spelling', async () => {
    await start(rowsPerSecond(1));
    expect((await ask(simulator, '/spend/logs/v2')).status).toBe(400);
    expect((await ask(simulator, '/spend/logs/v2?start_date=2026-09-09')).status).toBe(400);
    const rfc = range('2026-09-09T00:00:00Z', '2026-09-10T00:00:00Z');
    expect(await ask(simulator, `/spend/logs/v2?${rfc}`)).toMatchObject({
      status: 400,
      json: { error: { code: '400' } },
    });
    const dates = range('2026-09-09', '2026-09-10');
    expect(await ids(dates)).toEqual(['r0']);
    expect((await ask(simulator, `/spend/logs/ui?${dates}`)).status).toBe(400);
    expect(await ids(wholeDay, '/spend/logs/ui')).toEqual(['r0']);
  });

  it('allows 100 rows a page before 1.93 and 1000 from then on', async () => {
    await start(rowsPerSecond(3), { version: '1.83.10' });
    expect((await ask(simulator, `/spend/logs/v2?${wholeDay}&page_size=100`)).status).toBe(200);
    const refused = await ask(simulator, `/spend/logs/v2?${wholeDay}&page_size=1000`);
    expect(refused).toMatchObject({ status: 422, json: { detail: [{ ctx: { le: 100 } }] } });
    await simulator.close();
    await start(rowsPerSecond(3), { version: '1.93' });
    expect((await ask(simulator, `/spend/logs/v2?${wholeDay}&page_size=1000`)).status).toBe(200);
    expect((await ask(simulator, `/spend/logs/v2?${wholeDay}&page_size=1001`)).status).toBe(422);
  });

  it('stops counting at 10 000 from 1.93 on, but still has the rows beyond', async () => {
    const sameSecond = Array.from({ length: 10_001 }, (_, place) =>
      spendRow({ request_id: `r${place}`, startTime: '2026-09-09T10:00:00.250000Z' }),
    );
    await start(sameSecond, { version: '1.93' });
    const last = await read<SpendPage>(simulator, `/spend/logs/v2?${wholeDay}&page_size=1000&page=11`);
    expect(last).toMatchObject({ total: 10_000, total_is_capped: true, total_pages: 10 });
    expect(last.data).toHaveLength(1);
    simulator.state.spend = sameSecond.slice(1);
    const exact = await read<SpendPage>(simulator, `/spend/logs/v2?${wholeDay}`);
    expect(exact).toMatchObject({ total: 10_000, total_is_capped: false });
  });

  it('ignores the sort before 1.81.12 and follows it from then on', async () => {
    await start(rowsPerSecond(3), { version: '1.81.0' });
    const sorted = `${wholeDay}&sort_by=startTime&sort_order=asc`;
    expect(await ids(sorted)).toEqual(['r2', 'r1', 'r0']);
    await simulator.close();
    await start(rowsPerSecond(3), { version: '1.83.10' });
    expect(await ids(sorted)).toEqual(['r0', 'r1', 'r2']);
    expect(await ids(`${wholeDay}&sort_by=total_tokens&sort_order=desc`)).toEqual(['r0', 'r1', 'r2']);
    expect(await ids(`${wholeDay}&sort_by=spend&sort_order=desc`)).toEqual(['r2', 'r1', 'r0']);
    expect((await ask(simulator, `/spend/logs/v2?${wholeDay}&sort_by=user`)).status).toBe(400);
  });

  it('filters', async () => {
    const startTime = '2026-09-09T10:00:00Z';
    await start([
      spendRow({
        request_id: 'a',
        startTime,
        api_key: 'k1',
        user: 'u1',
        team_id: 't1',
        spend: 0.5,
        status: null,
      }),
      spendRow({ request_id: 'b', startTime, model: 'm', model_id: 'mid', end_user: 'e', spend: 2 }),
      spendRow({
        request_id: 'c',
        startTime,
        status: 'failure',
        metadata: {
          user_api_key_alias: 'ana-laptop',
          error_information: { error_code: '429', error_message: 'Too many requests' },
        },
      }),
    ]);
    const found = async (filter: string): Promise<unknown[]> => (await ids(`${wholeDay}&${filter}`)).sort();
    expect(await found('api_key=k1')).toEqual(['a']);
    expect(await found('user_id=u1')).toEqual(['a']);
    expect(await found('team_id=t1')).toEqual(['a']);
    expect(await found('request_id=b')).toEqual(['b']);
    expect(await found('model=m')).toEqual(['b']);
    expect(await found('model_id=mid')).toEqual(['b']);
    expect(await found('end_user=e')).toEqual(['b']);
    expect(await found('key_alias=lap')).toEqual(['c']);
    expect(await found('status_filter=success')).toEqual(['a', 'b']);
    expect(await found('status_filter=failure')).toEqual(['c']);
    expect(await found('error_code=429')).toEqual(['c']);
    expect(await found('error_message=many')).toEqual(['c']);
    expect(await found('min_spend=0.5&max_spend=1')).toEqual(['a']);
  });

  it('shows a row only after its request ended and the lag passed, filed under its start', async () => {
    const long = spendRow({
      request_id: 'long',
      startTime: '2026-09-09T23:30:00Z',
      endTime: '2026-09-09T23:50:00Z',
    });
    let clock = new Date('2026-09-09T23:45:00Z');
    await start([long], { now: () => clock, switches: { spendLagMs: 60_000 } });
    expect(await ids(wholeDay)).toEqual([]);
    clock = new Date('2026-09-09T23:50:30Z');
    expect(await ids(wholeDay)).toEqual([]);
    clock = new Date('2026-09-09T23:51:00Z');
    expect(await ids(wholeDay)).toEqual(['long']);
  });

  it('takes rows that arrive while it runs', async () => {
    await start(rowsPerSecond(1));
    expect(await ids(wholeDay)).toEqual(['r0']);
    simulator.state.spend.push(spendRow({ request_id: 'late', startTime: '2026-09-09T09:40:00Z' }));
    expect(await ids(wholeDay)).toEqual(['r0', 'late']);
  });

  it('splits the cost from about 1.81 on and measures durations only lately', async () => {
    const row = spendRow({
      request_id: 'r',
      startTime: '2026-09-09T10:00:00Z',
      endTime: '2026-09-09T10:00:01.500000Z',
      metadata: { cost_breakdown: { total_cost: 1 } },
    });
    await start([row], { version: '1.74' });
    const [old] = (await read<SpendPage>(simulator, `/spend/logs/ui?${wholeDay}`)).data;
    expect(old?.metadata).not.toHaveProperty('cost_breakdown');
    await simulator.close();
    await start([row], { version: '1.100' });
    const [late] = (await read<SpendPage>(simulator, `/spend/logs/v2?${wholeDay}`)).data;
    expect(late).toMatchObject({
      request_duration_ms: 1500,
      metadata: { cost_breakdown: { total_cost: 1 } },
    });
  });

  it('turns the order of equal starts when it may', async () => {
    const equal = ['a', 'b', 'c'].map((request_id) =>
      spendRow({ request_id, startTime: '2026-09-09T10:00:00Z' }),
    );
    await start(equal, { switches: { unstableOrder: true } });
    expect(await ids(wholeDay)).not.toEqual(await ids(wholeDay));
  });
});

describe('the deprecated spend log', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  const rows = [
    spendRow({
      request_id: 'a',
      startTime: '2026-09-08T10:00:00Z',
      spend: 1,
      user: 'u',
      model: 'm',
      api_key: 'k',
    }),
    spendRow({
      request_id: 'b',
      startTime: '2026-09-08T11:00:00Z',
      spend: 0.2,
      user: 'u',
      model: 'm',
      api_key: 'k',
    }),
    spendRow({ request_id: 'c', startTime: '2026-09-09T10:00:00Z', spend: 4 }),
  ];

  it('leaves out the last day', async () => {
    simulator = await createSimulator({ state: stateWith(rows), now: () => now });
    const path = '/spend/logs?start_date=2026-09-08&end_date=2026-09-09';
    const raw = await read<SpendRow[]>(simulator, `${path}&summarize=false`);
    expect(raw.map((row) => row.request_id)).toEqual(['a', 'b']);
    expect(await read(simulator, path)).toEqual([
      { startTime: '2026-09-08', spend: 1.2, k: 1.2, users: { u: 1.2 }, models: { m: 1.2 } },
    ]);
    expect(simulator.violations).toEqual([]);
  });

  it('finds single requests without dates', async () => {
    simulator = await createSimulator({ state: stateWith(rows), now: () => now });
    const found = await read<SpendRow[]>(simulator, '/spend/logs?request_id=c');
    expect(found.map((row) => row.request_id)).toEqual(['c']);
    expect(simulator.violations).toEqual([]);
  });

  it('is cut to the newest 10 000 on late releases and says so in a header', async () => {
    const many = rowsPerSecond(10_001);
    simulator = await createSimulator({ state: stateWith(many), version: '1.93', now: () => now });
    const answer = await ask(
      simulator,
      '/spend/logs?start_date=2026-09-09&end_date=2026-09-10&summarize=false',
    );
    expect(answer.headers.get('x-litellm-spend-logs-truncated')).toBe('true');
    expect(answer.json).toHaveLength(10_000);
    expect((answer.json as SpendRow[])[0]?.request_id).toBe('r1');
  });
});
