import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openSubscriptionCalls, type SubscriptionCalls } from './subscription-calls';

describeOnEachPostgres('changing subscriptions', (major) => {
  let calls: SubscriptionCalls;
  beforeAll(async () => {
    calls = await openSubscriptionCalls({ major });
  });
  afterAll(() => calls.close());

  const textsOf = ({ findings }: Pick<ChangePreview, 'findings'>): string[] =>
    findings.map(({ text }) => text);
  const statusOf = async (id: string): Promise<unknown> => (await calls.subscription(id))['status'];
  const eventsOf = async (id: string) => (await calls.ask('subscriptions', 'get', { id })).events;
  const inDays = (days: number): string =>
    new Date(Date.now() + days * 86_400_000).toISOString().replace('Z', '000Z');

  it('writes what was previewed, and journal, audit trail and result agree; an undo takes it back', async () => {
    const { id: ana } = await insertUser(calls.client, { username: 'ana' });
    const { id: model } = await insertModel(calls.client, { id: 'gpt', name: 'GPT' });
    const id = await calls.subscribe({ user_id: ana, model_id: model, quota_requests: 10, max_budget: '5' });
    const preview = await calls.previewSubscriptions([id], {
      ...{ quotaRequests: '20', quotaTokens: null, rpmLimit: '0', maxBudget: '7.5' },
      expiresAt: '2099-12-31T23:59:59.000000Z',
    });
    expect(preview).toMatchObject({
      ...{ action: 'SUBSCRIPTION_UPDATE', grade: 'reversible', total: 1, toChange: 1, litellm: null },
      records: [{ id, label: 'ana · GPT', way: 'update' }],
    });
    expect(textsOf(preview)).toEqual([
      'The quota of tokens becomes unlimited.',
      'The limit of requests per minute of 0 lets nothing through.',
      'Works until 2099-12-31 23:59:59 UTC.',
    ]);
    const before = {
      ...{ quotaRequests: '10', quotaTokens: '1000000', rpmLimit: '60', maxBudget: '5' },
      expiresAt: null,
    };
    const after = {
      ...{ quotaRequests: '20', quotaTokens: null, rpmLimit: '0', maxBudget: '7.5' },
      expiresAt: '2099-12-31T23:59:59.000000Z',
    };
    const { batchId } = await calls.run(preview);
    expect(
      await calls.rows('SELECT * FROM litemaas_console.changes WHERE batch_id = $1', [batchId]),
    ).toMatchObject([{ action: 'SUBSCRIPTION_UPDATE', record_kind: 'subscription', before, after }]);
    expect(
      await calls.rows(
        `SELECT action, resource_type, metadata FROM public.audit_logs WHERE resource_id = $1`,
        [id],
      ),
    ).toMatchObject([
      { action: 'SUBSCRIPTION_UPDATE', resource_type: 'SUBSCRIPTION', metadata: { before, after, batchId } },
    ]);
    await expect(
      calls.previewSubscriptions([id], { expiresAt: '2099-12-31T23:59:59.000000Z' }),
    ).resolves.toMatchObject({ toChange: 0, unchanged: 1 });
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.subscription(id)).toMatchObject({
      ...{ quota_requests: '10', quota_tokens: '1000000', max_budget: '5.000000', expires_at: null },
    });
  });

  it('suspends and reactivates for a reason, which the history of the subscription tells with who it was', async () => {
    const id = await calls.subscribe();
    const preview = await calls.previewSubscriptions([id], { status: 'suspended' });
    expect(preview).toMatchObject({ grade: 'reaches_people', toChange: 1 });
    await expect(calls.run(preview)).rejects.toMatchObject({ code: 'validation' });
    const { batchId } = await calls.run(preview, 'over the holidays');
    expect(await statusOf(id)).toBe('suspended');
    expect(await eventsOf(id)).toMatchObject([
      {
        from: 'active',
        to: 'suspended',
        cause: 'admin',
        reason: 'over the holidays',
        actor: expect.stringContaining('@') as string,
      },
      { from: null, to: 'active' },
    ]);
    await calls.undo(batchId);
    expect(await statusOf(id)).toBe('active');
  });

  it.each([
    ['pending', {}, 'suspended', 'Waits for approval: approve or deny it.'],
    ['active', {}, 'pending', 'Only a request that was denied can be opened again.'],
    [
      'active',
      { expires_at: '2026-01-01' },
      'suspended',
      'Is past its end: give it a later one, or cancel it.',
    ],
    ['active', { expires_at: '2026-01-01' }, 'active', null],
    ['expired', {}, 'suspended', 'Is past its end: give it a later one, or cancel it.'],
    [
      'expired',
      { expires_at: '2026-01-01' },
      'active',
      'Its end has passed: give it a later one in the same change.',
    ],
    [
      'cancelled',
      {},
      'active',
      'Was cancelled, which is final: open a new subscription instead, or undo the cancelling.',
    ],
    ['cancelled', {}, 'pending', 'Only a request that was denied can be opened again.'],
  ] as const)('refuses %s %j → %s, and says why', async (status, columns, to, text) => {
    const id = await calls.subscribe({ status, ...columns });
    const preview = await calls.previewSubscriptions([id], { status: to });
    if (text === null) {
      expect(preview).toMatchObject({ unchanged: 1, toChange: 0 });
      return;
    }
    expect(preview).toMatchObject({ refused: 1, toChange: 0 });
    expect(textsOf(preview)).toContain(text);
    expect(await calls.run(preview, 'anyway')).toMatchObject({ done: 0 });
    expect(await statusOf(id)).toBe(status);
  });

  it('cancels at once, and deletes what is cancelled with its usage kept; undone, all of it is back', async () => {
    const id = await calls.subscribe();
    const { model_id: model } = await calls.subscription(id);
    await insertUsageLog(calls.client, {
      ...{ subscription_id: id, model_id: String(model), created_at: '2026-11-01T10:00:00Z' },
      input_cost: '1.5',
    });
    const remove = async () =>
      calls.ask('subscriptions', 'previewDelete', { targets: await calls.selected([id]) });
    const early = await remove();
    expect(early).toMatchObject({ refused: 1, toChange: 0 });
    expect(textsOf(early)).toEqual(['Cancel it first, so that its use ends at once.']);
    const { batchId: cancelled } = await calls.changeSubscriptions([id], { status: 'cancelled' });
    expect(await statusOf(id)).toBe('cancelled');
    const preview = await remove();
    expect(preview).toMatchObject({ grade: 'destroys', toChange: 1 });
    expect(textsOf(preview)).toContain('The recorded usage stays in all charts: 1 request, 1.5 USD.');
    const { batchId: deleted } = await calls.run(preview, 'not needed');
    expect(await calls.rows('SELECT FROM public.subscriptions WHERE id = $1', [id])).toEqual([]);
    const usage = () =>
      calls.rows(
        `SELECT (SELECT count(*)::int FROM public.usage_logs WHERE subscription_id = $1) AS logged,
          (SELECT count(*)::int FROM litemaas_console.unattributed_usage WHERE subscription_id = $1) AS archived,
          (SELECT sum(requests)::int FROM litemaas_console.usage_daily WHERE subscription_id = $1) AS recorded`,
        [id],
      );
    expect(await usage()).toEqual([{ logged: 0, archived: 1, recorded: 1 }]);
    expect(await calls.undo(deleted)).toMatchObject({ done: 1 });
    expect(await usage()).toEqual([{ logged: 1, archived: 0, recorded: 1 }]);
    expect(await statusOf(id)).toBe('cancelled');
    expect(await calls.undo(cancelled)).toMatchObject({ done: 1 });
    expect(await statusOf(id)).toBe('active');
  });

  it('approves what waits, and refuses only those whose world has moved meanwhile; denying always works', async () => {
    const { id: gone } = await insertUser(calls.client, { is_active: false });
    const { id: retired } = await insertModel(calls.client, { is_active: false });
    const { id: team } = await insertTeam(calls.client);
    const { id: member } = await insertUser(calls.client);
    await insertTeamMember(calls.client, { team_id: team, user_id: member });
    const pending = (columns: Parameters<SubscriptionCalls['subscribe']>[0]) =>
      calls.subscribe({ status: 'pending', ...columns });
    const ids = {
      fine: await pending({ user_id: member, team_id: team }),
      user_inactive: await pending({ user_id: gone }),
      model_inactive: await pending({ model_id: retired }),
      left_team: await pending({ team_id: team }),
    };
    const { rows } = await calls.ask('subscriptions', 'list', { filters: { status: 'pending' } });
    const marks = new Map(rows.map((row) => [row.id, row]));
    expect(Object.entries(ids).map(([name, id]) => [name, marks.get(id)?.obstacles])).toEqual([
      ['fine', []],
      ['user_inactive', ['user_inactive']],
      ['model_inactive', ['model_inactive']],
      ['left_team', ['left_team']],
    ]);
    expect(marks.get(ids.fine)?.waitsSince).toBe(marks.get(ids.fine)?.createdAt);
    const all = Object.values(ids);
    const preview = await calls.previewSubscriptions(all, { status: 'active' });
    expect(preview).toMatchObject({ grade: 'reversible', total: 4, toChange: 1, refused: 3 });
    expect(textsOf(preview)).toEqual([
      'The person was deactivated.',
      'The model was retired.',
      'The person is not in the team.',
    ]);
    // What moves between the review and the confirmation is seen too.
    await calls.client.query('DELETE FROM public.team_members WHERE user_id = $1', [member]);
    expect(await calls.run(preview)).toMatchObject({
      ...{ done: 0, problems: [{ outcome: 'refused', text: 'The person is not in the team.' }] },
    });
    await insertTeamMember(calls.client, { team_id: team, user_id: member });
    const { batchId } = await calls.changeSubscriptions([ids.fine], { status: 'active' });
    expect(await statusOf(ids.fine)).toBe('active');
    // It takes away what the person uses by now.
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({ grade: 'reaches_people' });
    await calls.undo(batchId);
    expect(await statusOf(ids.fine)).toBe('pending');
    const denial = await calls.previewSubscriptions(all, { status: 'cancelled' });
    expect(denial).toMatchObject({ grade: 'reaches_people', toChange: 4, refused: 0 });
    expect(await calls.run(denial, 'not in the plan')).toMatchObject({ done: 4 });
  });

  it.each([
    ['cancelled', ['pending'], 'pending'],
    ['active', ['pending'], 'pending'],
    ['active', ['suspended'], 'suspended'],
    ['cancelled', ['active', 'suspended', 'expired'], 'active,suspended,expired'],
  ] as const)(
    'makes %s only of those that are %j, also where others were selected or found',
    async (status, from, fitting) => {
      const { id: model } = await insertModel(calls.client);
      const statuses = ['pending', 'active', 'suspended', 'expired'];
      const ids: string[] = [];
      for (const each of statuses) ids.push(await calls.subscribe({ model_id: model, status: each }));
      const fits = (each: string): boolean => fitting.split(',').includes(each);
      const unfit = statuses.filter((each) => !fits(each) && each !== status);
      const changes = { status };
      const onlyFrom = [...from];
      const { selected } = await calls.selected(ids);
      const previews = [
        await calls.ask('subscriptions', 'previewUpdate', { targets: { selected }, changes, onlyFrom }),
        await calls.ask('subscriptions', 'previewUpdate', {
          ...{ targets: { filter: { filters: { modelId: model } } }, changes, onlyFrom },
        }),
        await calls.ask('subscriptions', 'previewEdits', {
          ...{ edits: selected.map((each) => ({ ...each, changes })), onlyFrom },
        }),
      ];
      for (const preview of previews) {
        expect(preview).toMatchObject({ toChange: from.length, refused: unfit.length });
        expect(textsOf(preview)).toEqual(
          expect.arrayContaining(unfit.map((each) => `Is ${each}: this step is not for it.`)),
        );
      }
      const [preview] = previews;
      if (preview === undefined) throw new Error('nothing was previewed');
      expect(await calls.run(preview, 'by mistake')).toMatchObject({ done: from.length });
      expect(
        await calls.rows(
          'SELECT status FROM unnest($1::uuid[]) WITH ORDINALITY AS u (id, n) JOIN public.subscriptions USING (id) ORDER BY n',
          [ids],
        ),
      ).toEqual(statuses.map((each) => ({ status: fits(each) ? status : each })));
    },
  );

  it('denies for a reason in event and audit, keeps what was denied, and opens it again', async () => {
    const id = await calls.subscribe({ status: 'pending' });
    const listed = async (denied: boolean) =>
      (await calls.ask('subscriptions', 'list', { filters: { denied } })).rows.some((row) => row.id === id);
    expect(await listed(true)).toBe(false);
    const { batchId } = await calls.changeSubscriptions([id], { status: 'cancelled' });
    expect(await eventsOf(id)).toMatchObject([
      { from: 'pending', to: 'cancelled', cause: 'admin', reason: 'as agreed' },
      { from: null, to: 'pending' },
    ]);
    expect(
      await calls.rows(
        `SELECT metadata ->> 'reason' AS reason FROM public.audit_logs WHERE resource_id = $1`,
        [id],
      ),
    ).toEqual([{ reason: 'as agreed' }]);
    expect(await calls.ask('subscriptions', 'get', { id })).toMatchObject({
      isDenied: true,
      status: 'cancelled',
    });
    expect([await listed(true), await listed(false)]).toEqual([true, false]);
    const removal = await calls.ask('subscriptions', 'previewDelete', {
      targets: await calls.selected([id]),
    });
    expect(removal).toMatchObject({ refused: 1, toChange: 0 });
    expect(textsOf(removal)).toContain('A request that was denied stays, so that one can see it was.');
    expect(await calls.previewSubscriptions([id], { status: 'active' })).toMatchObject({ refused: 1 });
    const again = await calls.previewSubscriptions([id], { status: 'pending' });
    expect(again).toMatchObject({ grade: 'reversible', toChange: 1 });
    await calls.run(again);
    const reopened = await calls.ask('subscriptions', 'get', { id });
    expect(reopened).toMatchObject({ status: 'pending', isDenied: false });
    // It waits since it was opened again, not since it was asked for.
    expect(reopened.waitsSince).toBe(reopened.events[0]?.at);
    expect(reopened.waitsSince).not.toBe(reopened.createdAt);
    // The denial cannot be taken back any more: somebody has decided otherwise since.
    await expect(calls.ask('changes', 'previewUndo', { batchId })).resolves.toMatchObject({ toChange: 0 });
  });

  it('shows a second request of the same person and model as a conflict, and lets one of them through', async () => {
    const { id: user } = await insertUser(calls.client, { username: 'twice' });
    const { id: model } = await insertModel(calls.client);
    const both = { user_id: user, model_id: model };
    const first = await calls.subscribe({ ...both, status: 'pending' });
    const second = await calls.subscribe({ ...both, status: 'pending' });
    const same = 'Several of these are for the same person and model: only one of them can be active.';
    const together = await calls.previewSubscriptions([first, second], { status: 'active' });
    expect(together).toMatchObject({ refused: 2, toChange: 0 });
    expect(textsOf(together)).toContain(same);
    const one = await calls.previewSubscriptions([first], { status: 'active' });
    expect(one).toMatchObject({ toChange: 1 });
    expect(textsOf(one)).toEqual(['The person has another request for this model, which goes on waiting.']);
    await calls.run(one);
    const other = await calls.previewSubscriptions([second], { status: 'active' });
    expect(other).toMatchObject({ refused: 1 });
    await calls.changeSubscriptions([first], { status: 'suspended' });
    // Nobody gets around a suspension without whoever approves it knowing.
    expect(textsOf(await calls.previewSubscriptions([second], { status: 'active' }))).toEqual([
      'The person has a suspended subscription to this model too: this one would lead around it.',
    ]);
  });

  it('says who is over a lower quota or budget at once, and tells a suspension by the quota as it came', async () => {
    const over = await calls.subscribe({
      used_requests: 50,
      quota_requests: 100,
      current_spend: '8',
      max_budget: '10',
    });
    const under = await calls.subscribe({
      used_requests: 5,
      quota_requests: 100,
      current_spend: '1',
      max_budget: '10',
    });
    const preview = await calls.previewSubscriptions([over, under], { quotaRequests: '20', maxBudget: '5' });
    expect(preview).toMatchObject({ grade: 'reaches_people', toChange: 2 });
    expect(preview.findings).toMatchObject([
      {
        text: 'Has used more than its new quota: it is suspended at once.',
        count: 1,
        examples: [{ id: over }],
      },
      { text: 'Has spent 8 USD already, more than the new budget.', count: 1, examples: [{ id: over }] },
    ]);
    const { batchId } = await calls.run(preview, 'saving');
    expect([await statusOf(over), await statusOf(under)]).toEqual(['suspended', 'active']);
    expect((await eventsOf(over))[0]).toMatchObject({ to: 'suspended', cause: 'quota' });
    const back = await calls.previewSubscriptions([over], { status: 'active' });
    expect(textsOf(back)).toEqual(['Has used more than its quota: the next request suspends it again.']);
    expect(await calls.undo(batchId)).toMatchObject({ done: 2 });
    expect([await statusOf(over), await statusOf(under)]).toEqual(['active', 'active']);
  });

  it('brings the next reset along with another period, restores it, and moves none where there is none', async () => {
    const id = await calls.subscribe({ budget_duration: 'monthly', reset_at: '2099-12-01T00:00:00Z' });
    const never = await calls.subscribe({ budget_duration: 'monthly' });
    const resetOf = async (each: string) => (await calls.subscription(each))['reset_at'];
    const [due] = await calls.rows(
      `SELECT (date_trunc('day', CURRENT_TIMESTAMP AT TIME ZONE 'UTC') + interval '1 day') AT TIME ZONE 'UTC' AS day`,
    );
    const { batchId } = await calls.changeSubscriptions([id, never], { budgetDuration: '1d' });
    expect([await resetOf(id), await resetOf(never)]).toEqual([due?.['day'], null]);
    await calls.changeSubscriptions([id], { rpmLimit: '5' });
    expect(await resetOf(id)).toEqual(due?.['day']);
    await calls.undo(batchId);
    expect(await resetOf(id)).toEqual(new Date('2099-12-01T00:00:00Z'));
  });

  it('refuses an end that has passed, and puts ends off from where they are or from today', async () => {
    const later = inDays(10);
    const ids = {
      running: await calls.subscribe({ expires_at: later }),
      over: await calls.subscribe({ expires_at: '2026-01-01T12:00:00Z' }),
      closed: await calls.subscribe({ status: 'expired', expires_at: '2026-01-01T12:00:00Z' }),
      endless: await calls.subscribe(),
    };
    const past = await calls.previewSubscriptions([ids.running], {
      expiresAt: '2026-01-31T23:59:59.000000Z',
    });
    expect(past).toMatchObject({ refused: 1 });
    const preview = await calls.ask('subscriptions', 'previewExtend', {
      targets: await calls.selected(Object.values(ids)),
      days: 30,
    });
    expect(preview).toMatchObject({ total: 4, toChange: 3, unchanged: 1, refused: 0 });
    expect(textsOf(preview)).toContain('Is in use again with the later end.');
    await calls.run(preview, 'one more month');
    const [ends] = await calls.rows(
      `SELECT
        (SELECT expires_at = $2::timestamptz + interval '30 days' FROM public.subscriptions WHERE id = $1) AS running,
        (SELECT array_agg(expires_at - date_trunc('day', CURRENT_TIMESTAMP AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
          = interval '31 days' - interval '1 second') FROM public.subscriptions WHERE id = ANY($3)) AS others`,
      [ids.running, later, [ids.over, ids.closed]],
    );
    expect(ends).toEqual({ running: true, others: [true, true] });
    const states = await Promise.all(
      Object.values(ids).map((id) => calls.ask('subscriptions', 'get', { id })),
    );
    expect(states.map(({ status }) => status)).toEqual(['active', 'active', 'active', 'active']);
  });

  it('means the whole of a day in the reporting zone by it, and says the instant in UTC', async () => {
    const id = await calls.subscribe();
    await calls.client.query(`SELECT litemaas_console.rebuild_usage('America/Los_Angeles')`);
    try {
      const preview = await calls.previewSubscriptions([id], { expiresAt: '2098-12-31' });
      expect(preview.records[0]?.fields).toEqual([
        { field: 'expiresAt', before: null, after: '2099-01-01T07:59:59.000000Z' },
      ]);
      expect(textsOf(preview)).toEqual(['Works until 2099-01-01 07:59:59 UTC.']);
      const yesterday = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
      expect(await calls.previewSubscriptions([id], { expiresAt: yesterday })).toMatchObject({ refused: 1 });
    } finally {
      await calls.client.query(`SELECT litemaas_console.rebuild_usage('UTC')`);
    }
  });

  it('gives a subscription to a team only where its person is in it', async () => {
    const { id: team } = await insertTeam(calls.client);
    const id = await calls.subscribe();
    const outside = await calls.previewSubscriptions([id], { teamId: team });
    expect(outside).toMatchObject({ refused: 1 });
    expect(textsOf(outside)).toEqual(['The person is not in the team.']);
    const { user_id: user } = await calls.subscription(id);
    await insertTeamMember(calls.client, { team_id: team, user_id: String(user) });
    await calls.changeSubscriptions([id], { teamId: team });
    expect(await calls.subscription(id)).toMatchObject({ team_id: team });
  });

  it('changes all that a filter finds, and leaves alone what somebody else was quicker with', async () => {
    const { id: model } = await insertModel(calls.client);
    const ids = [await calls.subscribe({ model_id: model }), await calls.subscribe({ model_id: model })];
    const preview = await calls.ask('subscriptions', 'previewUpdate', {
      targets: { filter: { filters: { modelId: model } } },
      changes: { rpmLimit: '7' },
    });
    expect(preview).toMatchObject({ total: 2, toChange: 2 });
    await calls.client.query('UPDATE public.subscriptions SET quota_tokens = 1 WHERE id = $1', [ids[0]]);
    // Usage that was counted meanwhile is nobody's edit.
    await calls.client.query('UPDATE public.subscriptions SET used_tokens = 1 WHERE id = $1', [ids[1]]);
    expect(await calls.run(preview)).toMatchObject({
      ...{ done: 1, problems: [{ id: ids[0], outcome: 'changed_since' }] },
    });
    expect(await calls.subscription(ids[1] ?? '')).toMatchObject({ rpm_limit: '7' });
  });

  it('tells a linked proxy which subscription ended, and says that its keys still work there', async () => {
    await calls.client.query(
      `INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`,
      [
        JSON.stringify({
          ...{ baseUrl: 'https://litellm.test', headerName: 'Authorization' },
          linkedAt: '2026-11-01T00:00:00.000000Z',
        }),
      ],
    );
    try {
      const id = await calls.subscribe({ used_requests: 5 });
      const { user_id: user, model_id: model } = await calls.subscription(id);
      const key = await insertApiKey(calls.client, { user_id: String(user) });
      await insertApiKeyModel(calls.client, { api_key_id: key.id, model_id: String(model) });
      const waiting = () =>
        calls.rows(`SELECT record_kind, fields, taken FROM litemaas_console.outbox WHERE record_id = $1`, [
          id,
        ]);
      const row = { record_kind: 'subscription', fields: ['status'] };
      const preview = await calls.previewSubscriptions([id], { status: 'suspended' });
      expect(preview.litellm).toEqual({ waiting: 1, takesAway: 1 });
      expect(textsOf(preview)).toEqual([
        'LiteLLM is not told at once: 1 key still reaches the model there. To end calls now, deactivate the key.',
      ]);
      await calls.run(preview, 'misuse');
      expect(await waiting()).toEqual([{ ...row, taken: ['status'] }]);
      expect(await calls.ask('subscriptions', 'get', { id })).toMatchObject({ untold: 'access' });
      await calls.changeSubscriptions([id], { status: 'active' });
      expect(await waiting()).toEqual([{ ...row, taken: [] }]);
      // What the quota's trigger makes of a lower quota is told too.
      await calls.changeSubscriptions([id], { quotaRequests: '1' });
      expect(await waiting()).toEqual([{ ...row, taken: ['status'] }]);
      // Limits are the console's own: LiteLLM counts none of a subscription.
      const request = await calls.subscribe({ status: 'pending' });
      expect(await calls.changeSubscriptions([request], { rpmLimit: '5' })).toMatchObject({ waiting: 0 });
      expect(await calls.changeSubscriptions([request], { status: 'cancelled' })).toMatchObject({
        waiting: 0,
      });
    } finally {
      await calls.client.query(`DELETE FROM litemaas_console.settings WHERE key = 'litellm_link'`);
    }
  });
});
