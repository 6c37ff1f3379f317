import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  insertApiKey,
  insertApiKeyModel,
  insertLiteLlmObject,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUnattributedUsage,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { type AreaCalls, openAreaCalls } from './area-calls';

/**
 * What no program of ours writes and a database may hold all the same. Every list, export and record of it has to be
 * readable, within the contract and of a bounded size.
 */
let areas: AreaCalls;
const ids: Record<string, string> = {};
const idOf = (name: string): string => ids[name] ?? 'missing';

const rightToLeft = 'ليلى ‏שלום';
const zeroWidth = '\u200B\u2060\uFEFF';
const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
const combining = `Z${'\u0351'.repeat(100)} 👩‍👩‍👧‍👦`;
const formula = '=HYPERLINK("http://x.invalid","y")';
const largest = '9223372036854775807';
const largeBudget = '99999999.99';
const oddModel = 'odd/model%2Fwith?#&"\'<b> and spaces';
const megabytes = 10 * 1024 * 1024;
const range = { from: '2026-01-01', to: '2026-12-31' };

beforeAll(async () => {
  areas = await openAreaCalls();
  const { client } = areas;
  const names = { rightToLeft, zeroWidth, markup, combining, formula, 'trailing space ': 'trailing space ' };
  for (const [key, username] of Object.entries(names)) {
    ids[key] = (
      await insertUser(client, { username, full_name: username, max_budget: largeBudget, tpm_limit: largest })
    ).id;
  }
  // NULL wherever the schema allows it.
  ids['null user'] = (
    await insertUser(client, {
      full_name: null,
      max_budget: null,
      tpm_limit: null,
      rpm_limit: null,
      last_login_at: null,
    })
  ).id;
  await client.query(`UPDATE users SET roles = ARRAY[NULL, '', 'admin', NULL]::text[] WHERE id = $1`, [
    idOf('null user'),
  ]);
  await client.query(
    `UPDATE users SET roles = ARRAY(SELECT 'role-' || n FROM generate_series(1, 10000) AS n),
       last_login_at = 'infinity', created_at = '-infinity' WHERE id = $1`,
    [idOf('markup')],
  );

  await insertModel(client, {
    id: oddModel,
    name: zeroWidth,
    provider: markup,
    description: null,
    context_length: -1,
    max_tokens: 2_147_483_647,
    input_price_per_1k: '0.000000000001',
    output_price_per_1k: '99999999.999999999999',
    litellm_provider: null,
  });
  await client.query(
    `UPDATE models SET capabilities = ARRAY(SELECT 'capability-' || n FROM generate_series(1, 10000) AS n) || NULL,
       metadata = jsonb_build_array(repeat('x', $1::int)), description = repeat('d', $1::int) WHERE id = $2`,
    [megabytes, oddModel],
  );
  const nested = `${'['.repeat(500)}1${']'.repeat(500)}`;
  ids['team'] = (
    await insertTeam(client, {
      name: markup,
      alias: rightToLeft,
      description: 'd'.repeat(100_000),
      created_by: idOf('markup'),
      max_budget: largeBudget,
      current_spend: '-0.000000000001',
      tpm_limit: largest,
      metadata: nested,
      allowed_models: [
        null,
        7,
        { a: 1 },
        ['b'],
        '',
        oddModel,
        ...Array.from({ length: 10_000 }, (_, n) => `m${n}`),
      ],
    })
  ).id;
  ids['null team'] = (
    await insertTeam(client, {
      alias: null,
      description: null,
      created_by: null,
      max_budget: 'NaN',
      litellm_team_id: null,
      budget_duration: null,
      tpm_limit: null,
      rpm_limit: null,
      last_sync_at: null,
      metadata: 'null',
    })
  ).id;
  await insertTeamMember(client, { team_id: idOf('team'), user_id: idOf('markup'), joined_at: 'infinity' });

  ids['subscription'] = (
    await insertSubscription(client, {
      user_id: idOf('markup'),
      model_id: oddModel,
      team_id: idOf('team'),
      quota_requests: largest,
      quota_tokens: '0',
      used_requests: '9007199254740993',
      max_budget: largeBudget,
      current_spend: '999999999999.999999999999',
      tpm_limit: largest,
      litellm_key_id: 'sk-0123456789abcdef',
      expires_at: 'infinity',
      reset_at: '-infinity',
    })
  ).id;
  ids['null subscription'] = (
    await insertSubscription(client, {
      user_id: idOf('null user'),
      model_id: oddModel,
      quota_requests: null,
      quota_tokens: null,
      max_budget: null,
      budget_duration: null,
      tpm_limit: null,
      rpm_limit: null,
    })
  ).id;
  ids['key'] = (
    await insertApiKey(client, {
      user_id: idOf('markup'),
      name: formula,
      litellm_key_alias: zeroWidth,
      subscription_id: idOf('subscription'),
      team_id: idOf('team'),
      tpm_limit: largest,
      max_budget: largeBudget,
      expires_at: 'infinity',
      last_used_at: '0044-03-15 00:00:00+00 BC',
      metadata: JSON.stringify({ litellm_models_raw: [null, 1, { a: 1 }, 'openai/*'], password: 'hunter2' }),
    })
  ).id;
  await insertApiKeyModel(client, { api_key_id: idOf('key'), model_id: oddModel });
  ids['bare key'] = (
    await insertApiKey(client, {
      user_id: idOf('null user'),
      name: null,
      litellm_key_alias: null,
      subscription_id: null,
      team_id: null,
      max_budget: null,
      budget_duration: null,
      tpm_limit: null,
      rpm_limit: null,
      metadata: '"text instead of an object"',
    })
  ).id;
  await insertLiteLlmObject(client, {
    kind: 'team',
    local_id: idOf('team'),
    state: 'a state of tomorrow',
    reason: 'a_reason_of_tomorrow',
    error: `refused sk-0123456789abcdef ${'e'.repeat(100_000)}`,
    first_seen_at: '-infinity',
    last_seen_at: 'infinity',
  });
  await client.query(
    `INSERT INTO litemaas_console.model_prices (model_id, valid_from, input_price_per_token, output_price_per_token, source)
     VALUES ($1, '-infinity', 'NaN', 1e-30, $2), ($1, 'infinity', 1e20, NULL, $2)`,
    [oddModel, markup],
  );
  const request = { subscription_id: idOf('subscription'), api_key_id: idOf('key'), team_id: idOf('team') };
  await insertUsageLog(client, {
    ...request,
    model_id: oddModel,
    created_at: '2026-11-05T10:00:00Z',
    request_tokens: '4611686018427387904',
    error_message: 'x'.repeat(megabytes),
    latency_ms: null,
    status_code: null,
  });
  // A correction: more was given back than used, on a model nobody knows.
  await insertUnattributedUsage(client, {
    model_id: 'unknown/model',
    created_at: '2026-11-06T10:00:00Z',
    request_tokens: -100,
    response_tokens: -1,
    input_cost: '-1.5',
  });
});
afterAll(() => areas.close());

const lists = ['users', 'teams', 'models', 'subscriptions', 'apiKeys'] as const;

/** No answer may carry a column of megabytes, nor a secret. */
function expectBounded(answer: unknown, characters: number): void {
  const text = JSON.stringify(answer);
  expect(text.length).toBeLessThan(characters);
  expect(text).not.toMatch(/0123456789abcdef|hunter2/);
}

describe('lists of odd data', () => {
  it.each(lists)('reads and exports %s', async (area) => {
    const answer = await areas.ask(area, 'list', { filters: {}, pageSize: 100 });
    expect(answer.rows.length).toBeGreaterThan(0);
    expectBounded(answer, 60_000);
    const { text } = await areas.download(area, { filters: {} });
    expect(text.split('\r\n').length).toBeGreaterThan(answer.rows.length);
  });

  it.each(['rightToLeft', 'zeroWidth', 'markup', 'combining', 'formula', 'trailing space '])(
    'finds a user by %s and gives the name back as it is',
    async (key) => {
      const { rows } = await areas.ask('users', 'list', { filters: {}, search: idOf(key) });
      const [row] = rows;
      expect(rows).toHaveLength(1);
      const found = await areas.ask('users', 'list', { filters: {}, search: row?.username ?? '' });
      expect(found.rows.map(({ id }) => id)).toContain(idOf(key));
    },
  );

  it('keeps every digit of what exceeds 2^53', async () => {
    const { rows } = await areas.ask('subscriptions', 'list', { filters: { modelId: oddModel } });
    expect(rows.find(({ id }) => id === idOf('subscription'))).toMatchObject({
      quotaRequests: largest,
      // With the one request of the log.
      usedRequests: '9007199254740994',
      quotaTokens: '0',
      maxBudget: largeBudget,
      expiresAt: 'infinity',
    });
  });

  it('takes no NUL from a search box', async () => {
    for (const area of lists) {
      expect((await areas.ask(area, 'list', { filters: {}, search: 'a\0b' })).rows).toEqual([]);
    }
  });
});

describe('records of odd data', () => {
  it('reads users', async () => {
    expect(await areas.ask('users', 'get', { id: idOf('null user') })).toMatchObject({
      roles: ['', 'admin'],
      maxBudget: null,
      lastLoginAt: null,
    });
    const user = await areas.ask('users', 'get', { id: idOf('markup') });
    expect(user).toMatchObject({
      username: markup,
      lastLoginAt: 'infinity',
      createdAt: '-infinity',
      tpmLimit: largest,
      maxBudget: largeBudget,
      createdTeams: [{ label: markup }],
    });
    expectBounded(user, 5_000);
  });

  it('reads teams', async () => {
    const team = await areas.ask('teams', 'get', { id: idOf('team') });
    expect(team).toMatchObject({
      allowedModelCount: 10_002,
      currentSpend: '-0.000000000001',
      description: { characters: 100_000, isCut: true },
      litellm: [{ state: 'a state of tomorrow', firstSeenAt: '-infinity', seenAt: 'infinity' }],
    });
    expect(team.allowedModels).toHaveLength(200);
    expect(team.allowedModels[1]).toEqual({ id: oddModel, label: zeroWidth, isKnown: true });
    expectBounded(team, 100_000);
    expect(await areas.ask('teams', 'get', { id: idOf('null team') })).toMatchObject({
      maxBudget: 'NaN',
      alias: null,
      description: null,
      metadata: { text: 'null' },
    });
    await areas.ask('teams', 'members', { filters: { teamId: idOf('team') } });
  });

  it('reads models', async () => {
    const model = await areas.ask('models', 'get', { id: oddModel });
    expect(model).toMatchObject({
      model: {
        name: zeroWidth,
        contextLength: -1,
        inputPricePer1k: '0.000000000001',
        outputPricePer1k: '99999999.999999999999',
        description: { characters: megabytes, isCut: true },
        metadata: { isCut: true },
      },
      prices: [{ validFrom: 'infinity' }, { validFrom: '-infinity', inputPricePerToken: 'NaN' }],
    });
    expectBounded(model, 60_000);
    expect(await areas.ask('models', 'get', { id: 'unknown/model' })).toMatchObject({ model: null });
    await areas.ask('models', 'figures', { ids: [oddModel, 'unknown/model'] });
    expectBounded(await areas.ask('models', 'choices', {}), 60_000);
  });

  it('reads subscriptions', async () => {
    expect(await areas.ask('subscriptions', 'get', { id: idOf('subscription') })).toMatchObject({
      resetAt: '-infinity',
      expiresAt: 'infinity',
      litellmKeyId: 'sk-…',
    });
    expect(await areas.ask('subscriptions', 'get', { id: idOf('null subscription') })).toMatchObject({
      quotaRequests: null,
      team: null,
      budgetDuration: null,
    });
  });

  it('reads API keys', async () => {
    const key = await areas.ask('apiKeys', 'get', { id: idOf('key') });
    expect(key).toMatchObject({
      name: formula,
      otherModels: ['1', '{"a": 1}', 'openai/*'],
      lastUsedAt: '0044-03-15T00:00:00.000000Z BC',
      allModelRefs: [{ id: oddModel }],
    });
    expectBounded(key, 10_000);
    expect(await areas.ask('apiKeys', 'get', { id: idOf('bare key') })).toMatchObject({
      name: null,
      subscription: null,
      team: null,
      models: [],
      otherModels: [],
    });
  });
});

describe('usage of odd data', () => {
  it('counts what is negative, unknown and larger than 2^53', async () => {
    const { totals } = await areas.ask('usage', 'totals', { range, filters: {} });
    expect(totals).toMatchObject({ requests: '2', inputTokens: '4611686018427387804' });
    const { rows } = await areas.ask('usage', 'breakdown', {
      filters: { range, dimension: 'model', usage: {} },
    });
    expect(rows.map(({ id }) => id).sort()).toEqual([oddModel, 'unknown/model'].sort());
    const { series } = await areas.ask('usage', 'series', {
      range,
      filters: { modelId: 'unknown/model' },
      bucket: 'month',
    });
    expect(series[0]?.points.at(10)).toMatchObject({ inputTokens: '-100', cost: '-1.5' });
  });
});
