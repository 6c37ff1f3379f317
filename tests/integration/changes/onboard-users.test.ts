import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSubscriptionDefaults, type SubscriptionTerms } from '../../../src/shared/contract/subscriptions';
import { insertModel, insertSubscription, insertTeam, insertUsageLog } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type ChangeCalls, openChangeCalls } from './change-calls';

const { teamId: _, ...terms } = newSubscriptionDefaults;
let count = 0;

describeOnEachPostgres('people who are made with what they are subscribed to', (major) => {
  let calls: ChangeCalls;
  let models: string[];
  beforeAll(async () => {
    calls = await openChangeCalls({ major });
    models = [(await insertModel(calls.client)).id, (await insertModel(calls.client)).id];
  });
  afterAll(() => calls.close());

  const newPeople = (many: number) =>
    Array.from({ length: many }, () => {
      count += 1;
      return { username: `new${String(count)}`, email: `new${String(count)}@example.com` };
    });
  const preview = async (many: number, changes: Partial<SubscriptionTerms> = {}, modelIds = models) =>
    calls.ask('users', 'previewCreate', {
      people: newPeople(many),
      teams: [{ id: (await insertTeam(calls.client)).id, role: 'member' as const }],
      subscriptions: { modelIds, terms: { ...terms, ...changes } },
    });
  const subscriptionsOf = (users: readonly string[]) =>
    calls.rows(
      `SELECT user_id, model_id, status::text, quota_requests::text AS quota, reset_at IS NOT NULL AS resets
       FROM public.subscriptions WHERE user_id = ANY($1) ORDER BY user_id, model_id`,
      [users],
    );

  it('is one review, one journal and one undo', async () => {
    const planned = await preview(3, { quotaRequests: '0', quotaTokens: null });
    expect(planned.toChange).toBe(3);
    expect(planned.parts.find(({ kind }) => kind === 'subscription')).toMatchObject({ count: 6 });
    const { batchId, done } = await calls.run(planned, null);
    expect(done).toBe(3);
    const ids = planned.records.map(({ id }) => id);
    const made = await subscriptionsOf(ids);
    expect(made).toHaveLength(6);
    expect(made[0]).toMatchObject({ status: 'active', quota: '0', resets: true });
    const [audited] = await calls.rows(
      `SELECT count(*)::int AS entries FROM public.audit_logs WHERE action = 'SUBSCRIPTION_CREATE' AND metadata ->> 'batchId' = $1`,
      [batchId],
    );
    expect(audited).toEqual({ entries: 6 });
    const { batchId: undone, done: gone } = await calls.undo(batchId);
    expect(gone).toBe(3);
    expect(await subscriptionsOf(ids)).toEqual([]);
    await calls.undo(undone);
    expect(await subscriptionsOf(ids)).toEqual(made);
  });

  it('is not taken back once one of them was used, or has got another subscription', async () => {
    const planned = await preview(2);
    const { batchId } = await calls.run(planned, null);
    const [first = '', second = ''] = planned.records.map(({ id }) => id);
    const { id: other } = await insertModel(calls.client);
    await insertSubscription(calls.client, { user_id: first, model_id: other });
    const before = await calls.ask('changes', 'previewUndo', { batchId });
    expect(before).toMatchObject({ toChange: 1, refused: 1 });
    await calls.client.query('DELETE FROM public.subscriptions WHERE model_id = $1', [other]);
    const [used] = await calls.rows(
      'SELECT id, model_id FROM public.subscriptions WHERE user_id = $1 LIMIT 1',
      [second],
    );
    await insertUsageLog(calls.client, {
      ...{ subscription_id: String(used?.['id']), model_id: String(used?.['model_id']) },
      ...{ created_at: new Date().toISOString(), request_tokens: 1 },
    });
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({ toChange: 1, refused: 1 });
    expect(await subscriptionsOf([first, second])).toHaveLength(4);
  });

  it('makes nobody where a model was retired or went between the review and the run', async () => {
    const { id: model } = await insertModel(calls.client);
    const planned = await preview(2, {}, [model]);
    await calls.client.query('UPDATE public.models SET is_active = false WHERE id = $1', [model]);
    expect(await calls.run(planned, null)).toMatchObject({ done: 0, problemCount: 2 });
    const [made] = await calls.rows('SELECT count(*)::int AS people FROM public.users WHERE id = ANY($1)', [
      planned.records.map(({ id }) => id),
    ]);
    expect(made).toEqual({ people: 0 });
    const retired = await preview(1, {}, [model]);
    expect(retired.toChange).toBe(0);
    expect(retired.findings[0]).toMatchObject({ severity: 'error' });
    expect(await preview(1, {}, ['no such model'])).toMatchObject({ toChange: 0 });
  });

  it('may leave them waiting for approval, and takes 1,000 people with 10 models and no more', async () => {
    const planned = await preview(1, { status: 'pending' });
    await calls.run(planned, null);
    expect(await subscriptionsOf(planned.records.map(({ id }) => id))).toMatchObject([
      { status: 'pending' },
      { status: 'pending' },
    ]);
    const many: string[] = [];
    for (let made = 0; made < 11; made += 1) many.push((await insertModel(calls.client)).id);
    await expect(preview(1_000, {}, many)).rejects.toMatchObject({ code: 'validation' });
    expect(await calls.run(await preview(1_000, {}, many.slice(1)), null)).toMatchObject({ done: 1_000 });
  });

  it('is not taken back where something came between the review of that and its run', async () => {
    const planned = await preview(2);
    const { batchId } = await calls.run(planned, null);
    const [first = '', second = ''] = planned.records.map(({ id }) => id);
    const undo = await calls.ask('changes', 'previewUndo', { batchId });
    expect(undo.toChange).toBe(2);
    const { id: other } = await insertModel(calls.client);
    await insertSubscription(calls.client, { user_id: first, model_id: other });
    await calls.client.query('UPDATE public.subscriptions SET used_requests = 7 WHERE user_id = $1', [
      second,
    ]);
    expect(await calls.run(undo, 'taken back')).toMatchObject({ done: 0, problemCount: 2 });
    expect(await subscriptionsOf([first, second])).toHaveLength(5);
  });

  it('is refused with an end that has passed, and done again only while the model is offered', async () => {
    const ended = await preview(1, { expiresAt: '2020-01-01' });
    expect(ended).toMatchObject({ toChange: 0, refused: 1 });
    const { id: model } = await insertModel(calls.client);
    const { batchId } = await calls.run(await preview(1, {}, [model]), null);
    const { batchId: undone } = await calls.undo(batchId);
    await calls.client.query('UPDATE public.models SET is_active = false WHERE id = $1', [model]);
    expect(await calls.ask('changes', 'previewUndo', { batchId: undone })).toMatchObject({ toChange: 0 });
  });
});
