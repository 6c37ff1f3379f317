import { afterEach, describe, expect, it } from 'vitest';
import { contract } from '../../../src/shared/contract';
import { call, count, demoHarness, type DemoOptions, keysWithOwner, memberships } from './demo-harness';
import type { Harness } from './harness';

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const open: Harness[] = [];

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.close();
});

async function opened(options: DemoOptions = {}): Promise<Harness> {
  const harness = await demoHarness(options);
  open.push(harness);
  return harness;
}

describe('import rules', () => {
  it('gives everybody an id, a unique name and an address', async () => {
    const h = await opened({ traceRows: 1 });
    await h.pull();
    const users = await h.rows<{
      id: string;
      username: string;
      email: string;
      oauth_id: string;
      oauth_provider: string;
    }>('SELECT id, username, email, oauth_id, oauth_provider FROM users');
    for (const user of users) {
      expect(user.oauth_provider).toBe('litellm');
      const remote = h.simulator.state.users.get(user.oauth_id);
      expect(user.id).toMatch(uuid);
      if (uuid.test(user.oauth_id)) expect(user.id).toBe(user.oauth_id);
      expect(user.email).toBe(remote?.user_email ?? `${user.oauth_id}@unknown.invalid`);
    }
    expect(users.some((user) => !uuid.test(user.oauth_id))).toBe(true);
    expect(users.some((user) => user.email.endsWith('@unknown.invalid'))).toBe(true);
    expect(new Set(users.map((user) => user.username)).size).toBe(users.length);
  });

  it('keeps null as unlimited and zero as none', async () => {
    const h = await opened({ traceRows: 1 });
    await h.pull();
    const remote = [...h.simulator.state.keys.values()];
    const local = new Map(
      (
        await h.rows<{
          key_hash: string;
          max_budget: string | null;
          tpm_limit: string | null;
          rpm_limit: string | null;
        }>('SELECT key_hash, max_budget, tpm_limit, rpm_limit FROM api_keys')
      ).map((row) => [row.key_hash, row]),
    );
    const sameNumber = (theirs: unknown, ours: string | null | undefined): boolean =>
      theirs === null ? ours === null : Number(ours) === Number(theirs);
    for (const key of keysWithOwner(h.simulator.state)) {
      const row = local.get(key.token);
      expect(sameNumber(key.max_budget, row?.max_budget)).toBe(true);
      expect(sameNumber(key.tpm_limit, row?.tpm_limit)).toBe(true);
      expect(sameNumber(key.rpm_limit, row?.rpm_limit)).toBe(true);
    }
    expect(remote.some((key) => key.max_budget === null)).toBe(true);
    expect(remote.some((key) => key.max_budget === 0)).toBe(true);
  });

  it('takes prices per thousand tokens exactly, and leaves unknown ones empty', async () => {
    const h = await opened({ traceRows: 1 });
    const [first] = h.simulator.state.models;
    if (!first) throw new Error('the demo has models');
    h.simulator.state.models = [
      {
        ...first,
        model_name: 'tiny',
        model_info: {
          id: 'a',
          input_cost_per_token: 1e-7,
          output_cost_per_token: 2.5e-6,
          max_input_tokens: 128_000,
          max_output_tokens: 4096,
        },
      },
      { ...first, model_name: 'tiny', model_info: { id: 'b', input_cost_per_token: 1e-8 } },
      { ...first, model_name: 'unpriced', model_info: { id: 'c' } },
    ];
    await h.pull();
    const rows = await h.rows(
      'SELECT id, input_price_per_1k::text AS input, output_price_per_1k::text AS output, context_length, max_tokens FROM models ORDER BY id',
    );
    expect(rows).toEqual([
      {
        id: 'tiny',
        input: '0.000100000000',
        output: '0.002500000000',
        context_length: 128_000,
        max_tokens: 4096,
      },
      { id: 'unpriced', input: null, output: null, context_length: null, max_tokens: null },
    ]);
    const prices = () =>
      h.rows(
        'SELECT model_id, input_price_per_token::text AS input FROM litemaas_console.model_prices ORDER BY valid_from',
      );
    expect(await prices()).toEqual([{ model_id: 'tiny', input: '0.0000001' }]);

    const [tiny] = h.simulator.state.models;
    if (tiny) tiny.model_info.input_cost_per_token = 3e-7;
    await h.pull();
    expect(await prices()).toEqual([
      { model_id: 'tiny', input: '0.0000001' },
      { model_id: 'tiny', input: '0.0000003' },
    ]);
  });

  it('counts what has no home and says why', async () => {
    const h = await opened();
    await h.pull();
    const { state } = h.simulator;
    const status = await h.handlers.status({}, call(h));
    const homeless = new Map(status.homeless.map((row) => [`${row.kind} ${row.reason}`, row.count]));
    const keys = [...state.keys.values()];
    expect(homeless.get('key no_user')).toBe(keys.filter((key) => key.user_id === null).length);
    expect(homeless.get('key unknown_user')).toBe(
      keys.filter(
        (key) => key.user_id !== null && key.user_id !== 'default_user_id' && !state.users.has(key.user_id),
      ).length,
    );
    const strangers = memberships(state).filter((member) => !member.known);
    expect(homeless.get('member unknown_user')).toBe(strangers.length);
    expect(homeless.get('user system_object')).toBe(1);
    const objects = contract.sync.objects.output.parse(
      await h.handlers.objects(
        {
          page: 0,
          pageSize: 100,
          search: '',
          filters: { state: 'homeless', kind: 'key' },
          sort: { field: 'remoteId', direction: 'asc' },
        },
        call(h),
      ),
    );
    expect(objects.total).toBe((homeless.get('key no_user') ?? 0) + (homeless.get('key unknown_user') ?? 0));
    expect(objects.rows.every((row) => row.localId === null && row.reason !== null)).toBe(true);
  });

  it('gives usage a home and marks who got a subscription for it', async () => {
    const h = await opened();
    await h.pull();
    const subscriptions = await count(h, 'subscriptions');
    expect(subscriptions).toBeGreaterThan(0);
    expect(await count(h, 'subscriptions WHERE quota_requests IS NOT NULL OR quota_tokens IS NOT NULL')).toBe(
      0,
    );
    expect(
      await count(
        h,
        `audit_logs WHERE action = 'SUBSCRIPTION_CREATE' AND metadata ->> 'source' = 'litellm_pull'`,
      ),
    ).toBe(subscriptions);
    expect(
      await count(h, `litemaas_console.subscription_events WHERE cause = 'sync' AND to_status = 'active'`),
    ).toBe(subscriptions);
    // A first backfill is history: it counts towards no quota.
    expect(await count(h, 'usage_logs WHERE counted_towards_quota')).toBe(0);
    expect(await count(h, 'subscriptions WHERE used_requests <> 0 OR used_tokens <> 0')).toBe(0);
  });

  it('shows what the master key spent as unattributed', async () => {
    const h = await opened({ traceRows: 1 });
    const [row] = h.simulator.state.spend;
    if (!row) throw new Error('the demo has requests');
    h.simulator.state.spend = ['', 'litellm_proxy_master_key', 'f'.repeat(64)].map((key, place) => ({
      ...row,
      request_id: `master-${place}`,
      api_key: key,
      user: place === 2 ? '' : 'default_user_id',
      spend: 0.25,
      metadata: {},
    }));
    await h.pull();
    const reasons = await h.rows<{ reason: string }>(
      'SELECT reason FROM litemaas_console.unattributed_usage ORDER BY litellm_request_id',
    );
    expect(reasons.map((found) => found.reason)).toEqual(['master_key', 'master_key', 'unknown_key']);
    const status = await h.handlers.status({}, call(h));
    expect(status.unattributed).toEqual({ requests: '3', cost: '0.75' });
  });
});
