import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { expect, it } from 'vitest';
import { type TestDatabase } from '../../../support/postgres';
import { openTestSession } from '../../../support/test-session';
import { describeTraps, one, outcomeOf, valueOf } from './describe-traps';
import { type Subscribed, subscribe, use, useMany } from './trap-data';

/** The mean latency of the subscription's hour, as text of three decimals; null where there is none. */
const meanOf = (client: pg.Client, { subscriptionId }: Subscribed): Promise<unknown> =>
  valueOf(
    client,
    `SELECT avg_latency_ms::numeric(16, 3)::text FROM usage_summaries WHERE period_type = 'hour' AND subscription_id = $1`,
    [subscriptionId],
  );

const hourOf = (client: pg.Client, { subscriptionId }: Subscribed): Promise<unknown> =>
  one(
    client,
    `SELECT request_count::int AS requests, total_tokens::int AS tokens, error_count::int AS errors
     FROM usage_summaries WHERE period_type = 'hour' AND subscription_id = $1`,
    [subscriptionId],
  );

const countersOf = (client: pg.Client, { subscriptionId }: Subscribed): Promise<unknown> =>
  one(
    client,
    'SELECT status, used_requests::int AS requests, used_tokens::int AS tokens FROM subscriptions WHERE id = $1',
    [subscriptionId],
  );

/** How often rows of the subscriptions were written while `work` ran in this transaction. */
async function subscriptionUpdates(client: pg.Client, work: () => Promise<void>): Promise<number> {
  const count = `SELECT n_tup_upd::int FROM pg_stat_xact_user_tables WHERE relid = 'subscriptions'::regclass`;
  const before = Number(await valueOf(client, count));
  await work();
  return Number(await valueOf(client, count)) - before;
}

describeTraps('summaries', (traps) => {
  it('D1: the mean latency is exact', async () => {
    const alternating = '100 + number % 2';
    for (const [latency, documents, exact] of [
      ['number', '0.000', '49.500'],
      [alternating, '100.000', '100.500'],
    ] as const) {
      const inDocument = await subscribe(traps.document);
      await useMany(traps.document, inDocument, 100, latency);
      expect(await meanOf(traps.document, inDocument)).toBe(documents);

      const subscribed = await subscribe(traps.ours);
      await useMany(traps.ours, subscribed, 100, latency);
      expect(await meanOf(traps.ours, subscribed)).toBe(exact);
    }
  });

  it('D2: a request without a latency leaves the mean of the others', async () => {
    for (const [client, mean] of [
      [traps.document, null],
      [traps.ours, '150.000'],
    ] as const) {
      const subscribed = await subscribe(client);
      for (const latency of [100, null, 200]) await use(client, subscribed, { latency_ms: latency });
      expect(await meanOf(client, subscribed)).toBe(mean);
    }
  });

  it('D3: a busy hour does not lose requests', async () => {
    const log = `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, latency_ms, created_at)
      VALUES ($1, $2, 1, 1, 3000, '2024-01-10T10:06:00Z')`;
    const inDocument = await subscribe(traps.document);
    await use(traps.document, inDocument, { latency_ms: 3000 });
    await traps.document.query('UPDATE usage_summaries SET request_count = 800000');
    expect(await outcomeOf(traps.document, log, [inDocument.subscriptionId, inDocument.modelId])).toBe(
      '22003',
    );
    expect(
      await valueOf(traps.document, 'SELECT count(*)::int FROM usage_logs WHERE subscription_id = $1', [
        inDocument.subscriptionId,
      ]),
    ).toBe(1);

    const subscribed = await subscribe(traps.ours);
    await use(traps.ours, subscribed, { latency_ms: 3000 });
    await traps.ours.query(`UPDATE usage_summaries
      SET request_count = 800000, latency_count = 800000, latency_sum = 800000::bigint * 3000`);
    expect(await outcomeOf(traps.ours, log, [subscribed.subscriptionId, subscribed.modelId])).toBe(
      'succeeded',
    );
    expect(await meanOf(traps.ours, subscribed)).toBe('3000.000');
  });

  it("D4: hours and days are UTC's, whatever the session's time zone", async () => {
    const hours = async (client: pg.Client, subscribed: Subscribed): Promise<unknown[]> => {
      for (const zone of ['UTC', 'Asia/Kolkata']) {
        await client.query(`SELECT set_config('TimeZone', $1, true)`, [zone]);
        await use(client, subscribed);
      }
      await client.query(`SET LOCAL TimeZone = 'UTC'`);
      const { rows } = await client.query<{ hour: string }>(
        `SELECT period_start::text AS hour FROM usage_summaries WHERE period_type = 'hour' AND subscription_id = $1 ORDER BY 1`,
        [subscribed.subscriptionId],
      );
      return rows.map(({ hour }) => hour);
    };
    const inDocument = await subscribe(traps.document);
    expect(await hours(traps.document, inDocument)).toEqual([
      '2024-01-10 09:30:00+00',
      '2024-01-10 10:00:00+00',
    ]);
    const subscribed = await subscribe(traps.ours);
    expect(await hours(traps.ours, subscribed)).toEqual(['2024-01-10 10:00:00+00']);

    const days = async (client: pg.Client, { userId }: Subscribed): Promise<unknown[]> => {
      const found: unknown[] = [];
      for (const zone of ['America/Los_Angeles', 'Asia/Tokyo']) {
        await client.query(`SELECT set_config('TimeZone', $1, true)`, [zone]);
        found.push(
          await valueOf(
            client,
            `SELECT (usage_date AT TIME ZONE 'UTC')::text FROM usage_statistics WHERE user_id = $1`,
            [userId],
          ),
        );
      }
      return found;
    };
    expect(await days(traps.document, inDocument)).toEqual(['2024-01-10 08:00:00', '2024-01-09 15:00:00']);
    expect(await days(traps.ours, subscribed)).toEqual(['2024-01-10 00:00:00', '2024-01-10 00:00:00']);
  });

  it('D5: usage is summed up by hour, day and month', async () => {
    const periods = async (client: pg.Client): Promise<unknown[]> => {
      const subscribed = await subscribe(client);
      await useMany(client, subscribed, 2);
      const { rows } = await client.query<Record<string, unknown>>(
        `SELECT period_type AS type, period_start::text AS start, request_count::int AS requests
         FROM usage_summaries WHERE subscription_id = $1 ORDER BY 1`,
        [subscribed.subscriptionId],
      );
      return rows;
    };
    const hour = { type: 'hour', start: '2024-01-10 10:00:00+00', requests: 2 };
    expect(await periods(traps.document)).toEqual([hour]);
    expect(await periods(traps.ours)).toEqual([
      { type: 'day', start: '2024-01-10 00:00:00+00', requests: 2 },
      hour,
      { type: 'month', start: '2024-01-01 00:00:00+00', requests: 2 },
    ]);
  });

  it('D6: a statement writes a subscription once, however many requests it logs', async () => {
    // Every one of the document's n writes leaves a dead version of the row that all later ones in the transaction
    // step over: n writes, n²/2 steps.
    const updates = async (client: pg.Client): Promise<number[]> => {
      const subscribed = await subscribe(client, { quota_requests: null });
      const counts: number[] = [];
      for (const requests of [150, 300])
        counts.push(await subscriptionUpdates(client, () => useMany(client, subscribed, requests)));
      expect(await countersOf(client, subscribed)).toMatchObject({ requests: 450 });
      return counts;
    };
    expect(await updates(traps.document)).toEqual([150, 300]);
    expect(await updates(traps.ours)).toEqual([1, 1]);
  });

  // The only test here that commits: every other one asks for its own subscription.
  it('D7: two writers who log for the same subscriptions in opposite order both get through', async () => {
    expect((await writeInOppositeOrder(traps.documentDatabase)).sort()).toEqual(['40P01', 'written']);
    expect(await writeInOppositeOrder(traps.ourDatabase)).toEqual(['written', 'written']);
  });

  it('D8: importing history suspends nobody', async () => {
    const inDocument = await subscribe(traps.document, { quota_requests: 3 });
    await useMany(traps.document, inDocument, 5);
    expect(await countersOf(traps.document, inDocument)).toEqual({
      status: 'suspended',
      requests: 5,
      tokens: 10,
    });

    const { ours } = traps;
    const subscribed = await subscribe(ours, { quota_requests: 3 });
    await ours.query('SET LOCAL litemaas.count_usage = off');
    await useMany(ours, subscribed, 5);
    expect(await countersOf(ours, subscribed)).toEqual({ status: 'active', requests: 0, tokens: 0 });
    expect(await hourOf(ours, subscribed)).toEqual({ requests: 5, tokens: 10, errors: 0 });
    await ours.query('SET LOCAL litemaas.count_usage = on');
    await use(ours, subscribed);
    expect(await countersOf(ours, subscribed)).toEqual({ status: 'active', requests: 1, tokens: 2 });
  });

  it('D9: corrections and deletions change the sums, and a rebuild makes everything again', async () => {
    const correct = async (client: pg.Client): Promise<Subscribed> => {
      const subscribed = await subscribe(client);
      const [first, second] = [await use(client, subscribed), await use(client, subscribed)];
      await use(client, subscribed);
      await client.query('UPDATE usage_logs SET response_tokens = 9, status_code = 500 WHERE id = $1', [
        first,
      ]);
      await client.query('DELETE FROM usage_logs WHERE id = $1', [second]);
      return subscribed;
    };
    const inDocument = await correct(traps.document);
    expect(await hourOf(traps.document, inDocument)).toEqual({ requests: 3, tokens: 6, errors: 0 });
    expect(await countersOf(traps.document, inDocument)).toMatchObject({ requests: 3, tokens: 6 });

    const { ours } = traps;
    const subscribed = await correct(ours);
    expect(await hourOf(ours, subscribed)).toEqual({ requests: 2, tokens: 12, errors: 1 });
    expect(await countersOf(ours, subscribed)).toMatchObject({ requests: 2, tokens: 12 });
    await ours.query(
      'UPDATE usage_summaries SET request_count = 77; DELETE FROM litemaas_console.usage_daily',
    );
    await ours.query('SELECT litemaas_console.rebuild_usage()');
    expect(await hourOf(ours, subscribed)).toEqual({ requests: 2, tokens: 12, errors: 1 });
    expect(
      await valueOf(
        ours,
        'SELECT sum(requests)::int FROM litemaas_console.usage_daily WHERE subscription_id = $1',
        [subscribed.subscriptionId],
      ),
    ).toBe(2);
  });
});

/**
 * Two connections log one request each for three subscriptions in one statement, the second in the opposite order.
 * The subscription in the middle is held until both wait, so that each has come half-way.
 * @returns for each writer 'written' or the SQLSTATE it failed with.
 */
async function writeInOppositeOrder(database: TestDatabase): Promise<string[]> {
  const clients = await Promise.all([1, 2, 3].map(() => openTestSession(database.config)));
  try {
    const [holder, first, second] = clients as [pg.Client, pg.Client, pg.Client];
    const subscribed: Subscribed[] = [];
    for (let count = 0; count < 3; count += 1) subscribed.push(await subscribe(holder));
    await holder.query('BEGIN');
    await holder.query('UPDATE subscriptions SET max_budget = 1 WHERE id = $1', [
      subscribed[1]?.subscriptionId,
    ]);
    const writing: Promise<string>[] = [];
    for (const [writer, order] of [
      [first, subscribed],
      [second, [...subscribed].reverse()],
    ] as const) {
      const processId = await valueOf(writer, 'SELECT pg_backend_pid()');
      writing.push(write(writer, order));
      while ((await valueOf(holder, isWaiting, [processId])) !== true) await delay(10);
    }
    await holder.query('COMMIT');
    return await Promise.all(writing);
  } finally {
    for (const client of clients) await client.end();
  }
}

const isWaiting = `SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)`;

async function write(client: pg.Client, order: readonly Subscribed[]): Promise<string> {
  try {
    await client.query(
      `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
       SELECT subscription_id, model_id, 1, 1, '2024-01-10T10:05:00Z'
       FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS f (subscription_id, model_id, place) ORDER BY place`,
      [order.map(({ subscriptionId }) => subscriptionId), order.map(({ modelId }) => modelId)],
    );
    return 'written';
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error);
  }
}
