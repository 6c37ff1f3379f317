import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract, InputOf } from '../../../src/shared/contract/index';
import {
  insertApiKey,
  insertModel,
  insertSubscription,
  insertTeam,
  insertUnattributedUsage,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { type AreaCalls, csvRecords, openAreaCalls } from './area-calls';

type BreakdownInput = InputOf<Contract['usage']['breakdown']>;

const november = { from: '2026-11-01', to: '2026-11-30' };
const noFigures = {
  requests: '0',
  errors: '0',
  inputTokens: '0',
  outputTokens: '0',
  cost: '0',
  averageLatencyMs: null,
};

let areas: AreaCalls;
const ids: Record<string, string> = {};
const idOf = (name: string): string => ids[name] ?? 'missing';
const pastedKey = 'sk-Usage-Secret-Key-0123456789';

/**
 * November: ann 5 requests on gpt through key one (2 of them errors) and 1 on claude through key two, which is deleted
 * afterwards with the team it was used for; ben 3 on gpt without key; 4 that no subscription covers.
 * October: 2 requests of ann.
 */
beforeAll(async () => {
  areas = await openAreaCalls();
  const { client } = areas;
  ids['ann'] = (await insertUser(client, { username: 'ann' })).id;
  ids['ben'] = (await insertUser(client, { username: 'Ben' })).id;
  for (const id of ['gpt', 'claude']) await insertModel(client, { id, name: `Model ${id}` });
  ids['crew'] = (await insertTeam(client, { name: 'Crew' })).id;
  ids['gone team'] = (await insertTeam(client, { name: 'Gone' })).id;
  const annGpt = await insertSubscription(client, { user_id: idOf('ann'), model_id: 'gpt' });
  const annClaude = await insertSubscription(client, { user_id: idOf('ann'), model_id: 'claude' });
  const benGpt = await insertSubscription(client, { user_id: idOf('ben'), model_id: 'gpt' });
  ids['ann gpt'] = annGpt.id;
  ids['key one'] = (await insertApiKey(client, { user_id: idOf('ann'), name: 'one', value: pastedKey })).id;
  ids['key two'] = (await insertApiKey(client, { user_id: idOf('ann'), name: 'two' })).id;

  for (let number = 0; number < 5; number += 1) {
    await insertUsageLog(client, {
      subscription_id: annGpt.id,
      model_id: 'gpt',
      api_key_id: idOf('key one'),
      team_id: idOf('crew'),
      created_at: `2026-11-0${number + 1}T12:00:00Z`,
      request_tokens: 100,
      response_tokens: 10,
      input_cost: '0.000000000001',
      output_cost: '0.1',
      latency_ms: 100 + number,
      status_code: number < 2 ? 500 : 200,
    });
  }
  await insertUsageLog(client, {
    subscription_id: annClaude.id,
    model_id: 'claude',
    api_key_id: idOf('key two'),
    team_id: idOf('gone team'),
    created_at: '2026-11-30T23:59:59.999999Z',
    request_tokens: 9_007_199_254_740_993n.toString(),
    response_tokens: 0,
    latency_ms: null,
  });
  for (let number = 0; number < 3; number += 1) {
    await insertUsageLog(client, {
      subscription_id: benGpt.id,
      model_id: 'gpt',
      created_at: '2026-11-15T00:00:00Z',
    });
  }
  for (let number = 0; number < 4; number += 1) {
    await insertUnattributedUsage(client, { model_id: 'unknown-model', created_at: '2026-11-20T10:00:00Z' });
  }
  for (let number = 0; number < 2; number += 1) {
    await insertUsageLog(client, {
      subscription_id: annGpt.id,
      model_id: 'gpt',
      created_at: '2026-10-31T23:59:59Z',
      // As many digits as the column takes: more than a double holds.
      input_cost: '12345678.123456789012',
    });
  }
  await client.query('DELETE FROM api_keys WHERE id = $1', [idOf('key two')]);
  await client.query('DELETE FROM teams WHERE id = $1', [idOf('gone team')]);
});
afterAll(() => areas.close());

const totals = (input: InputOf<Contract['usage']['totals']>) => areas.ask('usage', 'totals', input);
const breakdown = (dimension: 'model' | 'user' | 'team' | 'apiKey', input: Partial<BreakdownInput> = {}) =>
  areas.ask('usage', 'breakdown', { filters: { range: november, dimension, usage: {} }, ...input });

describe('usage.totals', () => {
  it('adds up a month exactly', async () => {
    expect(await totals({ range: november, filters: {} })).toEqual({
      totals: {
        requests: '13',
        errors: '2',
        inputTokens: '9007199254741500',
        outputTokens: '57',
        cost: '0.500000000005',
        averageLatencyMs: 102,
      },
      // November has 30 days: the range before begins on 2 October.
      previous: {
        ...noFigures,
        requests: '2',
        inputTokens: '2',
        outputTokens: '2',
        cost: '24691356.246913578024',
      },
      // Five latencies in the bucket from 90 to 106, spread evenly.
      latencyPercentilesMs: { p50: 98, p95: 105.2, p99: 105.84 },
      unattributedRequests: '4',
      freshness: { latestUsageAt: '2026-11-30T23:59:59.999999Z', timeZone: 'UTC' },
    });
  });

  it('gives the same figures for a month in one piece and day by day', async () => {
    const whole = (await totals({ range: november, filters: {} })).totals;
    const first = (await totals({ range: { from: '2026-11-01', to: '2026-11-14' }, filters: {} })).totals;
    const second = (await totals({ range: { from: '2026-11-15', to: '2026-11-30' }, filters: {} })).totals;
    for (const figure of ['requests', 'errors', 'inputTokens', 'outputTokens'] as const) {
      expect(BigInt(first[figure]) + BigInt(second[figure])).toBe(BigInt(whole[figure]));
    }
    const both = await totals({ range: { from: '2026-10-31', to: '2026-12-01' }, filters: {} });
    expect(both.totals.requests).toBe('15');
  });

  it('reads percentiles from the histogram, within its buckets', async () => {
    const { latencyPercentilesMs } = await totals({ range: november, filters: { modelId: 'gpt' } });
    // Latencies 100 to 104 lie in the bucket from 90 to 106.
    for (const value of Object.values(latencyPercentilesMs ?? {})) {
      expect(value).toBeGreaterThanOrEqual(90);
      expect(value).toBeLessThanOrEqual(106);
    }
  });

  it('knows no percentiles where the histogram cannot be filtered', async () => {
    const answer = await totals({ range: november, filters: { userId: idOf('ann') } });
    expect(answer).toMatchObject({ totals: { requests: '6' }, latencyPercentilesMs: null });
  });

  it.each([
    [{ modelId: 'claude' }, '1'],
    [{ modelId: 'no such model' }, '0'],
  ])('filters by %j', async (filters, requests) => {
    expect((await totals({ range: november, filters })).totals).toMatchObject({ requests });
  });

  it('filters by user, team, key and subscription, also where the record is gone', async () => {
    const requests = async (filters: InputOf<Contract['usage']['totals']>['filters']) =>
      (await totals({ range: november, filters })).totals.requests;
    expect(await requests({ userId: idOf('ben') })).toBe('3');
    expect(await requests({ teamId: idOf('gone team') })).toBe('1');
    expect(await requests({ apiKeyId: idOf('key two') })).toBe('1');
    expect(await requests({ apiKeyId: idOf('key one') })).toBe('5');
    expect(await requests({ subscriptionId: idOf('ann gpt') })).toBe('5');
    expect(await requests({ userId: idOf('ann'), modelId: 'gpt', teamId: idOf('crew') })).toBe('5');
  });

  it('answers zeros for a range without usage', async () => {
    expect(await totals({ range: { from: '2020-01-01', to: '2020-12-31' }, filters: {} })).toMatchObject({
      totals: noFigures,
      previous: noFigures,
      latencyPercentilesMs: null,
      unattributedRequests: '0',
    });
  });

  it('refuses a range that ends before it begins, or is endless', async () => {
    const refused = { code: 'validation' };
    await expect(
      totals({ range: { from: '2026-11-02', to: '2026-11-01' }, filters: {} }),
    ).rejects.toMatchObject(refused);
    await expect(
      totals({ range: { from: '1000-01-01', to: '2026-11-01' }, filters: {} }),
    ).rejects.toMatchObject(refused);
  });
});

describe('usage.series', () => {
  it('fills days without usage with zeros', async () => {
    const { bucket, buckets, series, freshness } = await areas.ask('usage', 'series', {
      range: november,
      filters: {},
      bucket: 'day',
    });
    expect(bucket).toBe('day');
    expect(buckets).toHaveLength(30);
    expect([buckets[0], buckets[29]]).toEqual(['2026-11-01', '2026-11-30']);
    expect(series).toHaveLength(1);
    expect(series[0]).toMatchObject({ id: null, role: 'all', label: null });
    expect(series[0]?.points[0]).toMatchObject({ requests: '1', errors: '1', averageLatencyMs: 100 });
    expect(series[0]?.points[5]).toEqual(noFigures);
    expect(series[0]?.points[29]).toMatchObject({ requests: '1', averageLatencyMs: null });
    expect(freshness.timeZone).toBe('UTC');
  });

  it('splits into the largest, the rest and what has no such relation', async () => {
    const { series } = await areas.ask('usage', 'series', {
      range: november,
      filters: {},
      bucket: 'month',
      split: 'user',
      top: 1,
    });
    expect(series.map(({ role, id, label, points }) => [role, id, label, points[0]?.requests])).toEqual([
      ['item', idOf('ann'), 'ann', '6'],
      ['rest', null, null, '3'],
      ['none', null, null, '4'],
    ]);
  });

  it('ranks by what was asked for', async () => {
    const largest = async (by: 'requests' | 'tokens' | 'cost' | 'errors') =>
      (
        await areas.ask('usage', 'series', {
          range: november,
          filters: {},
          bucket: 'day',
          split: 'model',
          by,
          top: 1,
        })
      ).series[0];
    expect(await largest('requests')).toMatchObject({ id: 'gpt', label: 'Model gpt' });
    expect(await largest('tokens')).toMatchObject({ id: 'claude' });
    expect(await largest('cost')).toMatchObject({ id: 'gpt' });
    expect(await largest('errors')).toMatchObject({ id: 'gpt' });
  });

  it('keeps a deleted key with its id and without a label', async () => {
    const { series } = await areas.ask('usage', 'series', {
      range: november,
      filters: { userId: idOf('ann') },
      bucket: 'month',
      split: 'apiKey',
    });
    expect(series.map(({ role, id, label }) => [role, id, label])).toEqual([
      ['item', idOf('key one'), 'one'],
      ['item', idOf('key two'), null],
    ]);
  });

  it('gathers months from whole months and single days', async () => {
    const { buckets, series } = await areas.ask('usage', 'series', {
      range: { from: '2026-10-31', to: '2026-12-02' },
      filters: {},
      bucket: 'month',
    });
    expect(buckets).toEqual(['2026-10-01', '2026-11-01', '2026-12-01']);
    expect(series[0]?.points.map((point) => point.requests)).toEqual(['2', '13', '0']);
  });

  it('takes wider buckets where days would be more than 600 points', async () => {
    const { bucket, buckets, series } = await areas.ask('usage', 'series', {
      range: { from: '2025-01-01', to: '2026-11-30' },
      filters: {},
      bucket: 'day',
      split: 'model',
    });
    expect(bucket).toBe('week');
    // 2025-01-01 was a Wednesday.
    expect(buckets[0]).toBe('2024-12-30');
    expect(series.length * buckets.length).toBeLessThanOrEqual(600);
    const requests = series
      .flatMap((one) => one.points)
      .reduce((sum, point) => sum + Number(point.requests), 0);
    expect(requests).toBe(15);
  });

  it('answers one series of zeros where nothing was used', async () => {
    const { series } = await areas.ask('usage', 'series', {
      range: { from: '2020-02-28', to: '2020-03-01' },
      filters: {},
      bucket: 'day',
      split: 'team',
    });
    expect(series).toEqual([
      { id: null, role: 'all', label: null, points: [noFigures, noFigures, noFigures] },
    ]);
  });
});

describe('usage.breakdown', () => {
  it('keeps every digit of a cost, in rows and series', async () => {
    const october = { from: '2026-10-01', to: '2026-10-31' };
    const cost = '24691356.246913578024';
    const filters = { range: october, dimension: 'model', usage: {} } as const;
    expect((await areas.ask('usage', 'breakdown', { filters })).rows).toMatchObject([{ id: 'gpt', cost }]);
    const { series } = await areas.ask('usage', 'series', { range: october, filters: {}, bucket: 'month' });
    expect(series).toMatchObject([{ points: [{ cost }] }]);
  });

  it('lists models by requests, known to us or not', async () => {
    const { rows, total, totalIsExact } = await breakdown('model');
    expect(rows.map(({ id, label, requests }) => [id, label, requests])).toEqual([
      ['gpt', 'Model gpt', '8'],
      ['unknown-model', null, '4'],
      ['claude', 'Model claude', '1'],
    ]);
    expect({ total, totalIsExact }).toEqual({ total: 3, totalIsExact: true });
    expect(rows[0]).toMatchObject({ errors: '2', cost: '0.500000000005', averageLatencyMs: 102 });
  });

  it('keeps usage without the relation and of deleted records', async () => {
    expect((await breakdown('user')).rows.map(({ id, label }) => [id, label])).toEqual([
      [idOf('ann'), 'ann'],
      [null, null],
      [idOf('ben'), 'Ben'],
    ]);
    const teams = (await breakdown('team')).rows.map(({ id, label, requests }) => [id, label, requests]);
    expect(teams).toEqual([
      [null, null, '7'],
      [idOf('crew'), 'Crew', '5'],
      [idOf('gone team'), null, '1'],
    ]);
    expect((await breakdown('apiKey')).rows.map(({ id }) => id)).toContain(idOf('key two'));
  });

  it.each([
    ['label', 'asc', ['ann', 'Ben', null]],
    ['label', 'desc', ['Ben', 'ann', null]],
    ['requests', 'asc', ['Ben', null, 'ann']],
    ['tokens', 'desc', ['ann', null, 'Ben']],
    ['cost', 'desc', ['ann', null, 'Ben']],
    ['errors', 'desc', ['ann', null, 'Ben']],
  ] as const)('sorts users by %s %s', async (field, direction, expected) => {
    const { rows } = await breakdown('user', { sort: { field, direction } });
    const labels = rows.map((row) => row.label);
    if (field === 'cost' || field === 'errors' || field === 'tokens') expect(labels[0]).toBe(expected[0]);
    else expect(labels).toEqual(expected);
  });

  it('pages in SQL', async () => {
    const pages = [];
    for (let page = 0; page < 3; page += 1) pages.push(await breakdown('user', { page, pageSize: 1 }));
    expect(pages.map(({ rows }) => rows[0]?.label)).toEqual(['ann', null, 'Ben']);
    expect(await breakdown('user', { page: 7, pageSize: 1 })).toEqual({
      rows: [],
      total: 3,
      totalIsExact: true,
    });
  });

  it('searches labels, ids of deleted records, and the key that was pasted', async () => {
    expect((await breakdown('user', { search: 'BE' })).rows.map((row) => row.label)).toEqual(['Ben']);
    expect((await breakdown('user', { search: idOf('ann').slice(0, 13) })).rows).toEqual([]);
    expect((await breakdown('model', { search: '_' })).rows).toEqual([]);
    expect(await breakdown('team', { search: idOf('gone team').slice(0, 13) })).toMatchObject({
      rows: [{ id: idOf('gone team'), label: null }],
      total: 1,
    });
    expect((await breakdown('apiKey', { search: pastedKey })).rows.map((row) => row.label)).toEqual(['one']);
    expect((await breakdown('user', { search: pastedKey })).rows.map((row) => row.label)).toEqual(['ann']);
    expect((await breakdown('team', { search: pastedKey })).rows).toEqual([]);
  });

  it('filters what is broken down', async () => {
    const { rows } = await areas.ask('usage', 'breakdown', {
      filters: { range: november, dimension: 'model', usage: { userId: idOf('ann') } },
    });
    expect(rows.map(({ id, requests }) => [id, requests])).toEqual([
      ['gpt', '5'],
      ['claude', '1'],
    ]);
  });

  it('leaves out what corrections brought down to nothing', async () => {
    await areas.client.query('DELETE FROM litemaas_console.unattributed_usage');
    expect((await breakdown('model')).rows.map((row) => row.id)).toEqual(['gpt', 'claude']);
    expect((await totals({ range: november, filters: {} })).unattributedRequests).toBe('0');
  });
});

describe('usage.exportCsv', () => {
  it('says which days of which zone each row is about', async () => {
    const { text, name } = await areas.download('usage', {
      filters: { range: november, dimension: 'apiKey', usage: {} },
      pageSize: 1,
    });
    expect(name).toMatch(/^usage-by-api-key-\d{4}-\d{2}-\d{2}\.csv$/);
    const records = csvRecords(text);
    expect(records).toHaveLength(3);
    expect(records[0]).toEqual({
      from_day: '2026-11-01',
      to_day: '2026-11-30',
      time_zone: 'UTC',
      api_key_id: idOf('key one'),
      api_key: 'one',
      requests: '5',
      errors: '2',
      input_tokens: '500',
      output_tokens: '50',
      cost: '0.500000000005',
      average_latency_ms: '102',
    });
    expect(records.at(-1)).toMatchObject({
      api_key_id: idOf('key two'),
      api_key: '',
      average_latency_ms: '',
    });
  });

  it('refuses an impossible range before a file is begun', async () => {
    const range = { from: '2026-11-02', to: '2026-11-01' };
    await expect(
      areas.fileOf('usage', { filters: { range, dimension: 'model', usage: {} } }),
    ).rejects.toMatchObject({ code: 'validation' });
  });
});
