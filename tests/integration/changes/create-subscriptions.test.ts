import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import { newSubscriptionDefaults, type SubscriptionTerms } from '../../../src/shared/contract/subscriptions';
import {
  insertModel,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openSubscriptionCalls, type SubscriptionCalls } from './subscription-calls';

describeOnEachPostgres('creating subscriptions', (major) => {
  let calls: SubscriptionCalls;
  beforeAll(async () => {
    calls = await openSubscriptionCalls({ major });
  });
  afterAll(() => calls.close());

  const preview = (
    userIds: readonly string[],
    modelIds: readonly string[],
    terms: Partial<SubscriptionTerms> = {},
  ): Promise<ChangePreview> =>
    calls.ask('subscriptions', 'previewCreate', {
      ...{ userIds: [...userIds], modelIds: [...modelIds] },
      terms: { ...newSubscriptionDefaults, ...terms },
    });
  const somebody = async (columns = {}) => (await insertUser(calls.client, columns)).id;
  const aModel = async (columns = {}) => (await insertModel(calls.client, columns)).id;
  const textsOf = ({ findings }: ChangePreview) => findings.map(({ text }) => text);
  const subscriptionsOf = (users: readonly string[]) =>
    calls.rows('SELECT * FROM public.subscriptions WHERE user_id = ANY($1) ORDER BY user_id, model_id', [
      users,
    ]);
  const link = () =>
    calls.client.query(`INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`, [
      JSON.stringify({
        ...{ baseUrl: 'https://litellm.example.org', headerName: 'Authorization' },
        linkedAt: '2026-11-01T00:00:00.000000Z',
      }),
    ]);

  it('makes one of each pair with the terms, and journal, audit trail and events say so; an undo deletes them', async () => {
    const users = [await somebody({ username: 'ana' }), await somebody({ username: 'ben' })];
    const models = [await aModel({ id: 'gpt', name: 'GPT' }), await aModel({ id: 'org/mix', name: 'Mix' })];
    const planned = await preview(users, models, {
      ...{ quotaRequests: '0', quotaTokens: null, maxBudget: '7.5', budgetDuration: '1d', rpmLimit: null },
      expiresAt: '2099-12-31',
    });
    expect(planned).toMatchObject({
      ...{ action: 'SUBSCRIPTION_CREATE', grade: 'reversible', total: 4, toChange: 4, litellm: null },
      records: [{ label: 'ana · GPT', way: 'create' }, { label: 'ana · Mix' }, { label: 'ben · GPT' }, {}],
    });
    expect(textsOf(planned)).toEqual([
      'The quota of requests of 0 lets nothing through.',
      'The quota of tokens becomes unlimited.',
      'The limit of requests per minute becomes unlimited.',
      'Works until 2099-12-31 23:59:59 UTC.',
    ]);
    const { batchId, ...result } = await calls.run(planned, 'course of the autumn');
    expect(result).toMatchObject({ done: 4, problemCount: 0, waiting: 0 });
    const made = await subscriptionsOf(users);
    expect(made).toHaveLength(4);
    for (const row of made) {
      expect(row).toMatchObject({
        ...{ status: 'active', quota_requests: '0', quota_tokens: null, max_budget: '7.500000' },
        ...{ budget_duration: '1d', tpm_limit: '1000', rpm_limit: null, team_id: null, used_requests: '0' },
      });
    }
    const [reset] = await calls.rows(
      `SELECT DISTINCT reset_at = date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 day' AS next,
         expires_at = '2099-12-31T23:59:59Z' AS ends FROM public.subscriptions WHERE user_id = ANY($1)`,
      [users],
    );
    expect(reset).toEqual({ next: true, ends: true });
    const ids = made.map(({ id }) => id);
    for (const [count, text] of [
      [
        4,
        `SELECT FROM litemaas_console.changes WHERE batch_id = $2 AND action = 'SUBSCRIPTION_CREATE'
             AND record_id = ANY($1::text[]) AND before IS NULL AND after ->> 'quotaTokens' IS NULL
             AND after ->> 'quotaRequests' = '0'`,
      ],
      [
        4,
        `SELECT FROM public.audit_logs WHERE metadata ->> 'batchId' = $2::text AND action = 'SUBSCRIPTION_CREATE'
             AND resource_type = 'SUBSCRIPTION' AND resource_id = ANY($1::text[])`,
      ],
      [
        4,
        `SELECT FROM litemaas_console.subscription_events WHERE $2::uuid IS NOT NULL AND subscription_id::text = ANY($1::text[])
             AND from_status IS NULL AND to_status = 'active' AND cause = 'admin' AND reason = 'course of the autumn'`,
      ],
    ] as const) {
      expect(await calls.rows(text, [ids, batchId])).toHaveLength(count);
    }
    expect(await calls.undo(batchId)).toMatchObject({ done: 4, problemCount: 0 });
    expect(await subscriptionsOf(users)).toEqual([]);
  });

  it('leaves those out who have one, whatever it waits for, says which, and makes the others', async () => {
    const users = await Promise.all(
      ['active', 'expired', 'suspended', 'pending', 'cancelled', 'none'].map((name) =>
        somebody({ username: `has-${name}` }),
      ),
    );
    const [active = '', expired = '', suspended = '', pending = '', cancelled = '', none = ''] = users;
    const model = await aModel({ name: 'Taken' });
    const held = {
      active: await calls.subscribe({ user_id: active, model_id: model }),
      expired: await calls.subscribe({
        user_id: expired,
        model_id: model,
        expires_at: '2020-01-01T00:00:00Z',
      }),
      suspended: await calls.subscribe({ user_id: suspended, model_id: model, status: 'suspended' }),
      pending: await calls.subscribe({ user_id: pending, model_id: model, status: 'pending' }),
    };
    await calls.subscribe({ user_id: cancelled, model_id: model, status: 'cancelled' });
    const planned = await preview(users, [model]);
    expect(planned).toMatchObject({ total: 2, toChange: 2 });
    expect(planned.findings).toMatchObject([
      {
        severity: 'info',
        area: 'subscriptions',
        count: 1,
        examples: [{ id: held.active, label: 'has-active · Taken' }],
      },
      { severity: 'warning', area: 'subscriptions', examples: [{ id: held.expired }] },
      { severity: 'warning', area: 'subscriptions', examples: [{ id: held.suspended }] },
      { severity: 'warning', area: 'subscriptions', examples: [{ id: held.pending }] },
    ]);
    expect(await calls.run(planned)).toMatchObject({ done: 2, problemCount: 0 });
    expect(await subscriptionsOf([cancelled, none])).toMatchObject([{}, {}, {}]);
    expect(await preview(users, [model])).toMatchObject({ total: 0, toChange: 0 });
  });

  it('refuses who was deactivated, what was retired, a team without the person, and an end that has passed', async () => {
    const [ana, off] = [await somebody(), await somebody({ is_active: false })];
    const [model, retired] = [await aModel(), await aModel({ is_active: false })];
    const { id: team } = await insertTeam(calls.client);
    await insertTeamMember(calls.client, { team_id: team, user_id: off });
    const planned = await preview([ana, off], [model, retired], { status: 'pending' });
    expect(planned).toMatchObject({ total: 4, toChange: 1, refused: 3 });
    expect(planned.findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { text: 'The model was retired.', count: 2 },
      { text: 'The person was deactivated.', count: 2 },
    ]);
    const outside = await preview([ana], [model], { teamId: team });
    expect(outside).toMatchObject({ toChange: 0, refused: 1 });
    expect(textsOf(outside)).toEqual(['The person is not in the team.']);
    const late = await preview([ana], [model], { expiresAt: '2020-01-01' });
    expect(late).toMatchObject({ toChange: 0, refused: 1 });
    await insertTeamMember(calls.client, { team_id: team, user_id: ana });
    expect(await calls.run(await preview([ana], [model], { teamId: team, status: 'pending' }))).toMatchObject(
      {
        done: 1,
      },
    );
    expect(await subscriptionsOf([ana])).toMatchObject([{ team_id: team, status: 'pending' }]);
  });

  it('names what is gone by the review, and refuses what went or came between the review and the run', async () => {
    const [ana, ben, cleo, dan] = [await somebody(), await somebody(), await somebody(), await somebody()];
    const model = await aModel();
    const nobody = '00000000-0000-4000-8000-0000000000ff';
    expect(textsOf(await preview([ana, nobody], [model, 'no/such']))).toEqual([
      '1 of the people is not there any more, and is left out.',
      'Not there any more, and left out: no/such.',
    ]);
    const planned = await preview([ana, ben, cleo, dan], [model]);
    expect(planned.toChange).toBe(4);
    await calls.subscribe({ user_id: ana, model_id: model });
    await calls.subscribe({ user_id: ben, model_id: model, status: 'pending' });
    await calls.client.query('DELETE FROM public.users WHERE id = $1', [cleo]);
    const result = await calls.run(planned);
    expect(result).toMatchObject({ done: 1, problemCount: 3 });
    expect(Object.fromEntries(result.problems.map(({ outcome, text }) => [text, outcome]))).toEqual({
      'The person has another subscription to this model that is active, or past its end and not closed.':
        'refused',
      'The person has another request for this model, which goes on waiting.': 'refused',
      'The person or the model is not there any more.': 'refused',
    });
    expect(await subscriptionsOf([ana, ben, dan])).toHaveLength(3);
  });

  it.each([
    ['INSERT INTO public.subscriptions (user_id, model_id, status)', /another request/],
    ['UPDATE public.users', /was deactivated/],
    ['UPDATE public.models', /was retired/],
  ])('waits for %s that is under way, and judges what came of it', async (statement, text) => {
    const [user, model] = [await somebody(), await aModel()];
    const planned = await preview([user], [model]);
    const id = statement.includes('users') ? user : model;
    await calls.client.query('BEGIN');
    await calls.client.query(
      statement.startsWith('INSERT')
        ? `${statement} VALUES ('${user}', '${model}', 'pending')`
        : `${statement} SET is_active = false WHERE id = '${id}'`,
    );
    const running = calls.run(planned);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await calls.client.query('COMMIT');
    const { done, problems } = await running;
    expect(done).toBe(0);
    expect(problems).toMatchObject([{ outcome: 'refused' }]);
    expect(problems[0]?.text).toMatch(text);
    expect(await subscriptionsOf([user])).toHaveLength(statement.startsWith('INSERT') ? 1 : 0);
  });

  it('keeps what was used since from being taken back, and takes the others back', async () => {
    const users = [await somebody({ username: 'idle' }), await somebody({ username: 'busy' })];
    const model = await aModel({ name: 'Used' });
    const { batchId } = await calls.run(await preview(users, [model]));
    const [used] = await calls.rows('SELECT id FROM public.subscriptions WHERE user_id = $1', [users[1]]);
    await insertUsageLog(calls.client, {
      ...{ subscription_id: String(used?.['id']), model_id: model, created_at: new Date().toISOString() },
    });
    const undo = await calls.ask('changes', 'previewUndo', { batchId, recordId: null });
    expect(undo).toMatchObject({ total: 2, toChange: 1, refused: 1 });
    expect(undo.findings).toContainEqual({
      ...{ severity: 'error', count: 1, examples: [{ id: used?.['id'], label: 'busy · Used' }] },
      text: 'Was used since: cancel it instead, so that what was used stays with it.',
    });
    expect(await calls.run(undo)).toMatchObject({ done: 1 });
    expect(await subscriptionsOf(users)).toMatchObject([{ id: used?.['id'], used_requests: '1' }]);
  });

  it('refuses more people or models than one review takes', async () => {
    const many = Array.from(
      { length: 501 },
      (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    );
    const message = 'At most 500 people and 20 models are taken at a time.';
    await expect(preview(many, ['gpt'])).rejects.toMatchObject({ code: 'validation', message });
    await expect(preview(many.slice(0, 1), many.slice(0, 21))).rejects.toMatchObject({ message });
  });

  it('opens 500 × 20 in slices, and takes them back', { timeout: 300_000 }, async () => {
    const users = (
      await calls.rows(
        `INSERT INTO public.users (username, email, oauth_provider, oauth_id)
         SELECT 'many-' || n, 'many-' || n || '@example.org', 'openshift', 'many-' || n FROM generate_series(1, 500) AS n
         RETURNING id`,
      )
    ).map(({ id }) => String(id));
    const models = await Promise.all(Array.from({ length: 20 }, () => aModel()));
    const planned = await preview(users, models);
    expect(planned).toMatchObject({ total: 10_000, toChange: 10_000 });
    const { batchId, ...result } = await calls.run(planned);
    expect(result).toMatchObject({ done: 10_000, problemCount: 0 });
    expect(await subscriptionsOf(users)).toHaveLength(10_000);
    expect(await calls.undo(batchId)).toMatchObject({ done: 10_000, problemCount: 0 });
    expect(await subscriptionsOf(users)).toEqual([]);
  });

  it('tells LiteLLM of those alone of whom it may withhold the model, also where they are taken back or made again', async () => {
    await link();
    const [fresh, former] = [await somebody(), await somebody()];
    const model = await aModel();
    await calls.subscribe({ user_id: former, model_id: model, status: 'cancelled' });
    const planned = await preview([fresh, former], [model]);
    expect(planned).toMatchObject({ toChange: 2, litellm: { waiting: 1, takesAway: 0 } });
    expect(textsOf(planned)[0]).toMatch(/^In LiteLLM people reach the models that their keys name/);
    const { batchId, waiting } = await calls.run(planned);
    expect(waiting).toBe(1);
    const undo = await calls.ask('changes', 'previewUndo', { batchId, recordId: null });
    expect(undo).toMatchObject({ toChange: 2, litellm: { waiting: 1, takesAway: 1 } });
    const [reopened] = await calls.rows(
      `SELECT id FROM public.subscriptions WHERE user_id = $1 AND status = 'active'`,
      [former],
    );
    const waitingOf = () =>
      calls.rows(
        `SELECT record_id, fields, taken FROM litemaas_console.outbox WHERE record_kind = 'subscription' AND state = 'waiting'`,
      );
    const told = { record_id: reopened?.['id'] };
    const undone = await calls.run(undo);
    expect(undone).toMatchObject({ done: 2, waiting: 1 });
    expect(await waitingOf()).toEqual([{ ...told, fields: ['deleted'], taken: ['deleted'] }]);
    expect(await calls.undo(undone.batchId)).toMatchObject({ done: 2, waiting: 1 });
    expect(await waitingOf()).toEqual([{ ...told, fields: ['status'], taken: [] }]);
  });
});
