import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
import { type AreaCalls, csvRecords, openAreaCalls } from './area-calls';

let areas: AreaCalls;
const ids: Record<string, string> = {};

const usedBy: readonly (readonly [who: string, day: string, requests: number])[] = [
  // March 2026 has 31 days; the 31 before are 29 January to 28 February.
  ['ann', '2026-03-01', 3],
  ['ann', '2026-03-31', 1],
  ['new', '2026-03-10', 2],
  ['ann', '2026-01-29', 5],
  ['ann', '2026-02-28', 4],
  ['gone', '2026-02-01', 6],
  // Before both.
  ['ann', '2026-01-28', 50],
];

beforeAll(async () => {
  areas = await openAreaCalls({ access: 'read-only' });
  const { client } = areas;
  await insertModel(client, { id: 'gpt', name: 'GPT' });
  for (const username of ['ann', 'new', 'gone']) {
    ids[username] = (await insertUser(client, { username })).id;
    const subscription = await insertSubscription(client, { user_id: ids[username], model_id: 'gpt' });
    for (const [who, day, requests] of usedBy) {
      for (let number = 0; who === username && number < requests; number += 1) {
        await insertUsageLog(client, {
          subscription_id: subscription.id,
          model_id: 'gpt',
          created_at: `${day}T12:00:00Z`,
          input_cost: '0.1',
        });
      }
    }
  }
});
afterAll(() => areas.close());

const march = { from: '2026-03-01', to: '2026-03-31' };
const before = { from: '2026-01-29', to: '2026-02-28' };

const series = (input: object) =>
  areas.ask('usage', 'series', {
    range: march,
    filters: {},
    bucket: 'day',
    compare: 'previous',
    ...input,
  });

describe('a series beside the range before', () => {
  it('puts each day where the one a whole range later stands', async () => {
    const { previous, buckets } = await series({});
    expect(previous?.range).toEqual(before);
    expect(previous?.points).toHaveLength(buckets.length);
    expect(previous?.points.map(({ requests }) => Number(requests))).toEqual([
      5,
      0,
      0,
      6,
      ...Array.from({ length: 26 }, () => 0),
      4,
    ]);
  });

  it('compares weeks and months of equally many days', async () => {
    const months = await series({ range: { from: '2026-02-15', to: '2026-03-31' }, bucket: 'month' });
    // 45 days: 1 January to 14 February. February's 14 days are compared with the first 14 of January.
    expect(months.previous?.range).toEqual({ from: '2026-01-01', to: '2026-02-14' });
    expect(months.previous?.points.map(({ requests }) => requests)).toEqual(['0', '61']);
    const { bucket, buckets, previous } = await series({ range: { from: '2024-08-01', to: '2026-03-31' } });
    expect(bucket).toBe('week');
    expect(previous?.points).toHaveLength(buckets.length);
  });

  it('is the whole range before, however the series are split, and filtered like them', async () => {
    const split = await series({ split: 'user', top: 1 });
    expect(split.series.map(({ role }) => role)).toEqual(['item', 'rest']);
    expect(split.previous?.points[0]).toMatchObject({ requests: '5', cost: '0.5' });
    const filtered = await series({ filters: { userId: ids['gone'] } });
    expect(filtered.previous?.points[3]).toMatchObject({ requests: '6' });
    expect(filtered.previous?.points[0]).toMatchObject({ requests: '0' });
  });

  it('stays within the points of a chart', async () => {
    const answer = await series({ range: { from: '2025-06-05', to: '2026-03-31' } });
    expect(answer.bucket).toBe('day');
    expect(answer.buckets.length * 2).toBeLessThanOrEqual(600);
    const longer = await series({ range: { from: '2025-06-04', to: '2026-03-31' } });
    expect(longer.bucket).toBe('week');
  });

  it('is not read unless it was asked for', async () => {
    const plain = await areas.ask('usage', 'series', { range: march, filters: {}, bucket: 'day' });
    expect(plain.previous).toBeNull();
  });
});

const filters = { range: march, dimension: 'user', usage: {}, compare: 'previous' } as const;

describe('a breakdown beside the range before', () => {
  it('has what was used in either range', async () => {
    const { rows, total } = await areas.ask('usage', 'breakdown', { filters });
    expect(rows.map(({ label, requests, previous }) => [label, requests, previous?.requests])).toEqual([
      ['ann', '4', '9'],
      ['new', '2', '0'],
      ['gone', '0', '6'],
    ]);
    expect(rows[0]).toMatchObject({ cost: '0.4', previous: { cost: '0.9', averageLatencyMs: null } });
    expect(total).toBe(3);
  });

  it('adds up to the totals of both ranges', async () => {
    const { rows } = await areas.ask('usage', 'breakdown', { filters });
    const totals = await areas.ask('usage', 'totals', { range: march, filters: {} });
    const sum = (values: readonly (string | undefined)[]): string =>
      String(values.reduce((all, value) => all + Number(value), 0));
    expect(sum(rows.map(({ requests }) => requests))).toBe(totals.totals.requests);
    expect(sum(rows.map(({ previous }) => previous?.requests))).toBe(totals.previous.requests);
  });

  it('is exported with the days it is compared with', async () => {
    const { text } = await areas.download('usage', { filters });
    const records = csvRecords(text);
    expect(records[2]).toMatchObject({
      user: 'gone',
      requests: '0',
      previous_from_day: before.from,
      previous_to_day: before.to,
      previous_requests: '6',
      previous_cost: '0.6',
    });
    const plain = await areas.download('usage', { filters: { range: march, dimension: 'user', usage: {} } });
    expect(plain.text).not.toContain('previous_');
  });
});
