import { describe, expect, it } from 'vitest';
import {
  demoCredentials,
  seedDemoState,
  spendTotals,
  tokenOf,
  type ProxyState,
  type SpendRow,
} from './index';
import { readTrace } from './demo/data-files';

const now = new Date('2026-11-22T12:00:00Z');
const state = seedDemoState({ now });

function succeededWithUsage(row: SpendRow): boolean {
  return row.status !== 'failure' && row.metadata.usage_object !== null;
}

function keyOf(alias: string): ReturnType<ProxyState['keys']['get']> {
  return [...state.keys.values()].find((key) => key.key_alias === alias);
}

describe('the demo state', () => {
  it('is the same every time', () => {
    const again = seedDemoState({ now });
    expect(again.spend[1234]).toEqual(state.spend[1234]);
    expect([...again.keys.keys()]).toEqual([...state.keys.keys()]);
    expect([...again.users.values()]).toEqual([...state.users.values()]);
  });

  it('has 40 users, 6 teams and 80 keys that lists show', () => {
    expect([state.users.size, state.teams.size]).toEqual([40, 6]);
    const listed = [...state.keys.values()].filter((key) => key.team_id !== 'litellm-dashboard');
    expect(listed).toHaveLength(80);
  });

  it('has one row for each request of the real trace, with its tokens', () => {
    const trace = readTrace();
    expect(trace).toHaveLength(28_185);
    expect(state.spend).toHaveLength(trace.length);
    expect(new Set(state.spend.map((row) => row.request_id)).size).toBe(trace.length);
    const wrong = state.spend.filter((row, place) =>
      succeededWithUsage(row)
        ? row.prompt_tokens !== trace[place]?.contextTokens
        : row.prompt_tokens + row.completion_tokens + row.spend !== 0,
    );
    expect(wrong).toEqual([]);
  });

  it('covers the 30 days before now and nothing later', () => {
    expect(state.spend[0]?.startTime).toBe('2026-10-23T12:00:00Z');
    const ends = state.spend.map((row) => row.endTime).sort();
    expect(ends.at(-1)?.slice(0, 16)).toBe('2026-11-22T11:58');
    const days = new Set(state.spend.map((row) => row.startTime.slice(0, 10)));
    expect(days.size).toBe(31);
  });

  it('charges catalogue prices', () => {
    const row = state.spend.find((candidate) => candidate.model === 'gpt-5-mini' && candidate.spend > 0);
    const expected = (row?.prompt_tokens ?? 0) * 2.5e-7 + (row?.completion_tokens ?? 0) * 2e-6;
    expect(row?.spend).toBeCloseTo(expected, 12);
    expect(row?.metadata.cost_breakdown).toMatchObject({ total_cost: row?.spend });
  });

  it('has the odd rows an import must survive', () => {
    const count = (matches: (row: SpendRow) => boolean): number => state.spend.filter(matches).length;
    expect(count((row) => row.api_key === 'litellm_proxy_master_key')).toBeGreaterThan(50);
    expect(count((row) => row.status === 'failure')).toBeGreaterThan(200);
    expect(count((row) => row.status === 'failure' && row.model_group === '')).toBeGreaterThan(100);
    expect(count((row) => row.status === null)).toBeGreaterThan(30);
    expect(count((row) => row.status !== 'failure' && row.metadata.usage_object === null)).toBeGreaterThan(
      30,
    );
    expect(count((row) => row.user === '')).toBeGreaterThan(0);
    const hits = state.spend.filter((row) => row.cache_hit === 'True');
    expect(hits.length).toBeGreaterThan(300);
    expect(hits.every((row) => /_cache_hit\d+\.\d+$/.test(row.request_id) && row.spend === 0)).toBe(true);
    expect(new Set(state.spend.map((row) => row.cache_hit))).toEqual(new Set(['True', 'False', 'None', '']));
    expect(
      state.spend.some((row) => 'model_map_value' in (row.metadata.model_map_information as object)),
    ).toBe(true);
  });

  it('has the odd people', () => {
    const users = [...state.users.values()];
    expect(users.filter((user) => !/^[0-9a-f-]{36}$/.test(user.user_id)).length).toBeGreaterThanOrEqual(5);
    expect(
      users.filter((user) => user.user_email === null && user.user_id !== 'default_user_id'),
    ).toHaveLength(2);
    expect(users.filter((user) => user.user_alias === 'Ana Kovač')).toHaveLength(2);
    const emails = users.flatMap((user) => (user.user_email === null ? [] : [user.user_email]));
    expect(new Set(emails).size).toBe(emails.length);
    expect(new Set(emails.map((email) => email.toLowerCase())).size).toBe(emails.length - 1);
  });

  it('has teams with roles, the master user in each, and members both ways round', () => {
    for (const team of state.teams.values()) {
      expect(team.members_with_roles[0]).toMatchObject({ role: 'admin', user_id: 'default_user_id' });
    }
    for (const user of state.users.values()) {
      const listed = [...state.teams.values()].filter((team) =>
        team.members_with_roles.some((member) => member.user_id === user.user_id),
      );
      expect(listed.map((team) => team.team_id).sort()).toEqual([...user.teams].sort());
    }
    const members = [...state.teams.values()].flatMap((team) => team.members_with_roles);
    expect(members.some((member) => member.user_id === null)).toBe(true);
    expect(members.some((member) => member.user_id !== null && !state.users.has(member.user_id))).toBe(true);
  });

  it('has the odd keys', () => {
    expect(keyOf('blocked')?.blocked).toBe(true);
    expect(keyOf('expired')?.expires).toBe('2026-11-19T12:00:00Z');
    expect(keyOf('service-without-user')?.user_id).toBeNull();
    expect(state.users.has(keyOf('owner-was-deleted')?.user_id ?? '')).toBe(false);
    expect(keyOf('provider-wildcard')?.models).toEqual(['openai/*']);
    expect(keyOf('access-group')?.models).toEqual(['prod']);
    expect(keyOf('monthly-verbatim')).toMatchObject({
      budget_duration: 'monthly',
      budget_reset_at: '2026-11-23T00:00:00Z',
    });
    expect(keyOf('limit-past-int32')?.rpm_limit).toBe(9_223_372_036_854_775_807n);
    expect([...state.keys.values()].filter((key) => key.models.length === 0).length).toBeGreaterThan(5);
  });

  it('holds hashes only; the known plaintext keys open them', () => {
    const text = JSON.stringify([...state.keys.values()], (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    for (const secret of Object.values(demoCredentials)) {
      expect(state.keys.has(tokenOf(secret))).toBe(true);
      expect(text).not.toContain(secret);
    }
  });

  it('counts totals from the rows, and the entities hold no more than that', () => {
    const totals = spendTotals(state);
    expect(totals.requests).toBe(28_185);
    expect(totals.failures).toBe(state.spend.filter((row) => row.status === 'failure').length);
    const users = [...state.users.values()].reduce((sum, user) => sum + user.spend, 0);
    expect(users).toBeGreaterThan(0);
    expect(users).toBeLessThan(totals.spend);
  });

  it('can be small', () => {
    expect(seedDemoState({ now, traceRows: 100 }).spend).toHaveLength(100);
  });
});
