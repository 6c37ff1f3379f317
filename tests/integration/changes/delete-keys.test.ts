import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertSubscription,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type KeyCalls, openKeyCalls } from './key-calls';

/** More than go with a key in one transaction. */
const busyRequests = 10_050;
const value = 'sk-0123456789abcdefghijklmnop';

describeOnEachPostgres('deleting API keys', (major) => {
  let calls: KeyCalls;
  let ana: string;
  let subscription: string;
  beforeAll(async () => {
    calls = await openKeyCalls({ major });
    ana = (await insertUser(calls.client, { username: 'ana' })).id;
    await insertModel(calls.client, { id: 'gpt' });
    subscription = (await insertSubscription(calls.client, { user_id: ana, model_id: 'gpt' })).id;
  });
  afterAll(() => calls.close());

  const revoked = { is_active: false, revoked_at: '2026-11-01T00:00:00Z' };
  const makeKey = async (columns: Readonly<Record<string, unknown>> = revoked): Promise<string> => {
    const { id } = await insertApiKey(calls.client, { user_id: ana, name: 'laptop', ...columns });
    await insertApiKeyModel(calls.client, { api_key_id: id, model_id: 'gpt' });
    return id;
  };
  const previewDeletion = async (...ids: readonly string[]) =>
    calls.ask('apiKeys', 'previewDelete', {
      targets: { selected: await Promise.all(ids.map(calls.seenKey)) },
    });
  const spendOf = (key: string) =>
    calls.rows(
      `SELECT sum(requests)::text AS requests, trim_scale(sum(cost))::text AS cost
       FROM litemaas_console.usage_monthly WHERE api_key_id = $1`,
      [key],
    );
  const requestsOf = (key: string) =>
    calls.rows('SELECT count(*)::int AS requests FROM public.usage_logs WHERE api_key_id = $1', [key]);

  it('deletes a revoked key with a reason, keeps what was used, and an undo brings back all but its value', async () => {
    const id = await makeKey({ ...revoked, value, lite_llm_key_value: value, max_budget: '5' });
    const used = { subscription_id: subscription, model_id: 'gpt', api_key_id: id };
    await insertUsageLog(calls.client, { ...used, created_at: new Date().toISOString(), input_cost: '0.5' });
    const state = async () => [await calls.modelsOf(id), await requestsOf(id), await spendOf(id)];
    const [before, was] = [await calls.key(id), await state()];
    const preview = await previewDeletion(id);
    expect(preview).toMatchObject({
      ...{ action: 'API_KEY_DELETE', grade: 'destroys', toChange: 1 },
      records: [{ id, label: 'laptop', way: 'delete' }],
    });
    expect(preview.cascade.map(({ table, fate, rows }) => `${table} ${fate} ${String(rows)}`).sort()).toEqual(
      ['public.api_key_models deleted 1', 'public.usage_logs blanked 1'],
    );
    expect(preview.findings.map(({ text }) => text)).toEqual([
      'The recorded usage stays in all charts: 1 request, 0.5 USD.',
      expect.stringContaining('LiteLLM deletes the key if it still has it.') as string,
    ]);
    await expect(calls.run(preview)).rejects.toMatchObject({ code: 'validation' });
    const { batchId, done } = await calls.run(preview, 'out of use');
    expect(done).toBe(1);
    expect(await calls.key(id)).toEqual({});
    expect(await state()).toEqual([[], [{ requests: 0 }], was[2]]);
    // Neither journal, audit log nor what is kept for the undo holds the value.
    const kept = await calls.rows(
      `SELECT c::text AS text FROM litemaas_console.changes c UNION ALL SELECT d::text FROM litemaas_console.deleted_rows d
       UNION ALL SELECT l::text FROM public.audit_logs l`,
    );
    expect(kept.length).toBeGreaterThan(2);
    for (const { text } of kept) expect(text).not.toContain(value);
    expect(
      await calls.rows('SELECT action, metadata FROM public.audit_logs WHERE resource_id = $1', [id]),
    ).toMatchObject([
      { action: 'API_KEY_DELETE', metadata: { before: { name: 'laptop' }, reason: 'out of use' } },
    ]);

    const undo = await calls.ask('changes', 'previewUndo', { batchId });
    expect(undo.findings.map(({ text }) => text)).toContain(
      'Comes back as a record: where LiteLLM has deleted the key, its value works nowhere any more.',
    );
    const back = await calls.run(undo, 'still needed');
    expect(back).toMatchObject({ done: 1, problems: [] });
    expect(await state()).toEqual(was);
    expect(await calls.key(id)).toEqual({ ...before, lite_llm_key_value: null });
    // Taken back once more it goes again, although it was used: it is no live key.
    expect(await calls.undo(back.batchId)).toMatchObject({ done: 1, problems: [] });
    expect(await calls.key(id)).toEqual({});
  });

  it('deletes a blocked key, and no live one: not by itself, and not among others', async () => {
    const blocked = await makeKey({ is_active: false });
    const live = await makeKey({ name: 'in use' });
    const over = await makeKey({ name: 'over', expires_at: '2026-01-01T00:00:00Z' });
    const preview = await previewDeletion(blocked, live, over);
    expect(preview).toMatchObject({ toChange: 1, refused: 2 });
    expect(preview.findings).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        text: 'Works, or would with a later end: revoke or block it first.',
        count: 2,
      }),
    );
    // What was unblocked since the review stays.
    await calls.changeKeys([blocked], { isActive: true });
    expect(await calls.run(preview, 'tidy')).toMatchObject({
      done: 0,
      problems: [{ id: blocked, outcome: 'changed_since' }],
    });
    await calls.changeKeys([blocked], { isActive: false });
    expect(await calls.run(await previewDeletion(blocked), 'tidy')).toMatchObject({ done: 1 });
    expect(Object.keys(await calls.key(live))).not.toEqual([]);
  });

  it('takes the requests of a busy key out of it in slices, and brings all of them back', async () => {
    const id = await makeKey();
    await calls.client.query(
      `INSERT INTO public.usage_logs (subscription_id, model_id, api_key_id, request_tokens, response_tokens, status_code,
         litellm_request_id, input_cost, created_at)
       SELECT $1, 'gpt', $2, 1, 1, 200, 'busy-' || n, 0.5, CURRENT_TIMESTAMP - n * interval '10 seconds'
       FROM generate_series(1, $3::int) AS n`,
      [subscription, id, busyRequests],
    );
    const before = [await requestsOf(id), await spendOf(id)];
    const { batchId } = await calls.run(await previewDeletion(id), 'out of use');
    expect([await requestsOf(id), await spendOf(id)]).toEqual([[{ requests: 0 }], before[1]]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1, problems: [] });
    expect([await requestsOf(id), await spendOf(id)]).toEqual(before);
    expect(await calls.ask('changes', 'unfinished', {})).toEqual({ items: [] });
  }, 120_000);

  it('says where another key has its hash by now, and takes nothing back then', async () => {
    const id = await makeKey({ ...revoked, value: `${value}2` });
    const { batchId } = await calls.run(await previewDeletion(id), 'out of use');
    await makeKey({ value: `${value}2`, name: 'pulled anew' });
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({ toChange: 0, refused: 1 });
    expect(await calls.key(id)).toEqual({});
  });
});
