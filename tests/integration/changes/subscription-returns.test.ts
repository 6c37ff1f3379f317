import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import { newSubscriptionDefaults } from '../../../src/shared/contract/subscriptions';
import { insertModel, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openSubscriptionCalls, type SubscriptionCalls } from './subscription-calls';

describeOnEachPostgres('what comes back to a subscription', (major) => {
  let calls: SubscriptionCalls;
  beforeAll(async () => {
    calls = await openSubscriptionCalls({ major });
  });
  afterAll(() => calls.close());

  const textsOf = ({ findings }: Pick<ChangePreview, 'findings'>): string[] =>
    findings.map(({ text }) => text);

  it('still calls a request denied whose person was deleted and brought back', async () => {
    const { id: user } = await insertUser(calls.client);
    const id = await calls.subscribe({ status: 'pending', user_id: user });
    await calls.changeSubscriptions([id], { status: 'cancelled' });
    const targets = { selected: [await calls.seen(user)] };
    const { batchId } = await calls.run(await calls.ask('users', 'previewDelete', { targets }), 'has left');
    expect(await calls.subscription(id)).toEqual({});
    await calls.undo(batchId);
    expect(await calls.ask('subscriptions', 'get', { id })).toMatchObject({ isDenied: true });
    expect(await calls.previewSubscriptions([id], { status: 'pending' })).toMatchObject({ toChange: 1 });
  });

  it.each(['expired', 'active'])(
    'warns of a later end that gives access back, stored as %s',
    async (status) => {
      const { id: user } = await insertUser(calls.client, { is_active: false });
      const { id: model } = await insertModel(calls.client, { is_active: false });
      const id = await calls.subscribe({
        ...{ status, user_id: user, model_id: model, expires_at: '2026-01-01T12:00:00Z' },
      });
      const preview = await calls.ask('subscriptions', 'previewExtend', {
        ...{ targets: await calls.selected([id]), days: 30 },
      });
      expect(preview).toMatchObject({ grade: 'reaches_people', toChange: 1 });
      expect(textsOf(preview)).toEqual(
        expect.arrayContaining(['The person was deactivated.', 'The model was retired.']),
      );
    },
  );

  it('counts the first period from when it is approved or made, however late that is', async () => {
    const id = await calls.subscribe({
      ...{ status: 'pending', budget_duration: 'monthly', reset_at: '2026-01-01T00:00:00Z' },
    });
    const never = await calls.subscribe({ status: 'pending', budget_duration: 'monthly', reset_at: null });
    const { batchId } = await calls.changeSubscriptions([id, never], { status: 'active' });
    const [reset] = await calls.rows(
      `SELECT reset_at = (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC' AS next
       FROM public.subscriptions WHERE id = $1`,
      [id],
    );
    expect(reset).toEqual({ next: true });
    expect((await calls.subscription(never))['reset_at']).toBeNull();
    await calls.undo(batchId);
    expect(await calls.subscription(id)).toMatchObject({
      ...{ status: 'pending', reset_at: new Date('2026-01-01T00:00:00Z') },
    });
    const [{ id: user }, { id: model }] = [await insertUser(calls.client), await insertModel(calls.client)];
    const planned = await calls.ask('subscriptions', 'previewCreate', {
      ...{ userIds: [user], modelIds: [model] },
      terms: { ...newSubscriptionDefaults, budgetDuration: '2s' },
    });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await calls.run(planned)).toMatchObject({ done: 1 });
    const [made] = await calls.rows(
      `SELECT reset_at > created_at AS ahead FROM public.subscriptions WHERE user_id = $1`,
      [user],
    );
    expect(made).toEqual({ ahead: true });
  });

  it('begins to reset again after a budget for life, and plans no reset beyond a century', async () => {
    const id = await calls.subscribe({ budget_duration: 'monthly', reset_at: '2099-12-01T00:00:00Z' });
    const resetOf = async () => (await calls.subscription(id))['reset_at'];
    const noReset = 'Has no date of reset: the new period does not begin by itself.';
    await calls.changeSubscriptions([id], { budgetDuration: 'lifetime' });
    expect(await resetOf()).toBeNull();
    expect(textsOf(await calls.previewSubscriptions([id], { budgetDuration: null }))).not.toContain(noReset);
    const monthly = await calls.previewSubscriptions([id], { budgetDuration: 'monthly' });
    expect(textsOf(monthly)).not.toContain(noReset);
    await calls.run(monthly);
    expect(await resetOf()).toBeInstanceOf(Date);
    const endless = await calls.previewSubscriptions([id], { budgetDuration: '999999d' });
    expect(textsOf(endless)).toContain(noReset);
    // Longer than a push may send.
    await expect(calls.previewSubscriptions([id], { budgetDuration: '1000000d' })).rejects.toThrow();
  });
});
