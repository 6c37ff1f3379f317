import { afterEach, describe, expect, it } from 'vitest';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
import { type AreaCalls, openAreaCalls } from './area-calls';

let areas: AreaCalls;
afterEach(() => areas.close());

/** A database that cuts its days in `zone`, with one request at each instant. */
async function usageAt(zone: string, instants: readonly string[]): Promise<void> {
  areas = await openAreaCalls({ timeZone: zone });
  const { client } = areas;
  await client.query(
    `UPDATE litemaas_console.settings SET value = to_jsonb($1::text) WHERE key = 'reporting_time_zone'`,
    [zone],
  );
  const user = await insertUser(client);
  const model = await insertModel(client);
  const subscription = await insertSubscription(client, { user_id: user.id, model_id: model.id });
  for (const instant of instants) {
    await insertUsageLog(client, {
      subscription_id: subscription.id,
      model_id: model.id,
      created_at: instant,
    });
  }
}

async function requestsByDay(from: string, to: string): Promise<Record<string, string>> {
  const { buckets, series, freshness } = await areas.ask('usage', 'series', {
    range: { from, to },
    filters: {},
    bucket: 'day',
  });
  const points = series[0]?.points ?? [];
  return {
    zone: freshness.timeZone,
    ...Object.fromEntries(buckets.map((day, index) => [day, points[index]?.requests ?? ''])),
  };
}

describe('days of usage in the reporting zone', () => {
  it('cuts days of a half-hour zone at its own midnight', async () => {
    await usageAt('Asia/Kolkata', [
      '2026-11-09T18:29:59.999999Z',
      '2026-11-09T18:30:00Z',
      '2026-11-10T18:29:59Z',
    ]);
    expect(await requestsByDay('2026-11-09', '2026-11-11')).toEqual({
      zone: 'Asia/Kolkata',
      '2026-11-09': '1',
      '2026-11-10': '2',
      '2026-11-11': '0',
    });
  });

  it('gives the day of 25 hours all of its requests and counts each day once', async () => {
    await usageAt('Europe/Berlin', [
      '2026-10-24T21:59:59Z',
      '2026-10-24T22:00:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
      '2026-10-25T22:59:59Z',
      '2026-10-25T23:00:00Z',
    ]);
    expect(await requestsByDay('2026-10-24', '2026-10-26')).toEqual({
      zone: 'Europe/Berlin',
      '2026-10-24': '1',
      '2026-10-25': '4',
      '2026-10-26': '1',
    });
  });

  it('gives a month its days of the zone', async () => {
    await usageAt('Pacific/Auckland', ['2026-10-31T10:59:59Z', '2026-10-31T11:00:00Z']);
    const answer = await areas.ask('usage', 'totals', {
      range: { from: '2026-11-01', to: '2026-11-30' },
      filters: {},
    });
    expect(answer).toMatchObject({ totals: { requests: '1' }, previous: { requests: '1' } });
  });
});
