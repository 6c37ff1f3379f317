import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openSubscriptionCalls, type SubscriptionCalls } from './subscription-calls';

const minutes = (count: number): string => new Date(Date.now() + count * 60_000).toISOString();

describeOnEachPostgres('the reset of a period', (major) => {
  let calls: SubscriptionCalls;
  beforeAll(async () => {
    calls = await openSubscriptionCalls({ major });
  });
  afterAll(() => calls.close());
  // What is due in one test is none of another's.
  beforeEach(() => calls.client.query('UPDATE public.subscriptions SET reset_at = NULL, expires_at = NULL'));

  const log = async (id: string, at: string, tokens = 10): Promise<string> => {
    const { model_id: model } = await calls.subscription(id);
    const columns = { subscription_id: id, model_id: String(model), created_at: at };
    const { id: logged } = await insertUsageLog(calls.client, {
      ...columns,
      ...{ request_tokens: tokens, response_tokens: 0, input_cost: '0.000000000001', output_cost: '0' },
    });
    return logged;
  };
  const state = async (id: string) => {
    const row = await calls.subscription(id);
    return {
      status: row['status'],
      requests: Number(row['used_requests']),
      tokens: Number(row['used_tokens']),
      spend: String(row['current_spend']),
      start: row['period_started_at'] as Date | null,
      reset: row['reset_at'] as Date | null,
    };
  };
  const previewReset = async (id: string, when: 'now' | 'due' = 'now'): Promise<ChangePreview> =>
    calls.ask('subscriptions', 'previewReset', { targets: await calls.selected([id]), when });
  const runDue = () => calls.ask('subscriptions', 'runDue', {});
  /** Two requests are allowed; the third suspends. */
  const usedUp = async (columns: Readonly<Record<string, unknown>> = {}) => {
    const id = await calls.subscribe({ quota_requests: 2, budget_duration: '1h', ...columns });
    for (const minute of [-300, -299, -298]) await log(id, minutes(minute));
    expect(await state(id)).toMatchObject({ status: 'suspended', requests: 3 });
    return id;
  };

  it('sets what was used to 0 and opens again what its quota suspended, with the next date', async () => {
    const id = await usedUp({ budget_duration: 'monthly' });
    const preview = await previewReset(id);
    expect(preview).toMatchObject({ grade: 'reaches_people', toChange: 1 });
    expect(preview.findings.map(({ text }) => text)).toEqual(['Its quota suspended it: it is active again.']);
    await calls.run(preview, 'agreed');
    const after = await state(id);
    expect(after).toMatchObject({ status: 'active', requests: 0, tokens: 0, spend: '0.000000000000' });
    const [month] = await calls.rows(
      `SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC' AS next`,
    );
    expect(after.reset).toEqual(month?.['next']);
    // A row of before the reset comes late: recorded, and counted to nothing.
    await log(id, minutes(-20));
    expect(await state(id)).toMatchObject({ requests: 0, tokens: 0 });
    await log(id, minutes(1));
    expect(await state(id)).toMatchObject({ status: 'active', requests: 1, tokens: 10 });
    expect(await calls.ask('subscriptions', 'whySuspended', { id })).toMatchObject({ cause: null });
  });

  it('begins a period that was due at its date, and counts what was requested since', async () => {
    const id = await usedUp({ quota_requests: 2, budget_duration: '3d', reset_at: minutes(-90) });
    await log(id, minutes(-60));
    const other = await calls.subscribe({ budget_duration: '3d', reset_at: minutes(90) });
    expect(await calls.ask('subscriptions', 'list', { filters: { due: true } })).toMatchObject({ total: 1 });
    const due = (await state(id)).reset;
    expect(await runDue()).toEqual({ reset: 1, expired: 0, problems: 0 });
    const after = await state(id);
    expect(after).toMatchObject({
      status: 'active',
      requests: 1,
      tokens: 10,
      start: due,
    });
    expect(after.reset).toEqual(new Date((due?.getTime() ?? 0) + 3 * 86_400_000));
    expect((await state(other)).start).toBeNull();
    expect(await runDue()).toEqual({ reset: 0, expired: 0, problems: 0 });
  });

  it('stays suspended where the new period is over its quota already, or it was not a quota', async () => {
    const over = await usedUp({ quota_requests: 2, budget_duration: '3d', reset_at: minutes(-90) });
    for (const minute of [-60, -59, -58]) await log(over, minutes(minute));
    const byHand = await calls.subscribe({ budget_duration: '3d', reset_at: minutes(-90) });
    await calls.changeSubscriptions([byHand], { status: 'suspended' });
    // Suspended by its quota, opened, then suspended by a person: the last one counts.
    const twice = await usedUp({ budget_duration: '3d', reset_at: minutes(-90) });
    await calls.changeSubscriptions([twice], { status: 'active' });
    await calls.changeSubscriptions([twice], { status: 'suspended' });
    expect(await runDue()).toMatchObject({ reset: 3 });
    expect(await state(over)).toMatchObject({ status: 'suspended', requests: 3 });
    expect(await state(byHand)).toMatchObject({ status: 'suspended' });
    expect(await state(twice)).toMatchObject({ status: 'suspended', requests: 0 });
  });

  it.each([
    ['without a date', { budget_duration: 'monthly', reset_at: null }],
    ['without a period', { budget_duration: null, reset_at: minutes(-60) }],
    ['with a lifetime', { budget_duration: 'lifetime', reset_at: minutes(-60) }],
    ['with a period of nothing', { budget_duration: '0d', reset_at: minutes(-60) }],
    ['with a period that nobody knows', { budget_duration: '1w', reset_at: minutes(-60) }],
    ['with a date before all time', { budget_duration: 'monthly', reset_at: '-infinity' }],
    ['with a date that never comes', { budget_duration: 'monthly', reset_at: 'infinity' }],
    ['that is over', { budget_duration: 'monthly', reset_at: minutes(-60), status: 'cancelled' }],
    ['that waits', { budget_duration: 'monthly', reset_at: minutes(-60), status: 'pending' }],
  ])('is never due %s', async (_, columns) => {
    const id = await calls.subscribe(columns);
    expect(await calls.ask('subscriptions', 'list', { filters: { due: true } })).toMatchObject({ total: 0 });
    expect(await runDue()).toEqual({ reset: 0, expired: 0, problems: 0 });
    expect((await state(id)).start).toBeNull();
  });

  it('refuses one that is cancelled or waits, and says that a lifetime does not begin again by itself', async () => {
    for (const status of ['cancelled', 'pending']) {
      const preview = await previewReset(await calls.subscribe({ status }));
      expect(preview).toMatchObject({ toChange: 0, refused: 1 });
    }
    const preview = await previewReset(await calls.subscribe({ budget_duration: 'lifetime' }));
    expect(preview.findings.map(({ text }) => text)).toEqual([
      'Has no period that ends: its counters are not reset again by themselves.',
    ]);
  });

  it('does not open a second one of a pair', async () => {
    const id = await usedUp();
    const { user_id: user, model_id: model } = await calls.subscription(id);
    await insertSubscription(calls.client, { user_id: String(user), model_id: String(model) });
    await calls.run(await previewReset(id), 'agreed');
    expect(await state(id)).toMatchObject({ status: 'suspended', requests: 0 });
    const twins = [await usedUp(), ''];
    const { user_id: whose, model_id: of } = await calls.subscription(twins[0] ?? '');
    twins[1] = await usedUp({ user_id: String(whose), model_id: String(of) });
    const targets = await calls.selected(twins);
    const both = await calls.ask('subscriptions', 'previewReset', { targets, when: 'now' });
    expect(await calls.run(both, 'agreed')).toMatchObject({ done: 2, problemCount: 0 });
    const statuses = await Promise.all(twins.map(async (twin) => (await state(twin)).status));
    expect(statuses.toSorted()).toEqual(['active', 'suspended']);
  });

  it('is taken back with what was counted since, and done again with it', async () => {
    const id = await usedUp();
    const before = await state(id);
    const { batchId } = await calls.run(await previewReset(id), 'agreed');
    const began = (await state(id)).start;
    await log(id, minutes(1));
    const { batchId: undone } = await calls.undo(batchId);
    expect(await state(id)).toEqual({ ...before, requests: 4, tokens: 40 });
    const { done } = await calls.undo(undone);
    expect(done).toBe(1);
    expect(await state(id)).toMatchObject({ status: 'active', requests: 1, tokens: 10, start: began });
  });

  it('conflicts with somebody who changed it between the review and the run', async () => {
    const id = await usedUp();
    const preview = await previewReset(id);
    await calls.changeSubscriptions([id], { quotaRequests: '7' });
    expect(await calls.run(preview, 'agreed')).toMatchObject({ done: 0, problemCount: 1 });
    expect(await state(id)).toMatchObject({ requests: 3 });
  });

  it('is named to whoever edits what it changed meanwhile', async () => {
    const id = await usedUp();
    const seen = await calls.selected([id]);
    await calls.run(await previewReset(id), 'agreed');
    const changes = { status: 'cancelled' as const };
    const preview = await calls.ask('subscriptions', 'previewUpdate', { targets: seen, changes });
    expect(preview.conflicts[0]?.changedBy).toMatch(/@/);
    expect(preview.conflicts).toMatchObject([{ id, now: { status: 'active' } }]);
  });

  it('counts what came in between the review and the run', async () => {
    const id = await calls.subscribe({ budget_duration: '3d', reset_at: minutes(-90), quota_requests: 50 });
    const preview = await previewReset(id, 'due');
    await log(id, minutes(-30));
    await calls.run(preview, 'agreed');
    expect(await state(id)).toMatchObject({ requests: 1, tokens: 10 });
  });

  it('writes down what expired by its date, and says so where one asks why', async () => {
    const id = await calls.subscribe({
      expires_at: minutes(-10),
      budget_duration: 'monthly',
      reset_at: minutes(-5),
    });
    const { user_id: user, model_id: model } = await calls.subscription(id);
    expect(await runDue()).toEqual({ reset: 0, expired: 1, problems: 0 });
    expect(await state(id)).toMatchObject({ status: 'expired', start: null });
    expect(await calls.ask('subscriptions', 'whySuspended', { id })).toMatchObject({ cause: 'expiry' });
    const [event] = await calls.rows(
      `SELECT cause, reason FROM litemaas_console.subscription_events WHERE subscription_id = $1 ORDER BY id DESC LIMIT 1`,
      [id],
    );
    expect(event).toEqual({ cause: 'expiry', reason: 'Its end has passed.' });
    // The pair is free for another one.
    await insertSubscription(calls.client, { user_id: String(user), model_id: String(model) });
    const [audited] = await calls.rows(
      `SELECT action, metadata ->> 'reason' AS reason FROM public.audit_logs WHERE resource_id = $1 ORDER BY created_at DESC LIMIT 1`,
      [id],
    );
    expect(audited).toEqual({ action: 'SUBSCRIPTION_EXPIRE', reason: 'Its end has passed.' });
  });

  it('runs what is due of many in one go, and leaves a row that fails for the next time', async () => {
    const { id: user } = await insertUser(calls.client);
    for (let count = 0; count < 120; count += 1) {
      const { id: model } = await insertModel(calls.client);
      await insertSubscription(calls.client, {
        ...{ user_id: user, model_id: model, budget_duration: '1d', reset_at: minutes(-60) },
      });
    }
    await calls.client.query(`
      CREATE FUNCTION public.keep_one() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.id = (SELECT max(id::text)::uuid FROM public.subscriptions WHERE user_id = '${user}')
        THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER keep_one BEFORE UPDATE ON public.subscriptions FOR EACH ROW EXECUTE FUNCTION public.keep_one()`);
    try {
      expect(await runDue()).toEqual({ reset: 119, expired: 0, problems: 1 });
    } finally {
      await calls.client.query(
        'DROP TRIGGER keep_one ON public.subscriptions; DROP FUNCTION public.keep_one()',
      );
    }
    expect(await runDue()).toEqual({ reset: 1, expired: 0, problems: 0 });
  });

  it('opens one whose other of the pair has expired, in one go', async () => {
    const id = await usedUp({ budget_duration: '3d', reset_at: minutes(-90) });
    const { user_id: user, model_id: model } = await calls.subscription(id);
    const pair = { user_id: String(user), model_id: String(model) };
    await insertSubscription(calls.client, { ...pair, expires_at: minutes(-10) });
    expect(await runDue()).toEqual({ reset: 1, expired: 1, problems: 0 });
    expect(await state(id)).toMatchObject({ status: 'active' });
  });

  it('refuses in words to take back what would make a second one of a pair active', async () => {
    const id = await usedUp();
    const { user_id: user, model_id: model } = await calls.subscription(id);
    const pair = { user_id: String(user), model_id: String(model) };
    const { batchId } = await calls.run(await previewReset(id), 'agreed');
    const { batchId: undone } = await calls.undo(batchId);
    await insertSubscription(calls.client, pair);
    const again = await calls.ask('changes', 'previewUndo', { batchId: undone });
    expect(again).toMatchObject({ toChange: 0, refused: 1 });
    expect(again.findings[0]).toMatchObject({ severity: 'error', count: 1 });
    const ended = await calls.subscribe({ expires_at: minutes(-10) });
    await runDue();
    const { user_id: whose, model_id: of } = await calls.subscription(ended);
    await insertSubscription(calls.client, { user_id: String(whose), model_id: String(of) });
    const [expiry] = await calls.rows(
      `SELECT batch_id AS "batchId" FROM litemaas_console.changes WHERE action = 'SUBSCRIPTION_EXPIRE' AND record_id = $1`,
      [ended],
    );
    const back = await calls.ask('changes', 'previewUndo', { batchId: String(expiry?.['batchId']) });
    expect(back).toMatchObject({ toChange: 0, refused: 1 });
  });

  it('does not suspend again by its undo what a raised quota allows by now', async () => {
    const id = await usedUp();
    const { batchId } = await calls.run(await previewReset(id), 'agreed');
    await calls.changeSubscriptions([id], { quotaRequests: '100' });
    await calls.undo(batchId);
    expect(await state(id)).toMatchObject({ status: 'active', requests: 3 });
  });

  it.each(['99999d', '999999h'])('is never due with a period of more than a century: %s', async (period) => {
    await calls.subscribe({ budget_duration: period, reset_at: minutes(-60) });
    expect(await calls.ask('subscriptions', 'list', { filters: { due: true } })).toMatchObject({ total: 0 });
  });

  it('refuses one that is past its end, whether that is written down or not', async () => {
    const id = await calls.subscribe({ expires_at: minutes(-10) });
    expect(await previewReset(id)).toMatchObject({ refused: 1 });
    await runDue();
    expect(await previewReset(id)).toMatchObject({ refused: 1 });
  });

  it('opens what its quota suspended also where it was cancelled and brought back in between', async () => {
    const id = await usedUp({ budget_duration: '3d', reset_at: minutes(-90) });
    const { batchId } = await calls.changeSubscriptions([id], { status: 'cancelled' });
    await calls.undo(batchId);
    expect(await calls.ask('subscriptions', 'whySuspended', { id })).toMatchObject({
      cause: 'request_quota',
    });
    await runDue();
    expect(await state(id)).toMatchObject({ status: 'active' });
  });

  it('opens the one of two that a quota suspended, and says of the other that it stays', async () => {
    const first = await usedUp();
    const { user_id: user, model_id: model } = await calls.subscription(first);
    const second = await usedUp({ user_id: String(user), model_id: String(model), budget_duration: '3d' });
    const byHand = [first, second].toSorted()[0] ?? '';
    await calls.changeSubscriptions([byHand], { status: 'active' });
    await calls.changeSubscriptions([byHand], { status: 'suspended' });
    const targets = await calls.selected([first, second]);
    await calls.run(await calls.ask('subscriptions', 'previewReset', { targets, when: 'now' }), 'agreed');
    const statuses = await Promise.all([byHand, [first, second].toSorted()[1] ?? ''].map((id) => state(id)));
    expect(statuses.map(({ status }) => status)).toEqual(['suspended', 'active']);
  });

  it('warns whoever gives another period to one that is due', async () => {
    const id = await calls.subscribe({ budget_duration: 'monthly', reset_at: minutes(-5) });
    const texts = async () =>
      (await calls.previewSubscriptions([id], { budgetDuration: '1d' })).findings.map(({ text }) => text);
    const warned = 'Its period has ended and the next one has not begun: reset it first';
    expect((await texts()).filter((text) => text.startsWith(warned))).toHaveLength(1);
    await runDue();
    expect((await texts()).filter((text) => text.startsWith(warned))).toEqual([]);
  });
});
