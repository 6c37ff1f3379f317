import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiKeyChanges } from '../../../src/shared/contract/api-keys';
import { type KeyExposure, keyExposures } from '../../../src/shared/records/api-keys';
import {
  insertApiKey,
  insertApiKeyModel,
  insertLiteLlmObject,
  insertModel,
  insertTeam,
  insertTeamMember,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type KeyCalls, openKeyCalls } from '../changes/key-calls';

const long = '2020-01-01T00:00:00Z';

describeOnEachPostgres('keys that are exposed', (major) => {
  let calls: KeyCalls;
  let ana: string;
  beforeAll(async () => {
    calls = await openKeyCalls({ major });
    ana = (await insertUser(calls.client, { username: 'ana', max_budget: '10' })).id;
    await insertModel(calls.client, { id: 'gpt' });
    // Nothing is wrong with this one.
    await makeKey('fine', { last_used_at: 'now' });
  });
  afterAll(() => calls.close());

  /** A key with nothing to find, but for what is said. */
  const makeKey = async (name: string, columns: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const { id } = await insertApiKey(calls.client, {
      ...{ user_id: ana, name, created_at: long, last_used_at: 'now', expires_at: '2999-01-01T00:00:00Z' },
      ...{ max_budget: '100', ...columns },
    });
    await insertApiKeyModel(calls.client, { api_key_id: id, model_id: 'gpt' });
    return id;
  };
  const recordUsage = (key: string, daysAgo: number) =>
    calls.client.query(
      `INSERT INTO litemaas_console.usage_daily (day, api_key_id, user_id, model_id, requests, errors, request_tokens,
         response_tokens, cost, latency_ms_sum, latency_count)
       VALUES (CURRENT_DATE - $2::int, $1, $3, 'gpt', 1, 0, 1, 1, 0, 1, 1)`,
      [key, daysAgo, ana],
    );
  const found = async (exposure: KeyExposure): Promise<unknown[]> => {
    const { rows } = await calls.ask('apiKeys', 'list', { filters: { exposure }, pageSize: 100 });
    return rows.map(({ name }) => name).sort();
  };
  const all = async () =>
    Object.fromEntries(
      await Promise.all(keyExposures.map(async (kind) => [kind, await found(kind)] as const)),
    );
  const nothing: Readonly<Record<KeyExposure, string[]>> = {
    ...{ never_used: [], unused: [], no_expiry: [], all_models: [], owner_inactive: [], no_ceiling: [] },
    ...{ over_budget: [], seen_in_audit: [] },
  };
  const attention = async () => {
    const { items } = await calls.ask('overview', 'attention', {});
    return Object.fromEntries(
      items.filter(({ kind }) => kind.startsWith('api_keys')).map(({ kind, count }) => [kind, count]),
    );
  };
  /** Runs what a screen offers for all keys of a finding. */
  const mend = async (exposure: KeyExposure, changes: ApiKeyChanges): Promise<void> => {
    const targets = { filter: { filters: { exposure } } };
    const preview = await calls.ask('apiKeys', 'previewUpdate', { targets, changes });
    expect(preview.toChange, exposure).toBeGreaterThan(0);
    expect(await calls.run(preview, 'found by the exposure report')).toMatchObject({ problemCount: 0 });
  };

  it('are each found once, by what is wrong with them, and no more after the remedy', async () => {
    expect(await all()).toEqual(nothing);
    await makeKey('never', { last_used_at: null });
    const unused = await makeKey('unused', { last_used_at: null });
    await recordUsage(unused, 91);
    const busy = await makeKey('busy', { last_used_at: long });
    await recordUsage(busy, 89);
    await makeKey('endless', { expires_at: null });
    const { id: leaver } = await insertUser(calls.client, { is_active: false, max_budget: '10' });
    await makeKey('orphan', { user_id: leaver });
    await makeKey('spender', { current_spend: '100' });
    const { id: rich } = await insertUser(calls.client, { max_budget: null });
    await makeKey('unlimited', { user_id: rich, max_budget: null });
    await makeKey('boundless', { metadata: '{"litellm_models_raw": ["all-proxy-models"]}' });
    const leaked = 'sk-0123456789abcdef_-XYZ';
    await makeKey('leaked', { key_hash: createHash('sha256').update(leaked).digest('hex') });
    await calls.client.query(
      `INSERT INTO public.audit_logs (action, resource_type, metadata)
       VALUES ('API_KEY_CREATE', 'API_KEY', jsonb_build_object('request', jsonb_build_object('authorization', $1::text)))`,
      [`Bearer ${leaked}`],
    );
    // What does not work needs no mending.
    await makeKey('blocked', { is_active: false, expires_at: null, last_used_at: null });
    await makeKey('revoked', { revoked_at: long, expires_at: null });
    await makeKey('expired', { expires_at: long, last_used_at: null });
    expect(await all()).toEqual({
      never_used: ['never'],
      unused: ['unused'],
      no_expiry: ['endless'],
      all_models: ['boundless'],
      owner_inactive: ['orphan'],
      no_ceiling: ['unlimited'],
      over_budget: ['spender'],
      seen_in_audit: ['leaked'],
    });
    expect(await attention()).toEqual({
      api_keys_never_used: 1,
      api_keys_unused: 1,
      api_keys_no_expiry: 1,
      api_keys_no_ceiling: 1,
      api_keys_over_budget: 1,
      api_keys_with_all_models: 1,
    });
    for (const kind of ['never_used', 'unused', 'owner_inactive', 'seen_in_audit'] as const) {
      await mend(kind, { isActive: false });
    }
    await mend('no_expiry', { expiresAt: '2999-12-31' });
    await mend('all_models', { models: ['gpt'] });
    await mend('no_ceiling', { maxBudget: '100' });
    await mend('over_budget', { maxBudget: '200' });
    expect(await all()).toEqual(nothing);
    expect(await attention()).toEqual({});
  });

  it('are not those that are new: made, taken over or switched on a moment ago', async () => {
    await makeKey('made now', { created_at: 'now', last_used_at: null });
    const imported = await makeKey('imported', { last_used_at: null });
    await insertLiteLlmObject(calls.client, { kind: 'key', local_id: imported });
    const back = await makeKey('switched on', { last_used_at: null, is_active: false });
    await calls.changeKeys([back], { isActive: true });
    const old = await makeKey('switched on, used before', { last_used_at: long, is_active: false });
    await calls.changeKeys([old], { isActive: true });
    expect(await all()).toEqual(nothing);
    // Long ago they all would be.
    await calls.client.query(`UPDATE litemaas_console.litellm_objects SET first_seen_at = $1`, [long]);
    expect(await found('never_used')).toEqual(['imported']);
    await calls.changeKeys([imported], { isActive: false });
  });

  it('have the ceiling that LiteLLM asks: a person’s for personal keys, a team’s for those of the team', async () => {
    const { id: poor } = await insertUser(calls.client, { max_budget: '5' });
    const { id: open } = await insertTeam(calls.client, { max_budget: null });
    const { id: closed } = await insertTeam(calls.client, { max_budget: '5' });
    for (const team of [open, closed]) await insertTeamMember(calls.client, { team_id: team, user_id: poor });
    await makeKey('personal', { user_id: poor, max_budget: null });
    await makeKey('of the open team', { user_id: poor, max_budget: null, team_id: open });
    await makeKey('of the closed team', { user_id: poor, max_budget: null, team_id: closed });
    await makeKey('of nothing', { max_budget: '0' });
    expect(await found('no_ceiling')).toEqual(['of the open team']);
    expect(await found('over_budget')).toEqual([]);
  });

  it('can be found twice where both are true', async () => {
    await makeKey('twice', { expires_at: null, current_spend: '150' });
    expect(await found('no_expiry')).toEqual(['twice']);
    expect(await found('over_budget')).toEqual(['twice']);
  });
});
