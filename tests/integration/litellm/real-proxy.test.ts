import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../../src/main/api-keys/create-api-key';
import { sendWaiting } from '../../../src/main/litellm/outbox/send-waiting';
import { contract } from '../../../src/shared/contract';
import { createHarness, type Harness } from './harness';

/**
 * The same as against the simulator, on a LiteLLM proxy that is given by its address and its master key
 * (`tests/support/litellm/start-real-proxy.sh` starts one). It makes users, teams and keys of its own there.
 */
const baseUrl = process.env['LITEMAAS_REAL_LITELLM_URL'] ?? '';
const masterKey = process.env['LITEMAAS_REAL_LITELLM_KEY'] ?? '';

describe.skipIf(baseUrl === '' || masterKey === '')('a real LiteLLM proxy', () => {
  let h: Harness;
  const run = randomBytes(4).toString('hex');
  const [user, team, other] = [randomUUID(), randomUUID(), randomUUID()];
  let made: { readonly id: string; readonly value: string };

  beforeAll(async () => {
    h = await createHarness();
    await h.handlers.link(
      { baseUrl, apiKey: masterKey, headerName: 'Authorization', caFile: null, proxy: null },
      call(),
    );
    await h.pull();
    await h.rows(
      `INSERT INTO users (id, username, email, oauth_provider, oauth_id) VALUES ($1, $2, $3, 'test', $2)`,
      [user, `push-${run}`, `push-${run}@example.test`],
    );
    for (const id of [team, other]) {
      await h.rows(`INSERT INTO teams (id, name, allowed_models) VALUES ($1, $2, '[]')`, [id, `push-${id}`]);
      await h.rows('INSERT INTO team_members (team_id, user_id) VALUES ($1, $2)', [id, user]);
    }
  }, 120_000);
  afterAll(() => h.close());

  const call = () => ({
    workspace: h.workspace,
    signal: new AbortController().signal,
    report: () => undefined,
  });
  const wish = (changes: object) =>
    contract.apiKeys.create.input.parse({
      ...{ userId: user, name: 'Real', alias: `push-${run}`, models: 'all', teamId: team },
      ...{ maxBudget: '12.345678', budgetDuration: 'monthly', tpmLimit: '9007199254740993', rpmLimit: '60' },
      ...{ expiresAt: '2099-12-31', keepValue: false },
      ...changes,
    });
  const ask = async (path: string, key = masterKey) => {
    const answer = await fetch(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${key}` } });
    return { status: answer.status, text: await answer.text() };
  };
  const remote = async () => {
    const { text } = await ask(`/key/info?key=${createHash('sha256').update(made.value).digest('hex')}`);
    return { text, info: (JSON.parse(text) as { info?: Record<string, unknown> }).info };
  };
  /** What the proxy says to whoever calls with the key. */
  const works = async (): Promise<boolean> => (await ask('/v1/models', made.value)).status === 200;
  const edit = async (set: string, fields: string[], taken: string[] = []) => {
    await h.rows(`UPDATE api_keys SET ${set} WHERE id = $1`, [made.id]);
    await h.rows(
      `INSERT INTO litemaas_console.outbox (change_id, proxy_id, record_kind, record_id, fields, taken)
       VALUES (1, $1, 'api_key', $2, $3, $4)`,
      [baseUrl, made.id, fields, taken],
    );
    return sendWaiting(
      { batchId: null, keyId: made.id, again: false },
      { workspace: h.workspace, signal: new AbortController().signal, clientOptions: {} },
    );
  };

  it('makes user, team, membership and key, and the key works', async () => {
    made = await createApiKey({})(wish({}), call());
    const { text, info } = await remote();
    expect(info).toMatchObject({ user_id: user, team_id: team, budget_duration: '1mo', rpm_limit: 60 });
    expect(text).toContain('"max_budget":12.345678');
    expect(text).toContain('"tpm_limit":9007199254740993');
    expect(await works()).toBe(true);
    const pulled = await h.pull();
    expect(pulled.entities.find(({ entity }) => entity === 'keys')?.updated).toBe(0);
  });

  it('makes no second key of the same alias', async () => {
    await h.rows(`UPDATE api_keys SET litellm_key_alias = 'elsewhere' WHERE id = $1`, [made.id]);
    await expect(createApiKey({})(wish({}), call())).rejects.toMatchObject({ code: 'litellm_refused' });
    await h.rows(`UPDATE api_keys SET litellm_key_alias = $2 WHERE id = $1`, [made.id, `push-${run}`]);
    expect(await h.rows('SELECT id FROM api_keys WHERE user_id = $1', [user])).toEqual([{ id: made.id }]);
  });

  it('is told of limits, expiry, alias and team, each by what differs', async () => {
    const set = `max_budget = NULL, tpm_limit = NULL, rpm_limit = 7, expires_at = NULL, team_id = '${other}', litellm_key_alias = 'moved-${run}'`;
    const fields = ['maxBudget', 'tpmLimit', 'rpmLimit', 'expiresAt', 'teamId', 'litellmKeyAlias'];
    expect(await edit(set, fields)).toEqual({ sent: 1, waiting: 0, refused: 0, problem: null });
    expect((await remote()).info).toMatchObject({
      ...{ max_budget: null, tpm_limit: null, rpm_limit: 7, expires: null },
      ...{ team_id: other, key_alias: `moved-${run}`, budget_duration: '1mo' },
    });
  });

  it('blocks a key at once, and lets it go again', async () => {
    expect(await edit('is_active = false', ['isActive'], ['isActive'])).toMatchObject({ sent: 1 });
    expect(await works()).toBe(false);
    expect(await edit('is_active = true', ['isActive'])).toMatchObject({ sent: 1 });
    expect(await works()).toBe(true);
  });

  it('takes a budget’s duration away, or says that this release cannot', async () => {
    const result = await edit(`budget_duration = 'lifetime'`, ['budgetDuration']);
    const { budget_duration: left } = (await remote()).info ?? {};
    if (left === null) expect(result).toMatchObject({ sent: 1, refused: 0 });
    else {
      expect(result).toMatchObject({ sent: 0, refused: 1 });
      expect(result.problem).toContain('budget duration');
    }
  });

  it('ends a revoked key, also on a release that goes on showing it', async () => {
    const set = 'is_active = false, revoked_at = now()';
    const taken = ['isActive', 'revokedAt'];
    expect(await edit(set, taken, taken)).toMatchObject({ sent: 1, waiting: 0 });
    expect(await works()).toBe(false);
    expect(await edit(set, taken, taken)).toMatchObject({ sent: 1, waiting: 0 });
  });
});
