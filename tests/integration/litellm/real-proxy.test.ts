import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeysHandlers } from '../../../src/main/api-keys';
import { createApiKey } from '../../../src/main/api-keys/create-api-key';
import { rotateApiKey } from '../../../src/main/api-keys/rotate-api-key';
import { createChangesHandlers } from '../../../src/main/changes';
import { changesOfAreas, ownUndos } from '../../../src/main/changes-of-areas';
import { createSendNews, sendWaiting } from '../../../src/main/litellm/outbox/send-waiting';
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
  const ask = async (path: string, key = masterKey, body?: object) => {
    const answer = await fetch(`${baseUrl}${path}`, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const hashOf = (value: string): string => createHash('sha256').update(value).digest('hex');
  const remote = async (value = made.value) => {
    const { text } = await ask(`/key/info?key=${hashOf(value)}`);
    return { text, info: (JSON.parse(text) as { info?: Record<string, unknown> }).info };
  };
  /** What the proxy says to whoever calls with the key. */
  const works = async (value = made.value): Promise<boolean> =>
    (await ask('/v1/models', value)).status === 200;
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

  describe('of which a key is rotated', () => {
    const budget = `shared-${run}`;
    let old: { readonly id: string; readonly value: string };
    const rotate = async (overlap: 'none' | '1d') => {
      const { version } = await apiKeysHandlers.get({ id: old.id }, call());
      const wanted = { id: old.id, version, overlap, keepValue: false, reason: 'yearly' };
      return rotateApiKey({})(contract.apiKeys.rotate.input.parse(wanted), call());
    };
    const reachOf = ({ object_permission: reach }: Record<string, unknown>) =>
      (reach as { vector_stores?: unknown } | undefined)?.vector_stores;

    beforeAll(async () => {
      old = await createApiKey({})(wish({ alias: `rotated-${run}`, maxBudget: '40' }), call());
      await ask('/budget/new', masterKey, { budget_id: budget, max_budget: 100 });
      const { status } = await ask('/key/update', masterKey, {
        ...{ key: hashOf(old.value), spend: 38.25, budget_id: budget },
        ...{ metadata: { model_rpm_limit: { priced: 3 } }, object_permission: { vector_stores: ['shelf'] } },
      });
      expect(status).toBe(200);
      await h.pull();
    });

    it('makes the same key anew with what was spent, and both work until LiteLLM ends the old one', async () => {
      const { id, value, oldEndsAt, isTold } = await rotate('1d');
      expect(isTold).toBe(true);
      const before = (await remote(old.value)).info ?? {};
      const { info: after = {}, text } = await remote(value);
      for (const field of ['user_id', 'team_id', 'models', 'max_budget', 'tpm_limit', 'rpm_limit']) {
        expect(after[field], field).toEqual(before[field]);
      }
      expect(after).toMatchObject({
        ...{ key_alias: `rotated-${run}`, spend: 38.25, budget_id: budget, budget_duration: '1mo' },
        metadata: { model_rpm_limit: { priced: 3 } },
      });
      // Releases that show what a key may reach (and so does the key that had it first).
      expect(reachOf(after)).toEqual(reachOf(before));
      expect(text).toContain('"tpm_limit":9007199254740993');
      expect(before['key_alias']).toBe(`rotated-${run} (until ${oldEndsAt.slice(0, 10)})`);
      const end = Date.parse(String(before['expires']));
      expect(Math.abs(end - Date.parse(oldEndsAt))).toBeLessThan(120_000);
      expect([await works(old.value), await works(value)]).toEqual([true, true]);
      const run2 = await h.pull();
      expect(run2.entities.find(({ entity }) => entity === 'keys')).toMatchObject({ created: 0, updated: 0 });
      old = { id, value };
    });

    it('refuses the old key at once where no overlap is asked for', async () => {
      const before = old;
      const { id, value } = await rotate('none');
      expect([await works(before.value), await works(value)]).toEqual([false, true]);
      old = { id, value };
    });

    it('deletes a blocked key there and here', async () => {
      const changes = createChangesHandlers(changesOfAreas, ownUndos, createSendNews({}));
      const target = async () => ({
        targets: {
          selected: [{ id: old.id, version: (await apiKeysHandlers.get({ id: old.id }, call())).version }],
        },
      });
      const off = await apiKeysHandlers.previewUpdate(
        { ...(await target()), changes: { isActive: false } },
        call(),
      );
      await changes.run({ plan: off.plan, reason: 'ends' }, call());
      expect(await works(old.value)).toBe(false);
      const { plan } = await apiKeysHandlers.previewDelete(await target(), call());
      expect(await changes.run({ plan, reason: 'ends' }, call())).toMatchObject({ done: 1, waiting: 0 });
      const { status, text } = await ask(`/key/info?key=${hashOf(old.value)}`);
      // Late releases go on showing it, with the day.
      expect(status === 404 || text.includes('"deleted_at":"')).toBe(true);
      expect(await works(old.value)).toBe(false);
    });
  });
});
