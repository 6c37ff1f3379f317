import type pg from 'pg';
import { expect, it } from 'vitest';
import { describeTraps, one, outcomeOf, valueOf } from './describe-traps';
import { type Subscribed, subscribe, use, useMany } from './trap-data';

const statusOf = (client: pg.Client, { subscriptionId }: Subscribed): Promise<unknown> =>
  valueOf(client, 'SELECT status FROM subscriptions WHERE id = $1', [subscriptionId]);

const change = async (client: pg.Client, { subscriptionId }: Subscribed, set: string): Promise<unknown> => {
  await client.query(`UPDATE subscriptions SET ${set} WHERE id = $1`, [subscriptionId]);
  return statusOf(client, { subscriptionId } as Subscribed);
};

/** What became of an active subscription, newest last. */
const eventsOf = async (client: pg.Client, { subscriptionId }: Subscribed): Promise<unknown[]> => {
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT to_status, cause, usage_log_id FROM litemaas_console.subscription_events
     WHERE subscription_id = $1 AND from_status IS NOT NULL ORDER BY id`,
    [subscriptionId],
  );
  return rows;
};

describeTraps('quotas', (traps) => {
  it('C1: a quota of three serves three requests; the fourth suspends and is named', async () => {
    const { document, ours } = traps;
    const inDocument = await subscribe(document, { quota_requests: 3 });
    const documentStatuses: unknown[] = [];
    for (let request = 1; request <= 5; request += 1) {
      await use(document, inDocument);
      documentStatuses.push(await statusOf(document, inDocument));
    }
    // Four are served before anything happens, and nothing says which request it was.
    expect(documentStatuses).toEqual(['active', 'active', 'active', 'suspended', 'suspended']);
    expect(await valueOf(document, 'SELECT used_requests FROM subscriptions')).toBe(5);
    expect(await valueOf(document, 'SELECT count(*)::int FROM audit_logs')).toBe(0);

    const subscribed = await subscribe(ours, { quota_requests: 3 });
    const requests: string[] = [];
    const statuses: unknown[] = [];
    for (let minute = 1; minute <= 5; minute += 1) {
      requests.push(await use(ours, subscribed, { created_at: `2024-01-10T10:0${minute}:00Z` }));
      statuses.push(await statusOf(ours, subscribed));
    }
    expect(statuses).toEqual(['active', 'active', 'active', 'suspended', 'suspended']);
    expect(await eventsOf(ours, subscribed)).toEqual([
      { to_status: 'suspended', cause: 'quota', usage_log_id: requests[3] },
    ]);
  });

  it('C2: raising the quota together with the usage suspends nobody', async () => {
    const raise = 'quota_requests = 100, used_requests = 5';
    const inDocument = await subscribe(traps.document, { quota_requests: 3 });
    expect(await change(traps.document, inDocument, raise)).toBe('suspended');

    expect(await change(traps.ours, await subscribe(traps.ours, { quota_requests: 3 }), raise)).toBe(
      'active',
    );
  });

  it('C3: lowering a quota below the usage suspends', async () => {
    for (const [quota, used] of [
      ['quota_requests', 'used_requests'],
      ['quota_tokens', 'used_tokens'],
    ] as const) {
      const inDocument = await subscribe(traps.document, { [used]: 5 });
      expect(await change(traps.document, inDocument, `${quota} = 3`)).toBe('active');

      const subscribed = await subscribe(traps.ours, { [used]: 5 });
      expect(await change(traps.ours, subscribed, `${quota} = 5`)).toBe('active');
      expect(await change(traps.ours, subscribed, `${quota} = 3`)).toBe('suspended');
      expect(await eventsOf(traps.ours, subscribed)).toMatchObject([
        { to_status: 'suspended', cause: 'quota' },
      ]);
    }
  });

  it('C4: late usage leaves what is not active as it is', async () => {
    for (const status of ['cancelled', 'expired', 'pending']) {
      const inDocument = await subscribe(traps.document, { status, quota_requests: 0 });
      await use(traps.document, inDocument);
      expect(await statusOf(traps.document, inDocument)).toBe('suspended');

      const subscribed = await subscribe(traps.ours, { status, quota_requests: 0 });
      await use(traps.ours, subscribed);
      expect(await statusOf(traps.ours, subscribed)).toBe(status);
    }
    const past = { expires_at: '2024-01-01T00:00:00Z', quota_requests: 0 };
    const inDocument = await subscribe(traps.document, past);
    await use(traps.document, inDocument);
    expect(await statusOf(traps.document, inDocument)).toBe('suspended');
    const ended = await subscribe(traps.ours, past);
    await use(traps.ours, ended);
    expect(await statusOf(traps.ours, ended)).toBe('active');
    expect(
      await valueOf(
        traps.ours,
        'SELECT effective_subscription_status(status, expires_at) FROM subscriptions WHERE id = $1',
        [ended.subscriptionId],
      ),
    ).toBe('expired');
  });

  it('C5: whom the quota suspended can be told from whom an administrator suspended', async () => {
    const { document, ours } = traps;
    const suspendBoth = async (client: pg.Client): Promise<[Subscribed, Subscribed]> => {
      const byQuota = await subscribe(client, { quota_requests: 0 });
      await use(client, byQuota);
      const byAdministrator = await subscribe(client, { quota_requests: 0 });
      await change(client, byAdministrator, `status = 'suspended'`);
      await use(client, byAdministrator);
      return [byQuota, byAdministrator];
    };
    const states: unknown[] = [];
    for (const subscribed of await suspendBoth(document)) {
      expect(await change(document, subscribed, 'used_requests = 0, quota_requests = 100')).toBe('suspended');
      states.push(
        await valueOf(
          document,
          `SELECT to_jsonb(s) - '{id,user_id,model_id}'::text[] FROM subscriptions s WHERE id = $1`,
          [subscribed.subscriptionId],
        ),
      );
    }
    expect(states[0]).toEqual(states[1]);

    const [byQuota, byAdministrator] = await suspendBoth(ours);
    expect(await eventsOf(ours, byQuota)).toMatchObject([{ to_status: 'suspended', cause: 'quota' }]);
    expect(await eventsOf(ours, byAdministrator)).toMatchObject([{ to_status: 'suspended', cause: 'admin' }]);
    // The way back is a change of the status like any other, and is recorded too.
    const reset = `used_requests = 0, quota_requests = 100, status = 'active'`;
    expect(await change(ours, byQuota, reset)).toBe('active');
    expect(await eventsOf(ours, byQuota)).toMatchObject([
      { cause: 'quota' },
      { to_status: 'active', cause: 'admin' },
    ]);
  });

  it('C6: without a quota usage is unlimited, and what remains of a quota is never negative', async () => {
    const remaining = `SELECT remaining_requests::text AS requests, remaining_tokens::text AS tokens
      FROM active_subscriptions WHERE id = $1`;
    const over = { quota_requests: 4, used_requests: 5, quota_tokens: 8, used_tokens: 10 };
    const inDocument = await subscribe(traps.document, over);
    expect(await one(traps.document, remaining, [inDocument.subscriptionId])).toEqual({
      requests: '-1',
      tokens: '-2',
    });

    const subscribed = await subscribe(traps.ours, over);
    expect(await one(traps.ours, remaining, [subscribed.subscriptionId])).toEqual({
      requests: '0',
      tokens: '0',
    });
    const unlimited = await subscribe(traps.ours, { quota_requests: null, quota_tokens: null });
    await useMany(traps.ours, unlimited, 50);
    expect(await one(traps.ours, remaining, [unlimited.subscriptionId])).toEqual({
      requests: null,
      tokens: null,
    });
    const none = await subscribe(traps.ours, { quota_requests: 0, quota_tokens: 0 });
    expect(await one(traps.ours, remaining, [none.subscriptionId])).toEqual({ requests: '0', tokens: '0' });
  });

  it('C8: usage goes on past 2,147,483,647 requests', async () => {
    const most = { quota_requests: 2_147_483_647, used_requests: 2_147_483_647 };
    const log = `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
      VALUES ($1, $2, 1, 1, '2024-01-10T10:05:00Z')`;
    const inDocument = await subscribe(traps.document, most);
    expect(await outcomeOf(traps.document, log, [inDocument.subscriptionId, inDocument.modelId])).toBe(
      '22003',
    );
    expect(await valueOf(traps.document, 'SELECT count(*)::int FROM usage_logs')).toBe(0);

    const subscribed = await subscribe(traps.ours, { ...most, quota_requests: null });
    await use(traps.ours, subscribed);
    expect(await valueOf(traps.ours, 'SELECT used_requests FROM subscriptions')).toBe('2147483648');
  });
});
