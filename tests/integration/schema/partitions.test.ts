import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensurePartitions, missingPartitionMonths } from '../../../src/main/postgres/ensure-partitions';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';

describeOnEachPostgres('partitions of the usage log', (major) => {
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
      VALUES ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'm', 'active', NULL)`);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const log = (at: string): Promise<unknown> =>
    client.query(
      `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
       VALUES ('00000000-0000-4000-8000-000000000002', 'm', 3, 4, $1)`,
      [at],
    );

  async function partitionsWithRows(): Promise<Record<string, number>> {
    const { rows } = await client.query<{ name: string; count: number }>(
      'SELECT tableoid::regclass::text AS name, count(*)::int FROM usage_logs GROUP BY 1',
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }

  it('reach from 36 months back to 3 ahead, each beginning where the last ended, in UTC', async () => {
    const { rows } = await client.query<{ bound: string }>(`
      SELECT pg_get_expr(c.relpartbound, c.oid) AS bound
      FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
      WHERE inhparent = 'usage_logs'::regclass AND c.relname <> 'usage_logs_default'
      ORDER BY c.relname`);
    const now = new Date();
    const months = Array.from({ length: 41 }, (_, index) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 36 + index)).toISOString().slice(0, 10),
    );
    expect(rows.map(({ bound }) => bound)).toEqual(
      months
        .slice(0, 40)
        .map(
          (month, index) =>
            `FOR VALUES FROM ('${month} 00:00:00+00') TO ('${months[index + 1]} 00:00:00+00')`,
        ),
    );
    expect(await missingPartitionMonths(client, now)).toEqual([]);
    expect(await ensurePartitions(client, now)).toEqual([]);
  });

  it('are created in UTC by a session in another time zone, and take their rows out of DEFAULT without counting again', async () => {
    await log('2030-01-31T23:59:59.999999Z');
    await log('2030-02-01T00:00:00Z');
    await log('2030-02-28T23:59:59.999999Z');
    await log('2030-03-01T00:00:00Z');
    expect(await partitionsWithRows()).toEqual({ usage_logs_default: 4 });
    const counters = 'SELECT used_requests, used_tokens FROM subscriptions';
    const before = (await client.query(counters)).rows;

    await client.query(`SET TimeZone = 'America/New_York'`);
    const { rows } = await client.query(
      `SELECT litemaas_console.create_usage_partition('2030-02-17') AS created`,
    );
    await client.query(`SET TimeZone = 'UTC'`);
    expect(rows).toEqual([{ created: true }]);
    expect(await partitionsWithRows()).toEqual({ usage_logs_default: 2, usage_logs_2030_02: 2 });
    expect((await client.query(counters)).rows).toEqual(before);
    const totals = await client.query(
      'SELECT sum(requests)::int AS requests FROM litemaas_console.usage_daily',
    );
    expect(totals.rows).toEqual([{ requests: 4 }]);

    const created = await ensurePartitions(client, new Date('2030-03-15T00:00:00Z'));
    expect(created).toContain('usage_logs_2030_01');
    expect(created).not.toContain('usage_logs_2030_02');
    expect(await partitionsWithRows()).toEqual({
      usage_logs_2030_01: 1,
      usage_logs_2030_02: 2,
      usage_logs_2030_03: 1,
    });
    await client.query('DELETE FROM usage_logs');
  });

  it('has the indexes, constraints and accounting of the log in each month', async () => {
    await log('2030-02-10T10:00:00Z');
    await expect(
      client.query(`INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
        VALUES (gen_random_uuid(), 'm', 1, 1, '2030-02-10T10:00:00Z')`),
    ).rejects.toMatchObject({ code: '23503' });
    const { rows } = await client.query<{ relation: string; indexes: number }>(`
      SELECT indrelid::regclass::text AS relation, count(*)::int AS indexes FROM pg_index
      WHERE indrelid IN ('usage_logs'::regclass, 'usage_logs_2030_02'::regclass) GROUP BY 1 ORDER BY 1`);
    expect(rows[0]?.indexes).toBe(rows[1]?.indexes);
    await client.query('DELETE FROM usage_logs');
    const totals = await client.query(`SELECT used_requests::int FROM subscriptions`);
    expect(totals.rows).toEqual([{ used_requests: 0 }]);
  });

  it('do not come back when somebody detached a month, and wait for a locked log no longer than the timeout', async () => {
    await client.query('ALTER TABLE usage_logs DETACH PARTITION usage_logs_2030_02');
    const now = new Date('2030-03-15T00:00:00Z');
    expect(await missingPartitionMonths(client, now)).toEqual(['2030-02']);
    expect(await ensurePartitions(client, now)).toEqual([]);

    const holder = await openTestSession(database.config);
    await holder.query('BEGIN; LOCK TABLE usage_logs IN ACCESS EXCLUSIVE MODE');
    await client.query(`BEGIN; SET LOCAL lock_timeout = '100ms'`);
    await expect(
      client.query(`SELECT litemaas_console.create_usage_partition('2031-01-01')`),
    ).rejects.toMatchObject({ code: '55P03' });
    await client.query('ROLLBACK');
    await holder.query('ROLLBACK');
    await holder.end();
    const { rows } = await client.query(`SELECT to_regclass('usage_logs_2031_01') AS half_made`);
    expect(rows).toEqual([{ half_made: null }]);
  });
});
