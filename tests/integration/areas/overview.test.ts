import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UserAttention } from '../../../src/shared/records/users';
import { saveLink } from '../../../src/main/litellm/link/proxy-link';
import {
  insertApiKey,
  insertApiKeyModel,
  insertLiteLlmObject,
  insertModel,
  insertSubscription,
  insertSyncRun,
  insertTeam,
  insertUnattributedUsage,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { type AreaCalls, openAreaCalls } from './area-calls';

const proxy = 'https://litellm.test';
const nextWeek = new Date(Date.now() + 6 * 86_400_000).toISOString();

let areas: AreaCalls;
beforeEach(async () => {
  areas = await openAreaCalls();
});
afterEach(() => areas.close());

const attention = async (): Promise<Record<string, number>> => {
  const { items } = await areas.ask('overview', 'attention', {});
  return Object.fromEntries(items.map((item) => [item.kind, item.count]));
};

const recordOf = async (kind: string): Promise<string | null | undefined> => {
  const { items } = await areas.ask('overview', 'attention', {});
  return items.find((item) => item.kind === kind)?.record;
};

const link = (): Promise<void> =>
  areas.workspace.database.write(new AbortController().signal, (connection) =>
    saveLink(connection, {
      baseUrl: proxy,
      headerName: 'Authorization',
      linkedAt: '2026-11-01T00:00:00.000000Z',
    }),
  );

/** A key with a model, so that it is no finding by itself. */
async function addKey(userId: string, columns: Record<string, unknown> = {}): Promise<string> {
  const key = await insertApiKey(areas.client, { user_id: userId, ...columns });
  await insertApiKeyModel(areas.client, { api_key_id: key.id, model_id: 'gpt' });
  return key.id;
}

describe('overview.counts', () => {
  it('counts what is in use now among all', async () => {
    const { client } = areas;
    const ann = await insertUser(client);
    await insertUser(client, { is_active: false });
    await insertTeam(client, { is_active: false });
    for (const id of ['gpt', 'claude', 'llama']) await insertModel(client, { id });
    await insertSubscription(client, { user_id: ann.id, model_id: 'gpt' });
    await insertSubscription(client, {
      user_id: ann.id,
      model_id: 'claude',
      expires_at: '2020-01-01T00:00:00Z',
    });
    await insertSubscription(client, { user_id: ann.id, model_id: 'llama', status: 'cancelled' });
    await addKey(ann.id);
    await addKey(ann.id, { is_active: false });
    await addKey(ann.id, { revoked_at: '2020-01-01T00:00:00Z' });
    await addKey(ann.id, { expires_at: '2020-01-01T00:00:00Z' });
    expect(await areas.ask('overview', 'counts', {})).toEqual({
      users: { active: 1, all: 2 },
      // The Default Team is one.
      teams: { active: 1, all: 2 },
      subscriptions: { active: 1, all: 3 },
      apiKeys: { active: 1, all: 4 },
    });
  });
});

describe('overview.attention', () => {
  it('has nothing to say about an empty database', async () => {
    expect(await areas.ask('overview', 'attention', {})).toEqual({ items: [] });
  });

  it('names the one record that can be mended where it stands, and none of several', async () => {
    const { client } = areas;
    const ann = await insertUser(client, { email: 'ann@unknown.invalid' });
    expect(await recordOf('users_without_email')).toBe(ann.id);
    await insertUser(client, { email: 'bob@unknown.invalid' });
    expect(await recordOf('users_without_email')).toBeNull();
  });

  it('finds who is over budget, is both administrators, or is switched off with keys that work', async () => {
    const { client } = areas;
    await insertModel(client, { id: 'gpt' });
    const spender = async (username: string, columns: object, days: number) => {
      const { id } = await insertUser(client, { username, ...columns });
      const subscription = await insertSubscription(client, { user_id: id, model_id: 'gpt' });
      const created = new Date(Date.now() - days * 86_400_000).toISOString();
      await insertUsageLog(client, {
        ...{ subscription_id: subscription.id, model_id: 'gpt', input_cost: '10', created_at: created },
      });
      return id;
    };
    const over = await spender('over', { max_budget: '9.99' }, 200);
    await spender('within', { max_budget: '10' }, 200);
    await spender('unlimited', {}, 200);
    await spender('gone', { max_budget: '1', is_active: false }, 200);
    const daily = await spender('daily', { max_budget: '1' }, 3);
    await insertLiteLlmObject(client, {
      ...{ proxy_id: proxy, kind: 'user', local_id: daily },
      remote: JSON.stringify({ budget_duration: '1d' }),
    });
    const listed = async (attention: UserAttention) =>
      (await areas.ask('users', 'list', { filters: { attention } })).rows.map(({ username }) => username);
    expect(await recordOf('users_over_budget')).toBe(over);
    expect(await listed('over_budget')).toEqual(['over']);

    const both = await insertUser(client, { username: 'both', roles: ['admin', 'admin-readonly'] });
    await insertUser(client, { username: 'one', roles: ['admin'] });
    await insertUser(client, { username: 'was', roles: ['admin-readonly', 'admin'], is_active: false });
    expect(await recordOf('users_both_admins')).toBe(both.id);
    expect(await listed('both_admins')).toEqual(['both']);

    for (const [username, columns] of [
      ['live', {}],
      ['switched', { is_active: false }],
      ['expired', { expires_at: '2020-01-01T00:00:00Z' }],
    ] as const) {
      const { id } = await insertUser(client, { username, is_active: false });
      await addKey(id, columns);
    }
    expect(await listed('inactive_with_keys')).toEqual(['live']);
    expect((await attention())['users_inactive_with_keys']).toBe(1);
  });

  it('counts each finding, leaves out what is none, and begins with the most serious', async () => {
    const { client } = areas;
    await link();
    for (const id of ['gpt', 'claude', 'llama', 'phi']) await insertModel(client, { id });
    const ann = await insertUser(client, { email: 'Same@example.com' });
    await insertUser(client, { email: 'same@EXAMPLE.com' });
    for (const number of [1, 2, 3]) {
      await insertUser(client, { email: `${number}@unknown.invalid` });
    }

    const open = await insertApiKey(client, { user_id: ann.id });
    await insertLiteLlmObject(client, { proxy_id: proxy, kind: 'key', local_id: open.id });
    // Given every model too, but no longer usable.
    const revoked = await insertApiKey(client, { user_id: ann.id, revoked_at: '2020-01-01T00:00:00Z' });
    await insertLiteLlmObject(client, { proxy_id: proxy, kind: 'key', local_id: revoked.id });
    await insertApiKey(client, { user_id: ann.id });
    await addKey(ann.id, { expires_at: nextWeek, budget_duration: '2w' });
    await addKey(ann.id, { expires_at: '2999-01-01T00:00:00Z', budget_duration: '14d' });

    await insertSubscription(client, { user_id: ann.id, model_id: 'gpt', status: 'suspended' });
    await insertSubscription(client, {
      user_id: ann.id,
      model_id: 'claude',
      quota_requests: 10,
      used_requests: 9,
    });
    await insertSubscription(client, {
      user_id: ann.id,
      model_id: 'llama',
      quota_requests: 0,
      quota_tokens: 0,
    });
    const phi = await insertSubscription(client, {
      user_id: ann.id,
      model_id: 'phi',
      quota_requests: null,
      quota_tokens: 1_000,
    });
    await insertTeam(client, { budget_duration: 'sometimes' });
    await insertTeam(client, { budget_duration: null });
    await insertUnattributedUsage(client, { model_id: 'x', created_at: '2026-11-01T00:00:00Z' });
    await insertUnattributedUsage(client, { model_id: 'x', created_at: '2026-10-01T00:00:00Z' });
    await insertUsageLog(client, {
      subscription_id: phi.id,
      model_id: 'phi',
      created_at: '2001-01-01T00:00:00Z',
    });
    for (const reason of ['no_user', 'system_object']) {
      await insertLiteLlmObject(client, { proxy_id: proxy, kind: 'key', state: 'homeless', reason });
    }
    await insertLiteLlmObject(client, {
      proxy_id: proxy,
      kind: 'team',
      local_id: 'b0000000-0000-4000-8000-000000000001',
      reason: 'all_models, budget_resets_daily',
    });
    await insertSyncRun(client, {
      proxy_id: proxy,
      state: 'failed',
      error: JSON.stringify({ code: 'litellm_unreachable', message: 'The proxy cannot be reached.' }),
      finished_at: '2026-11-01T00:00:00Z',
    });

    const { items } = await areas.ask('overview', 'attention', {});
    expect(Object.fromEntries(items.map((item) => [item.kind, item.count]))).toEqual({
      sync_failed: 1,
      api_keys_with_all_models: 1,
      api_keys_without_models: 1,
      api_keys_no_expiry: 2,
      subscriptions_suspended: 1,
      subscriptions_near_quota: 1,
      users_same_email: 2,
      rows_in_default_partition: 1,
      budget_duration_unknown: 3,
      api_keys_expiring: 1,
      users_without_email: 3,
      unattributed_usage: 2,
      remote_objects_without_home: 2,
      never_synced: 1,
    });
    const order = ['error', 'warning', 'info'];
    const ranks = items.map((item) => order.indexOf(item.severity));
    expect(ranks).toEqual(ranks.toSorted());
    expect(items[0]).toEqual({ kind: 'sync_failed', severity: 'error', count: 1, record: null });
  });

  it('tells a proxy that was never pulled from one whose last pull failed', async () => {
    expect(await attention()).not.toHaveProperty('never_synced');
    await link();
    expect(await attention()).toEqual({ never_synced: 1 });
    await insertSyncRun(areas.client, { proxy_id: proxy, finished_at: '2026-11-01T00:00:00Z' });
    expect(await attention()).toEqual({});
    // Nobody works on it: it was interrupted.
    await insertSyncRun(areas.client, { proxy_id: proxy, state: 'running' });
    expect(await attention()).toEqual({ sync_failed: 1 });
  });

  it('counts the months ahead that have no partition', async () => {
    const { rows } = await areas.client.query<{ name: string }>(
      `SELECT 'usage_logs_' || to_char(now() AT TIME ZONE 'UTC' + interval '1 month', 'YYYY_MM') AS name`,
    );
    await areas.client.query(`ALTER TABLE usage_logs DETACH PARTITION ${rows[0]?.name ?? ''}`);
    expect(await attention()).toEqual({ partitions_missing: 1 });
  });
});
