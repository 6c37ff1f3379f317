import { afterAll, beforeAll, expect, it } from 'vitest';
import { operatorName } from '../../../src/main/changes/write-audit';
import type { SuspensionAnswer, SuspensionRemedy } from '../../../src/shared/contract/suspension';
import {
  insertModel,
  insertSubscription,
  insertSyncRun,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openSubscriptionCalls, type SubscriptionCalls } from '../changes/subscription-calls';

describeOnEachPostgres('why a subscription is suspended', (major) => {
  let calls: SubscriptionCalls;
  beforeAll(async () => {
    calls = await openSubscriptionCalls({ major });
  });
  afterAll(() => calls.close());

  let minute = 0;
  const log = async (id: string, tokens = 2) => {
    minute += 1;
    const { model_id: model } = await calls.subscription(id);
    const at = new Date(Date.UTC(2026, 9, 1, 0, minute)).toISOString();
    const columns = { subscription_id: id, model_id: String(model), created_at: at };
    const row = await insertUsageLog(calls.client, { ...columns, request_tokens: tokens - 1 });
    return { id: row.id, at };
  };
  const why = (id: string): Promise<SuspensionAnswer> => calls.ask('subscriptions', 'whySuspended', { id });
  const kinds = ({ timeline }: SuspensionAnswer): string[] => timeline.map(({ kind }) => kind);
  const countersOf = async (id: string) => {
    const { used_requests: requests, used_tokens: tokens } = await calls.subscription(id);
    return { requests: Number(requests), tokens: Number(tokens) };
  };
  const statusOf = async (id: string) => (await calls.ask('subscriptions', 'get', { id })).status;
  const eventsOf = async (id: string) => (await calls.ask('subscriptions', 'get', { id })).events.length;

  /** Runs what is offered as it is offered; then a request counts and suspends nothing. */
  const isRestoredBy = async (id: string, { changes }: SuspensionRemedy) => {
    const { batchId, done } = await calls.changeSubscriptions([id], changes);
    expect(done).toBe(1);
    expect(await statusOf(id)).toBe('active');
    const [before, events] = [await countersOf(id), await eventsOf(id)];
    await log(id);
    expect(await countersOf(id)).toEqual({ requests: before.requests + 1, tokens: before.tokens + 2 });
    expect(await statusOf(id)).toBe('active');
    expect(await eventsOf(id)).toBe(events);
    expect(await why(id)).toMatchObject({ cause: null, remedies: [], request: null });
    return batchId;
  };

  const useUpRequests = async () => {
    const id = await calls.subscribe({ quota_requests: 2 });
    const requests = [await log(id), await log(id), await log(id), await log(id)];
    return { id, request: requests[2] };
  };
  const useUpTokens = async () => {
    const id = await calls.subscribe({ quota_tokens: 10, quota_requests: 50 });
    const requests = [await log(id, 8), await log(id, 8)];
    return { id, request: requests[1] };
  };
  const suspended = async () => {
    const id = await calls.subscribe({ quota_requests: 100 });
    await calls.changeSubscriptions([id], { status: 'suspended' });
    return { id };
  };
  const suspendedBySync = async () => {
    const id = await calls.subscribe();
    const started = new Date(Date.now() - 1_000).toISOString();
    await insertSyncRun(calls.client, { started_at: started, state: 'running', actor: 'puller' });
    await calls.client.query(`BEGIN; SET LOCAL litemaas.cause = 'sync'; SET LOCAL litemaas.actor = 'puller';
      UPDATE public.subscriptions SET status = 'suspended' WHERE id = '${id}'; COMMIT`);
    return { id };
  };
  const pastItsEnd = async () => ({ id: await calls.subscribe({ expires_at: '2026-02-01T00:00:00Z' }) });
  const withLowerQuota = async () => {
    const id = await calls.subscribe({ quota_requests: 100 });
    for (const tokens of [2, 3, 4]) await log(id, tokens);
    await calls.changeSubscriptions([id], { quotaRequests: '1' });
    return { id };
  };
  const corrected = async () => {
    const id = await calls.subscribe({ quota_tokens: 100 });
    const [first] = [await log(id), await log(id)];
    await calls.client.query(`UPDATE public.usage_logs SET response_tokens = 500 WHERE id = $1`, [first?.id]);
    return { id, request: first };
  };

  const causes = [
    ['request_quota', useUpRequests, ['raise', 'lift']],
    ['token_quota', useUpTokens, ['raise', 'lift']],
    ['admin', suspended, ['reactivate']],
    ['sync', suspendedBySync, ['reactivate']],
    ['expiry', pastItsEnd, ['extend', 'neverEnd']],
    ['lowered_quota', withLowerQuota, ['raise', 'lift']],
    ['late_correction', corrected, ['raise', 'lift']],
  ] as const;

  it.each(causes)(
    'is told by %s, and each action that is offered restores service',
    async (cause, make, offered) => {
      const first: { id: string; request?: { id: string; at: string } | undefined } = await make();
      const answer = await why(first.id);
      expect(answer).toMatchObject({ cause, hasMore: false });
      expect(answer.since).not.toBeNull();
      expect(answer.remedies.map(({ kind }) => kind)).toEqual(offered);
      // The very request, and none where none did it.
      if (first.request === undefined) expect(answer.request).toBeNull();
      else {
        expect(answer.request?.found).toMatchObject({ id: first.request.id });
        expect(answer.timeline).toContainEqual(
          expect.objectContaining({ kind: 'request', id: first.request.id }),
        );
      }
      for (const [index, remedy] of answer.remedies.entries()) {
        const { id } = index === 0 ? first : await make();
        await isRestoredBy(id, (await why(id)).remedies[index] ?? remedy);
      }
    },
  );

  it('tells events, edits, the audit trail, pulls and requests as one, each once and the newest first', async () => {
    const edited = await why((await withLowerQuota()).id);
    expect(kinds(edited)).toEqual(['change', 'event', 'event']);
    expect(edited.timeline[0]).toMatchObject({
      ...{ kind: 'change', action: 'SUBSCRIPTION_UPDATE', reason: 'as agreed' },
      fields: [
        { field: 'status', before: 'active', after: 'suspended' },
        { field: 'quotaRequests', before: '100', after: '1' },
      ],
    });
    expect(edited.timeline[0]).not.toMatchObject({ auditId: null });
    // Why it was lowered stays with the event that came of it.
    expect(edited.reason).toBe('as agreed');
    const { id } = await suspended();
    // That a person suspended it stands in the journal: no second time as an event.
    expect(kinds(await why(id))).toEqual(['change', 'event']);
    const pulled = await why((await suspendedBySync()).id);
    expect(pulled).toMatchObject({ cause: 'sync', actor: 'puller' });
    expect(kinds(pulled)).toEqual(['event', 'event', 'sync']);
    await calls.client.query(
      `INSERT INTO public.audit_logs (action, resource_type, resource_id) VALUES ('SUBSCRIPTION_QUOTA', 'SUBSCRIPTION', $1)`,
      [id],
    );
    expect((await why(id)).timeline[0]).toMatchObject({ kind: 'audit', action: 'SUBSCRIPTION_QUOTA' });
  });

  it('offers all that is in the way as one: suspended, over its quota and past its end', async () => {
    const { id } = await useUpRequests();
    await calls.client.query(
      `UPDATE public.subscriptions SET expires_at = '2026-02-01T00:00:00Z' WHERE id = $1`,
      [id],
    );
    const { remedies, exceeded } = await why(id);
    expect(exceeded).toEqual([{ quota: 'quotaRequests', limit: '2', used: '4', atLeast: '5' }]);
    const [raise] = remedies;
    if (raise === undefined) throw new Error('nothing is offered');
    expect(raise).toMatchObject({ kind: 'raise', changes: { status: 'active', quotaRequests: '8' } });
    expect(raise.changes.expiresAt).toBeDefined();
    await isRestoredBy(id, raise);
  });

  it('tells the quota that was exceeded first, where both are by now', async () => {
    const id = await calls.subscribe({ quota_tokens: 10, quota_requests: 3 });
    for (const tokens of [8, 8, 2, 2, 2]) await log(id, tokens);
    const answer = await why(id);
    expect(answer.exceeded.map(({ quota }) => quota)).toEqual(['quotaRequests', 'quotaTokens']);
    expect(answer.cause).toBe('token_quota');
    const [raise] = answer.remedies;
    if (raise !== undefined) await isRestoredBy(id, raise);
  });

  it('keeps to the quota that was exceeded once it was raised, and then only reactivates', async () => {
    const { id } = await useUpRequests();
    await calls.changeSubscriptions([id], { quotaRequests: '50' });
    const answer = await why(id);
    expect(answer).toMatchObject({
      cause: 'request_quota',
      exceeded: [],
      remedies: [{ kind: 'reactivate' }],
    });
    const [only] = answer.remedies;
    if (only !== undefined) await isRestoredBy(id, only);
  });

  it('offers nothing beside another active one, and says so where the request has left the log', async () => {
    const { id: user } = await insertUser(calls.client);
    const { id: model } = await insertModel(calls.client);
    const of = { user_id: user, model_id: model };
    const id = await calls.subscribe({ ...of, quota_requests: 1 });
    const requests = [await log(id), await log(id)];
    await insertSubscription(calls.client, of);
    expect(await why(id)).toMatchObject({ obstacles: ['already_active'], remedies: [] });
    await calls.client.query(`DELETE FROM public.usage_logs WHERE id = $1`, [requests[1]?.id]);
    expect((await why(id)).request).toMatchObject({ found: null });
    await expect(why('00000000-0000-4000-8000-0000000000ff')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('blames nobody who deleted it with its person and brought it back', async () => {
    const { id, request } = await useUpRequests();
    const user = String((await calls.subscription(id))['user_id']);
    const targets = { selected: [await calls.seen(user)] };
    const { batchId } = await calls.run(await calls.ask('users', 'previewDelete', { targets }), 'has left');
    await calls.undo(batchId);
    const answer = await why(id);
    expect(answer).toMatchObject({ cause: 'request_quota', request: { found: { id: request?.id } } });
    expect(answer.remedies.map(({ kind }) => kind)).toEqual(['raise', 'lift']);
    // Who did both is named as in every other change, not by the database's role.
    const [back, gone] = (await calls.ask('subscriptions', 'get', { id })).events;
    expect(gone).toMatchObject({ to: 'deleted', actor: operatorName(), reason: 'has left' });
    expect(back).toMatchObject({ from: null, actor: operatorName(), reason: 'taken back' });
  });

  it('shows the newest fifty moments of many', async () => {
    const id = await calls.subscribe();
    for (let turn = 0; turn < 30; turn += 1) {
      await calls.client.query(`UPDATE public.subscriptions SET status = 'suspended' WHERE id = $1`, [id]);
      await calls.client.query(`UPDATE public.subscriptions SET status = 'active' WHERE id = $1`, [id]);
    }
    await calls.client.query(`UPDATE public.subscriptions SET status = 'suspended' WHERE id = $1`, [id]);
    const answer = await why(id);
    expect(answer).toMatchObject({ cause: 'admin', hasMore: true });
    expect(answer.timeline).toHaveLength(50);
    expect(answer.timeline[0]).toMatchObject({ to: 'suspended' });
  });
});
