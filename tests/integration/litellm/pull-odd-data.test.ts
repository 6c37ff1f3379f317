import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProxyState } from '../../support/litellm';
import { addUser, request, smallState } from './builders';
import { call } from './demo-harness';
import { createHarness, type Harness } from './harness';
import { storedTotals } from './harness-totals';

const now = new Date('2026-11-22T12:00:00Z');
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);

describe('a pull never fails because of', () => {
  let h: Harness;
  let state: ProxyState;

  beforeEach(async () => {
    state = smallState();
    h = await createHarness({ simulator: { state, now: () => now }, client: { now: () => now } });
    await h.link();
  });
  afterEach(() => h.close());

  /** Ben is pulled, then goes from the proxy's list of users, and then somebody deletes him here. */
  async function benIsGoneOnBothSides(): Promise<void> {
    addUser(state, { user_id: 'ben', user_alias: 'ben' });
    await h.pull();
    state.users.delete('ben');
    await h.pull();
    const deleted = await h.rows<{ id: string }>('DELETE FROM users WHERE oauth_id = $1 RETURNING id', [
      'ben',
    ]);
    expect(deleted).toHaveLength(1);
    expect(
      await h.rows(
        `SELECT state, local_id FROM litemaas_console.litellm_objects WHERE kind = 'user' AND remote_id = 'ben'`,
      ),
    ).toEqual([{ state: 'missing', local_id: deleted[0]?.id }]);
  }

  it('a late request of a user who is gone on both sides', async () => {
    await benIsGoneOnBothSides();
    state.spend.push(request('late', ago(5), { user: 'ben', api_key: 'e'.repeat(64) }));
    expect((await h.pull()).state).toBe('succeeded');
    expect(
      await h.rows(
        'SELECT litellm_request_id AS id, user_id, reason FROM litemaas_console.unattributed_usage',
      ),
    ).toEqual([{ id: 'late', user_id: null, reason: 'unknown_key' }]);
  });

  it('a member of a team who is gone on both sides', async () => {
    const [team] = state.teams.values();
    team?.members_with_roles.push({ role: 'user', user_id: 'ben', user_email: null });
    await benIsGoneOnBothSides();
    expect((await h.pull()).state).toBe('succeeded');
    expect(
      await h.rows(
        'SELECT user_id FROM team_members WHERE team_id IN (SELECT id FROM teams WHERE litellm_team_id = $1)',
        ['team-one'],
      ),
    ).toHaveLength(1);
    expect(
      await h.rows(
        `SELECT reason FROM litemaas_console.litellm_objects WHERE kind = 'member' AND remote_id = 'team-one/ben'`,
      ),
    ).toEqual([{ reason: 'unknown_user' }]);
  });

  it.each([
    ['tokens beyond what can be counted exactly', { prompt_tokens: 1e19 }],
    ['tokens below nothing', { completion_tokens: -1 }],
    ['a cost that does not fit', { spend: 1e12 }],
  ])('a request with %s: it is kept aside and counted', async (_name, values) => {
    state.spend.push(request('good', ago(5)), request('absurd', ago(6), values));
    const run = await h.pull();
    expect(run.state).toBe('succeeded');
    expect(run.entities.find((row) => row.entity === 'spend')).toMatchObject({
      read: 2,
      created: 1,
      homeless: 1,
    });
    expect(await storedTotals(h)).toMatchObject({ requests: 1, promptTokens: 4, costUnits: 30_000_000n });
    const { homeless } = await h.handlers.status({}, call(h));
    expect(homeless).toContainEqual({ kind: 'spend', reason: 'unreadable', count: 1 });
  });

  it('a request that took longer than a latency can be: that alone is unknown', async () => {
    state.spend.push(request('month-long', ago(30 * 24 * 60), { endTime: ago(5).toISOString() }));
    expect((await h.pull()).state).toBe('succeeded');
    expect(await h.rows('SELECT litellm_request_id AS id, latency_ms FROM usage_logs')).toEqual([
      { id: 'month-long', latency_ms: null },
    ]);
  });
});
