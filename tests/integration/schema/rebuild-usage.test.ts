import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readReportingTimeZone, rebuildUsage } from '../../../src/main/usage-log/rebuild-usage';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { readDerived } from './usage-oracle';

const subscription = '00000000-0000-4000-8000-000000000002';

describeOnEachPostgres('rebuilding usage', (major) => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase({ major });
    client = await openTestSession(database.config);
    await client.query(`
      INSERT INTO users (id, username, email, oauth_provider, oauth_id)
      VALUES ('00000000-0000-4000-8000-000000000001', 'ada', 'ada@example.com', 'test', '1');
      INSERT INTO models (id, name, provider) VALUES ('m', 'M', 'p');
      INSERT INTO subscriptions (id, user_id, model_id, status, quota_requests)
      VALUES ('${subscription}', '00000000-0000-4000-8000-000000000001', 'm', 'active', NULL);
      INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, input_cost, latency_ms, created_at)
      SELECT '${subscription}', 'm', 10, 1, 0.5, 100 + i, '2026-01-30T00:00Z'::timestamptz + i * interval '25 minutes'
      FROM generate_series(1, 200) i`);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  beforeEach(() => client.query('BEGIN'));
  afterEach(() => client.query('ROLLBACK'));

  const requestsPerDay = async (): Promise<unknown> => {
    const { rows } = await client.query<{ day: string; requests: number }>(
      `SELECT to_char(day, 'MM-DD') AS day, requests::int FROM litemaas_console.usage_daily ORDER BY 1`,
    );
    return Object.fromEntries(rows.map(({ day, requests }) => [day, requests]));
  };

  it('cuts days and months in another zone, and back', async () => {
    const inUtc = await readDerived(client);
    expect(await readReportingTimeZone(client)).toBe('UTC');
    // 24 h are 57.6 requests; Kathmandu is 5 h 45 min ahead.
    expect(await requestsPerDay()).toEqual({ '01-30': 57, '01-31': 58, '02-01': 57, '02-02': 28 });
    await rebuildUsage(client, { reportingTimeZone: 'Asia/Kathmandu' });
    expect(await readReportingTimeZone(client)).toBe('Asia/Kathmandu');
    expect(await requestsPerDay()).toEqual({ '01-30': 43, '01-31': 58, '02-01': 57, '02-02': 42 });
    const { rows } = await client.query(
      `SELECT to_char(month, 'MM') AS month, requests::int FROM litemaas_console.usage_monthly ORDER BY 1`,
    );
    expect(rows).toEqual([
      { month: '01', requests: 101 },
      { month: '02', requests: 99 },
    ]);
    await rebuildUsage(client, { reportingTimeZone: 'UTC' });
    expect(await readDerived(client)).toEqual(inUtc);
  });

  it('repairs what somebody changed by hand', async () => {
    const before = await readDerived(client);
    await client.query(`
      UPDATE litemaas_console.usage_daily SET requests = 1 WHERE day = '2026-01-31';
      DELETE FROM litemaas_console.usage_monthly;
      DELETE FROM litemaas_console.usage_latency WHERE day = '2026-02-01';
      UPDATE usage_summaries SET request_count = 99 WHERE period_type = 'day'`);
    expect(await readDerived(client)).not.toEqual(before);
    await rebuildUsage(client);
    expect(await readDerived(client)).toEqual(before);
  });

  it('refuses an unknown zone, and a change of zone past the rebuild', async () => {
    await client.query('SAVEPOINT before');
    await expect(rebuildUsage(client, { reportingTimeZone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'validation',
    });
    await client.query('ROLLBACK TO before');
    for (const change of [
      `UPDATE litemaas_console.settings SET value = '"Asia/Tokyo"' WHERE key = 'reporting_time_zone'`,
      `DELETE FROM litemaas_console.settings WHERE key = 'reporting_time_zone'`,
    ]) {
      await expect(client.query(change)).rejects.toMatchObject({ code: '55000' });
      await client.query('ROLLBACK TO before');
    }
  });

  it('leaves what has been archived or pruned as it is recorded', async () => {
    await client.query(`
      INSERT INTO litemaas_console.usage_ranges (range_start, range_end, state)
      VALUES ('2026-01-01', '2026-01-31', 'log_archived'), ('2026-01-31', '2026-02-01', 'hours_pruned');
      SET LOCAL litemaas.keep_rollups = 'on';
      DELETE FROM usage_logs WHERE created_at < '2026-01-31';
      DELETE FROM usage_summaries WHERE period_type = 'hour' AND period_start >= '2026-01-31' AND period_start < '2026-02-01';
      SET LOCAL litemaas.keep_rollups = 'off'`);
    const recorded = await readDerived(client);
    await client.query(`UPDATE litemaas_console.usage_daily SET requests = 1 WHERE day = '2026-02-01'`);
    await rebuildUsage(client);
    expect(await readDerived(client)).toEqual(recorded);
    expect(await requestsPerDay()).toEqual({ '01-30': 57, '01-31': 58, '02-01': 57, '02-02': 28 });
    await expect(rebuildUsage(client, { reportingTimeZone: 'Asia/Tokyo' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
