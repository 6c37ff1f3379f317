import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  insertApiKey,
  insertApiKeyModel,
  insertLiteLlmObject,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type KeyCalls, openKeyCalls } from '../changes/key-calls';

describeOnEachPostgres('why a key is refused', (major) => {
  let calls: KeyCalls;
  let ana: string;
  beforeAll(async () => {
    calls = await openKeyCalls({ major });
    ana = (await insertUser(calls.client, { username: 'ana', max_budget: '100', rpm_limit: 77 })).id;
    for (const model of ['gpt', 'gpt-large']) await insertModel(calls.client, { id: model });
  });
  afterAll(() => calls.close());

  let made = 0;
  const makeKey = async (columns: Readonly<Record<string, unknown>> & { readonly value?: string } = {}) => {
    made += 1;
    const { id } = await insertApiKey(calls.client, {
      ...{
        user_id: ana,
        name: `Key number ${String(made)}`,
        max_budget: null,
        rpm_limit: null,
        tpm_limit: null,
      },
      ...columns,
    });
    await insertApiKeyModel(calls.client, { api_key_id: id, model_id: 'gpt' });
    return id;
  };
  const explain = (text: string, id: string | null = null) =>
    calls.ask('apiKeys', 'explainRefusal', { text, id });
  const refusing = async (id: string, text = '') => {
    const { key } = await explain(text, id);
    const steps = key?.steps.filter(({ outcome }) => outcome === 'refuses').map(({ step }) => step);
    return { steps, remedy: key?.remedy };
  };

  it('is asked of a pasted key, its hash, an alias or a name, and says when several are called so', async () => {
    const value = 'sk-abcdefghijklmnop0123';
    const id = await makeKey({ value, litellm_key_alias: 'laptop' });
    const hash = String((await calls.key(id))['key_hash']);
    for (const text of [`curl -H "Bearer ${value}"`, `Key Hash (Token) =${hash}`, 'LAPTOP', id]) {
      const answer = await explain(text);
      expect(answer, text).toMatchObject({ candidates: [{ id, owner: 'ana' }], key: { remedy: null } });
      expect(JSON.stringify(answer)).not.toContain(value.slice(3));
      expect(JSON.stringify(answer)).not.toContain(hash);
    }
    const twin = await makeKey({ name: 'laptop' });
    const both = await explain('laptop');
    expect(both.key).toBeNull();
    expect(both.candidates.map((each) => each.id).sort()).toEqual([id, twin].sort());
    expect(await explain('sk-nobodyhasthiskeyatall00')).toMatchObject({ candidates: [], key: null });
  });

  it('names the link of the chain that refuses, and where it is mended', async () => {
    const { id: leaver } = await insertUser(calls.client, { username: 'leaver', is_active: false });
    const { id: off } = await insertTeam(calls.client, { name: 'Off', is_active: false });
    const { id: narrow } = await insertTeam(calls.client, { name: 'Narrow', allowed_models: ['gpt-large'] });
    await insertTeamMember(calls.client, { team_id: off, user_id: ana });
    await insertTeamMember(calls.client, { team_id: narrow, user_id: ana });
    const { id: strange } = await insertTeam(calls.client, { name: 'Strange' });
    const area = (name: string, id: string, field: string | null) => ({ area: name, record: { id }, field });
    const fine = await makeKey();
    expect(await refusing(fine)).toEqual({ steps: [], remedy: null });
    const blocked = await makeKey({ is_active: false });
    const expired = await makeKey({ expires_at: '2020-01-01T00:00:00Z' });
    const lost = await makeKey({ user_id: leaver });
    const ofOff = await makeKey({ team_id: off });
    const ofStrange = await makeKey({ team_id: strange });
    const ofNarrow = await makeKey({ team_id: narrow });
    const revoked = await makeKey({ is_active: false, revoked_at: '2020-01-01T00:00:00Z' });
    const gone = await makeKey();
    await insertLiteLlmObject(calls.client, { kind: 'key', local_id: gone, state: 'missing' });
    const cases = [
      [blocked, '', 'blocked', area('apiKeys', blocked, 'isActive')],
      [expired, '', 'expired', area('apiKeys', expired, 'expiresAt')],
      [lost, '', 'owner', area('users', leaver, null)],
      [ofOff, '', 'team', area('teams', off, null)],
      [ofStrange, '', 'membership', area('teams', strange, null)],
      [fine, 'not allowed to access model gpt-large', 'models', area('apiKeys', fine, 'models')],
      [ofNarrow, 'not allowed to access model gpt', 'teamModels', area('teams', narrow, 'allowedModels')],
    ] as const;
    for (const [id, text, step, remedy] of cases) {
      expect(await refusing(id, text), step).toMatchObject({ steps: [step], remedy });
    }
    // Nothing brings these back.
    expect(await refusing(revoked)).toMatchObject({ steps: ['revoked'], remedy: null });
    expect(await refusing(gone)).toMatchObject({ steps: ['known'], remedy: null });
    const { id: paused } = await insertSubscription(calls.client, {
      ...{ user_id: ana, model_id: 'gpt', status: 'suspended' },
    });
    expect(await refusing(fine, 'gpt is refused')).toMatchObject({
      ...{ steps: ['subscription'], remedy: area('subscriptions', paused, null) },
    });
    // What was done where it is mended mends it.
    await calls.changeKeys([blocked], { isActive: true });
    expect(await refusing(blocked)).toEqual({ steps: [], remedy: null });
    await calls.changeKeys([expired], { expiresAt: null });
    expect(await refusing(expired)).toEqual({ steps: [], remedy: null });
  });

  it('compares the figures of a text with every level, and offers no other than the one they are of', async () => {
    const { id: team } = await insertTeam(calls.client, {
      ...{ name: 'Spenders', max_budget: '50', current_spend: '12.4', rpm_limit: 5 },
    });
    await insertTeamMember(calls.client, { team_id: team, user_id: ana });
    const key = await makeKey({ team_id: team, max_budget: '30', current_spend: '12.4' });
    const said = async (text: string) => {
      const { key: found } = await explain(text, key);
      const levels = found?.limits
        .filter(({ isSaid }) => isSaid)
        .map(({ level, measure }) => `${level} ${measure}`);
      return { levels, fitsNone: found?.fitsNone, remedy: found?.remedy };
    };
    expect(await said('Budget has been exceeded! Current cost: 50.1, Max budget: 50.0')).toMatchObject({
      ...{ levels: ['team budget'], fitsNone: false },
      remedy: { area: 'teams', record: { id: team }, field: 'maxBudget' },
    });
    expect(await said('Current cost: 30.2, Max budget: 30.00')).toMatchObject({
      ...{ levels: ['key budget'], remedy: { area: 'apiKeys', field: 'maxBudget' } },
    });
    expect(await said('Rate limit exceeded: 5 requests per minute')).toMatchObject({
      ...{ levels: ['team rpm'], remedy: { area: 'teams', field: 'rpmLimit' } },
    });
    // The person’s budget does not count for the keys of a team: it is no remedy.
    expect(await said('Spend=101, Budget=100')).toMatchObject({ levels: ['user budget'] });
    expect((await said('Spend=101, Budget=100')).remedy).toBeNull();
    // A budget of the person inside the team: LiteLLM’s own, and none that is known here.
    expect(await said('12.40 spent of 0.50')).toEqual({ levels: [], fitsNone: true, remedy: null });
  });

  it('finds a limit that is used up without being told, and lets it go once it is raised', async () => {
    const key = await makeKey({ max_budget: '5', current_spend: '5' });
    expect(await refusing(key)).toMatchObject({
      ...{ steps: ['limits'], remedy: { area: 'apiKeys', record: { id: key }, field: 'maxBudget' } },
    });
    await calls.changeKeys([key], { maxBudget: '6' });
    expect(await refusing(key)).toEqual({ steps: [], remedy: null });
    const nothing = await makeKey({ rpm_limit: 0 });
    expect(await refusing(nothing)).toMatchObject({ remedy: { field: 'rpmLimit' } });
  });

  it('knows that a team’s rates of 0 let nothing through, unlike its budget', async () => {
    const { id: slow } = await insertTeam(calls.client, { name: 'Slow', rpm_limit: 0, max_budget: '0' });
    const key = await makeKey({ team_id: slow });
    const { key: found } = await explain('', key);
    const reached = found?.limits
      .filter(({ isReached }) => isReached)
      .map(({ level, measure }) => `${level} ${measure}`);
    expect(reached).toEqual(['team rpm']);
  });

  it('counts no quota of a subscription that ended', async () => {
    const bea = (await insertUser(calls.client, { username: 'bea' })).id;
    const key = await makeKey({ user_id: bea });
    const quota = { user_id: bea, model_id: 'gpt', quota_requests: 1, used_requests: 1 };
    await insertSubscription(calls.client, { ...quota, status: 'cancelled' });
    const { key: found } = await explain('', key);
    expect(found?.limits.filter(({ level }) => level === 'subscription')).toEqual([]);
  });

  it('tells the last refusals by their status, of the last week', async () => {
    const key = await makeKey();
    const { id: subscription } = await insertSubscription(calls.client, {
      user_id: ana,
      model_id: 'gpt-large',
    });
    const log = (status: number, created: string) =>
      insertUsageLog(calls.client, {
        ...{ subscription_id: subscription, api_key_id: key, model_id: 'gpt-large' },
        ...{ status_code: status, created_at: created },
      });
    const [{ now, old } = {}] = await calls.rows(
      `SELECT now()::text AS now, (now() - interval '8 days')::text AS old`,
    );
    for (const status of [429, 429, 401, 200]) await log(status, String(now));
    await log(500, String(old));
    const { key: found } = await explain('', key);
    expect(new Map(found?.refusals.map(({ status, count }) => [status, count]))).toEqual(
      new Map([
        [429, 2],
        [401, 1],
      ]),
    );
  });
});
