import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';

/** Requests at a minute of the day on which the period began, at noon. */
const at = (time: string): string => `2026-10-01T${time}:00Z`;
const start = at('12:00');

describeOnEachPostgres('the period of a subscription', (major) => {
  let database: TestDatabase;
  let client: pg.Client;
  let subscription = '';

  beforeAll(async () => {
    database = await createTestDatabase({ major });
    client = await openTestSession(database.config);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  beforeEach(async () => {
    const { id: user } = await insertUser(client);
    const { id: model } = await insertModel(client);
    const columns = { user_id: user, model_id: model, quota_requests: 2, quota_tokens: 100 };
    ({ id: subscription } = await insertSubscription(client, { ...columns, period_started_at: start }));
  });

  const row = async () => {
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT s.status, s.used_requests::int AS requests, s.used_tokens::int AS tokens,
        (SELECT coalesce(sum(d.requests), 0)::int FROM litemaas_console.usage_daily d WHERE d.subscription_id = s.id)
          AS recorded
       FROM public.subscriptions s WHERE s.id = $1`,
      [subscription],
    );
    return rows[0];
  };
  const event = async () => {
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT cause, exceeded_by, exceeded_quota, usage_log_id FROM litemaas_console.subscription_events
       WHERE subscription_id = $1 ORDER BY id DESC LIMIT 1`,
      [subscription],
    );
    return rows[0];
  };
  const log = async (time: string, tokens = 10, by: pg.Client = client): Promise<string> => {
    const { rows } = await client.query<{ model: string }>(
      'SELECT model_id AS model FROM public.subscriptions WHERE id = $1',
      [subscription],
    );
    const columns = { subscription_id: subscription, model_id: rows[0]?.model ?? '', created_at: at(time) };
    const { id } = await insertUsageLog(by, { ...columns, request_tokens: tokens, response_tokens: 0 });
    return id;
  };

  it('counts what was requested since it began, to the instant, and records what came before', async () => {
    await log('11:59');
    await log('12:00');
    expect(await row()).toEqual({ status: 'active', requests: 1, tokens: 10, recorded: 2 });
    // More than the quota, and all of it late.
    for (const time of ['11:40', '11:41', '11:42']) await log(time);
    expect(await row()).toEqual({ status: 'active', requests: 1, tokens: 10, recorded: 5 });
  });

  it('takes nothing off for requests of an earlier period that are corrected or removed', async () => {
    const early = await log('11:00', 30);
    await log('12:30', 30);
    await client.query('UPDATE public.usage_logs SET request_tokens = 90 WHERE id = $1', [early]);
    expect(await row()).toMatchObject({ requests: 1, tokens: 30 });
    await client.query('DELETE FROM public.usage_logs WHERE id = $1', [early]);
    expect(await row()).toMatchObject({ requests: 1, tokens: 30, recorded: 1 });
    await client.query(
      `UPDATE public.usage_logs SET counted_towards_quota = false WHERE subscription_id = $1`,
      [subscription],
    );
    expect(await row()).toMatchObject({ requests: 0, tokens: 0 });
  });

  it('waits for a reset that is under way, and then sees the period that it began', async () => {
    const other = await openTestSession(database.config);
    try {
      await client.query('BEGIN');
      await client.query(
        `UPDATE public.subscriptions SET period_started_at = $2, used_requests = 0, used_tokens = 0 WHERE id = $1`,
        [subscription, at('13:00')],
      );
      const late = log('12:50', 10, other);
      await isWaitedFor(client);
      await client.query('COMMIT');
      await late;
      expect(await row()).toMatchObject({ requests: 0, tokens: 0, recorded: 1 });
    } finally {
      await other.end();
    }
  });

  it('says which quota was exceeded first among a batch, whatever comes in later', async () => {
    await client.query('UPDATE public.subscriptions SET quota_requests = 3 WHERE id = $1', [subscription]);
    const ids = [await log('12:01', 60), await log('12:02', 60)];
    expect(await row()).toMatchObject({ status: 'suspended', requests: 2, tokens: 120 });
    for (const time of ['11:58', '12:03', '12:04', '12:05']) await log(time, 1);
    const told = { cause: 'quota', exceeded_by: 'request', exceeded_quota: 'tokens' };
    expect(await event()).toEqual({ ...told, usage_log_id: ids[1] });
  });

  it('names the request whose correction went past the quota, not one that was corrected along', async () => {
    const [first, second] = [await log('12:01', 10), await log('12:02', 10)];
    // The first gives some back, the second takes it past the quota; both in one statement.
    await client.query(
      `UPDATE public.usage_logs SET request_tokens = CASE WHEN id = $1 THEN 5 ELSE 200 END WHERE subscription_id = $2`,
      [first, subscription],
    );
    const told = { cause: 'quota', exceeded_by: 'correction', exceeded_quota: 'tokens' };
    expect(await event()).toEqual({ ...told, usage_log_id: second });
  });

  it('names the earlier of two corrections where that alone was enough', async () => {
    const [first] = [await log('12:01', 10), await log('12:02', 10)];
    await client.query(
      `UPDATE public.usage_logs SET request_tokens = CASE WHEN id = $1 THEN 95 ELSE 20 END WHERE subscription_id = $2`,
      [first, subscription],
    );
    expect(await event()).toMatchObject({ exceeded_by: 'correction', usage_log_id: first });
  });
});

/** Until another session of the database waits for a lock. */
async function isWaitedFor(client: pg.Client): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await client.query<{ waits: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_stat_activity
          WHERE wait_event_type = 'Lock' AND pid <> pg_backend_pid() AND datname = current_database()) AS waits`,
      );
      return rows[0]?.waits;
    })
    .toBe(true);
}
