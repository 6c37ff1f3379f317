import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';

const user = '00000000-0000-4000-8000-000000000001';
const other = '00000000-0000-4000-8000-000000000009';
const subscription = '00000000-0000-4000-8000-000000000002';

async function fill(client: pg.ClientBase): Promise<void> {
  await client.query(`
    INSERT INTO users (id, username, email, oauth_provider, oauth_id)
    VALUES ('${user}', 'ada', 'ada@example.com', 'test', '1'), ('${other}', 'ben', 'ben@example.com', 'test', '2');
    INSERT INTO models (id, name, provider) VALUES ('m', 'M', 'p'), ('n', 'N', 'p');
    INSERT INTO subscriptions (id, user_id, model_id, status, quota_requests, quota_tokens)
    VALUES ('${subscription}', '${user}', 'm', 'active', 3, NULL)`);
}

const logRequests = `
  INSERT INTO usage_logs (id, subscription_id, model_id, request_tokens, response_tokens, created_at)
  SELECT ('00000000-0000-4000-8000-0000000001' || lpad(i::text, 2, '0'))::uuid, '${subscription}', 'm', 1, 1,
    '2026-01-01T00:00Z'::timestamptz + i * interval '1 minute'
  FROM generate_series($1::int, $2::int) i`;

describeOnEachPostgres('the history of subscriptions', (major) => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase({ major });
    client = await openTestSession(database.config);
    await fill(client);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  beforeEach(() => client.query('BEGIN'));
  afterEach(() => client.query('ROLLBACK'));

  async function events(): Promise<unknown[]> {
    const { rows } = await client.query<Record<string, unknown>>(`
      SELECT from_status, to_status, cause, actor, usage_log_id FROM litemaas_console.subscription_events
      WHERE subscription_id = '${subscription}' ORDER BY id OFFSET 1`);
    return rows;
  }

  const status = async (): Promise<unknown> => {
    const { rows } = await client.query<{ status: string }>('SELECT status FROM subscriptions LIMIT 1');
    return rows[0]?.status;
  };

  it('suspends on the request that exceeds the quota, and names that request among a batch', async () => {
    await client.query(logRequests, [1, 3]);
    expect(await status()).toBe('active');
    await client.query(`SET LOCAL litemaas.cause = 'sync'; SET LOCAL litemaas.actor = 'pull'`);
    await client.query(logRequests, [4, 9]);
    expect(await status()).toBe('suspended');
    expect(await events()).toEqual([
      {
        from_status: 'active',
        to_status: 'suspended',
        cause: 'quota',
        actor: 'pull',
        usage_log_id: '00000000-0000-4000-8000-000000000104',
      },
    ]);
  });

  it('suspends when the quota is lowered below the usage, not when quota and usage rise together', async () => {
    await client.query(logRequests, [1, 3]);
    await client.query('UPDATE subscriptions SET quota_requests = 100, used_requests = 50');
    expect(await status()).toBe('active');
    await client.query('UPDATE subscriptions SET quota_requests = 49');
    expect(await status()).toBe('suspended');
    expect(await events()).toMatchObject([{ cause: 'quota', usage_log_id: null }]);
  });

  it('leaves cancelled, pending and expired subscriptions what they are when usage comes late', async () => {
    for (const change of [
      `status = 'cancelled'`,
      `status = 'pending'`,
      `status = 'active', expires_at = now() - interval '1 day'`,
    ]) {
      await client.query(`SAVEPOINT before; UPDATE subscriptions SET ${change}`);
      const before = await status();
      await client.query(logRequests, [1, 9]);
      expect(await status()).toBe(before);
      await client.query('ROLLBACK TO before');
    }
  });

  it('never suspends without a quota, and always with a quota of 0', async () => {
    await client.query('UPDATE subscriptions SET quota_requests = NULL');
    await client.query(logRequests, [1, 50]);
    expect(await status()).toBe('active');
    await client.query('UPDATE subscriptions SET quota_requests = 0, used_requests = 0');
    expect(await status()).toBe('active');
    await client.query(logRequests, [51, 51]);
    expect(await status()).toBe('suspended');
  });

  it('records who changed a status and why, and the end of a deleted subscription', async () => {
    await client.query(`SET LOCAL litemaas.cause = 'expiry'; SET LOCAL litemaas.actor = 'ada'`);
    await client.query(`UPDATE subscriptions SET status = 'expired'`);
    await client.query(`UPDATE subscriptions SET quota_tokens = 5`);
    await client.query(`RESET litemaas.cause; RESET litemaas.actor`);
    await client.query(`DELETE FROM users WHERE id = '${user}'`);
    expect(await events()).toEqual([
      { from_status: 'active', to_status: 'expired', cause: 'expiry', actor: 'ada', usage_log_id: null },
      { from_status: 'expired', to_status: null, cause: 'admin', actor: 'litemaas', usage_log_id: null },
    ]);
  });

  it('keeps a subscription that has usage with its owner', async () => {
    await client.query(`SAVEPOINT unused; UPDATE subscriptions SET user_id = '${other}'; ROLLBACK TO unused`);
    await client.query(logRequests, [1, 1]);
    await expect(client.query(`UPDATE subscriptions SET user_id = '${other}'`)).rejects.toMatchObject({
      code: '23001',
    });
  });
});

describe('writers beside each other', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = await openTestSession(database.config);
    await fill(client);
    await client.query(`INSERT INTO subscriptions (user_id, model_id, status, quota_requests, quota_tokens)
      SELECT '${other}', 'n', 'pending', NULL, NULL FROM generate_series(1, 20)`);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('do not deadlock and lose nothing when their batches name the same subscriptions in any order', async () => {
    const writers = 4;
    const batches = 15;
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const connection = await openTestSession(database.config);
        for (let batch = 0; batch < batches; batch += 1) {
          await connection.query(
            `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, latency_ms, created_at)
             SELECT id, 'n', 1, 1, 100 * (1 + random()), '2026-01-01T00:00Z'::timestamptz + random() * interval '3 days'
             FROM subscriptions WHERE model_id = 'n' ORDER BY ${writer % 2 === 0 ? 'id' : 'id DESC'}`,
          );
          if (batch % 3 === 0) {
            await connection.query(
              `DELETE FROM usage_logs WHERE id IN (SELECT id FROM usage_logs ORDER BY random() LIMIT 5 FOR UPDATE SKIP LOCKED)`,
            );
          }
        }
        await connection.end();
      }),
    );
    const { rows } = await client.query(`
      SELECT
        (SELECT count(*)::int FROM usage_logs) AS logged,
        (SELECT sum(used_requests)::int FROM subscriptions) AS used,
        (SELECT sum(requests)::int FROM litemaas_console.usage_daily) AS daily,
        (SELECT sum(requests)::int FROM litemaas_console.usage_latency) AS latency`);
    const logged = (rows[0] as { logged: number }).logged;
    expect(logged).toBeGreaterThan(writers * batches * 20 - writers * batches * 5);
    expect(rows).toEqual([{ logged, used: logged, daily: logged, latency: logged }]);
  });

  it('may have rights on the documented tables only', async () => {
    const role = `"writer of ${database.name}"`;
    const admin = await openTestSession(database.adminConfig);
    await admin.query(`CREATE ROLE ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON usage_logs, subscriptions, users TO ${role}`);
    await admin.query(`SET ROLE ${role}`);
    await admin.query(`
      UPDATE subscriptions SET status = 'active', quota_requests = 1 WHERE id = '${subscription}';
      INSERT INTO users (username, email, oauth_provider, oauth_id) VALUES ('eve', 'eve@example.com', 'test', '3');
      INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens)
      SELECT '${subscription}', 'm', 1, 1 FROM generate_series(1, 2);
      UPDATE usage_logs SET request_tokens = 5 WHERE model_id = 'm';
      DELETE FROM subscriptions WHERE id = '${subscription}'`);
    await expect(admin.query('SELECT FROM litemaas_console.usage_daily')).rejects.toMatchObject({
      code: '42501',
    });
    await expect(admin.query(`SELECT litemaas_console.apply_latency_deltas('{}')`)).rejects.toMatchObject({
      code: '42501',
    });
    await admin.query('RESET ROLE');
    const { rows } = await admin.query(
      `SELECT requests::int, request_tokens::int FROM litemaas_console.usage_daily WHERE model_id = 'm'`,
    );
    expect(rows).toEqual([{ requests: 2, request_tokens: 10 }]);
    await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await admin.end();
  });
});
