import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import type { Contract, InputOf } from '../../../src/shared/contract/index';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type ModelCalls, openModelCalls } from './model-calls';

type Columns = Readonly<Record<string, unknown>>;
type Whose = InputOf<Contract['models']['previewReplace']>['whose'];

describeOnEachPostgres('replacing a model by another', (major) => {
  let calls: ModelCalls;
  let one: string;
  let other: string;
  beforeAll(async () => {
    calls = await openModelCalls({ major });
  });
  afterEach(() => calls.unlink());
  afterAll(() => calls.close());

  /** Two models of their own for each test. */
  const makeModels = async (columns: Columns = {}): Promise<void> => {
    one = (await insertModel(calls.client, { name: 'One' })).id;
    other = (await insertModel(calls.client, { name: 'Other', ...columns })).id;
  };
  const somebody = async (columns: Columns = {}): Promise<string> =>
    (await insertUser(calls.client, columns)).id;
  const subscribe = async (user_id: string, columns: Columns = {}): Promise<string> =>
    (await insertSubscription(calls.client, { model_id: one, ...columns, user_id })).id;
  const makeKey = async (
    user_id: string,
    name: string,
    models: readonly string[],
    columns: Columns = {},
  ): Promise<string> => {
    const { id } = await insertApiKey(calls.client, { ...columns, user_id, name });
    for (const model_id of models) await insertApiKeyModel(calls.client, { api_key_id: id, model_id });
    return id;
  };
  const preview = (whose: Whose = 'everybody'): Promise<ChangePreview> =>
    calls.ask('models', 'previewReplace', { modelId: one, byModelId: other, whose });
  const textsOf = ({ findings }: ChangePreview): string[] => findings.map(({ text }) => text);
  const finding = ({ findings }: ChangePreview, text: string) =>
    findings.find((each) => each.text.startsWith(text));
  const subscriptionsOf = async (user: string, model: string) =>
    calls.rows('SELECT * FROM public.subscriptions WHERE user_id = $1 AND model_id = $2 ORDER BY id', [
      user,
      model,
    ]);
  const statuses = async (user: string): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (await calls.rows('SELECT model_id, status FROM public.subscriptions WHERE user_id = $1', [user])).map(
        ({ model_id, status }) => [String(model_id) === one ? 'one' : 'other', status],
      ),
    );
  const modelsOf = async (key: string): Promise<unknown[]> =>
    (
      await calls.rows('SELECT model_id FROM public.api_key_models WHERE api_key_id = $1 ORDER BY 1', [key])
    ).map(({ model_id }) => model_id);
  const use = (subscription_id: string, model_id: string) =>
    insertUsageLog(calls.client, { subscription_id, model_id, created_at: new Date().toISOString() });

  it('ends the one, opens the other with all its limits, and swaps the model in keys; usage stays; an undo restores all', async () => {
    await makeModels();
    const third = (await insertModel(calls.client)).id;
    const ana = await somebody({ username: 'ana' });
    const { id: team } = await insertTeam(calls.client);
    await insertTeamMember(calls.client, { team_id: team, user_id: ana });
    const old = await subscribe(ana, {
      ...{ team_id: team, quota_requests: '0', quota_tokens: null, max_budget: '7.5', budget_duration: '1d' },
      ...{
        tpm_limit: null,
        rpm_limit: '5',
        reset_at: '2026-01-01T00:00:00Z',
        expires_at: '2099-12-31T00:00:00Z',
      },
    });
    await calls.client.query('UPDATE public.subscriptions SET quota_requests = 10 WHERE id = $1', [old]);
    await use(old, one);
    const both = await makeKey(ana, 'both', [one, third]);
    const off = await makeKey(ana, 'off', [one], { is_active: false });
    const revoked = await makeKey(ana, 'revoked', [one], {
      is_active: false,
      revoked_at: '2026-01-01T00:00:00Z',
    });
    const planned = await preview();
    expect(planned).toMatchObject({
      ...{ action: 'SUBSCRIPTION_REPLACE', grade: 'reaches_people', total: 1, toChange: 1, litellm: null },
      records: [{ id: old, label: 'ana · One', fields: [{ field: 'status', after: 'cancelled' }] }],
      parts: [
        { kind: 'subscription', way: 'create', count: 1 },
        { kind: 'api_key', way: 'update', count: 2 },
      ],
    });
    expect(textsOf(planned).slice(1)).toEqual([
      '1 subscription is opened with the team, limits, period and end of the one it follows. Its counters begin at 0.',
      '2 keys get the one in place of the other. LiteLLM is told each list by one call: at no moment a key has neither.',
      'What was used stays with the subscriptions that end, and in all charts.',
    ]);
    const { batchId, ...result } = await calls.run(planned, 'a newer one');
    expect(result).toMatchObject({ done: 1, problemCount: 0 });
    expect(await statuses(ana)).toEqual({ one: 'cancelled', other: 'active' });
    const [made] = await subscriptionsOf(ana, other);
    expect(made).toMatchObject({
      ...{ team_id: team, quota_requests: '10', quota_tokens: null, max_budget: '7.500000' },
      ...{ budget_duration: '1d', tpm_limit: null, rpm_limit: '5', used_requests: '0', used_tokens: '0' },
      expires_at: new Date('2099-12-31T00:00:00Z'),
    });
    expect(made?.['reset_at']).toBeInstanceOf(Date);
    expect((made?.['reset_at'] as Date).getTime()).toBeGreaterThan(Date.now());
    expect(await subscriptionsOf(ana, one)).toMatchObject([{ id: old, used_requests: '1' }]);
    expect(await modelsOf(both)).toEqual([other, third].sort());
    expect(await modelsOf(off)).toEqual([other]);
    expect(await modelsOf(revoked)).toEqual([one]);
    expect(
      await calls.rows(
        `SELECT record_kind, action, part_of IS NULL AS itself FROM litemaas_console.changes WHERE batch_id = $1 ORDER BY 1, 2`,
        [batchId],
      ),
    ).toEqual([
      { record_kind: 'api_key', action: 'API_KEY_UPDATE', itself: false },
      { record_kind: 'api_key', action: 'API_KEY_UPDATE', itself: false },
      { record_kind: 'subscription', action: 'SUBSCRIPTION_CREATE', itself: false },
      { record_kind: 'subscription', action: 'SUBSCRIPTION_REPLACE', itself: true },
    ]);
    expect(
      await calls.rows(`SELECT action FROM public.audit_logs WHERE metadata ->> 'batchId' = $1 ORDER BY 1`, [
        batchId,
      ]),
    ).toHaveLength(4);
    expect(
      await calls.rows(
        `SELECT from_status, to_status, cause, reason FROM litemaas_console.subscription_events
         WHERE subscription_id = ANY($1) AND reason = 'a newer one' ORDER BY id`,
        [[old, made?.['id']]],
      ),
    ).toEqual([
      { from_status: 'active', to_status: 'cancelled', cause: 'admin', reason: 'a newer one' },
      { from_status: null, to_status: 'active', cause: 'admin', reason: 'a newer one' },
    ]);
    const undone = await calls.undo(batchId);
    expect(undone).toMatchObject({ done: 1, problemCount: 0 });
    expect(await statuses(ana)).toEqual({ one: 'active' });
    expect(await modelsOf(both)).toEqual([one, third].sort());
    expect(await modelsOf(off)).toEqual([one]);
    // And the undo is taken back too: the same subscription is there again.
    expect(await calls.undo(undone.batchId)).toMatchObject({ done: 1, problemCount: 0 });
    expect(await subscriptionsOf(ana, other)).toMatchObject([{ id: made?.['id'], status: 'active' }]);
    expect(await modelsOf(off)).toEqual([other]);
  });

  it('opens what follows a suspended one suspended, for the same cause', async () => {
    await makeModels();
    const [quota, admin] = [await somebody({ username: 'qi' }), await somebody({ username: 'bo' })];
    const full = await subscribe(quota, { quota_requests: '0' });
    await use(full, one);
    const halted = await subscribe(admin);
    await calls.client.query(`UPDATE public.subscriptions SET status = 'suspended' WHERE id = $1`, [halted]);
    const planned = await preview();
    expect(finding(planned, 'Are suspended')).toMatchObject({ count: 2, severity: 'info' });
    expect(await calls.run(planned, 'both')).toMatchObject({ done: 2 });
    for (const [user, cause] of [
      [quota, 'quota'],
      [admin, 'admin'],
    ] as const) {
      expect(await statuses(user)).toEqual({ one: 'cancelled', other: 'suspended' });
      const [made] = await subscriptionsOf(user, other);
      expect(
        await calls.rows(
          'SELECT to_status, cause FROM litemaas_console.subscription_events WHERE subscription_id = $1',
          [made?.['id']],
        ),
      ).toEqual([{ to_status: 'suspended', cause }]);
      const [ended] = await subscriptionsOf(user, one);
      const events = await calls.rows(
        `SELECT cause FROM litemaas_console.subscription_events WHERE subscription_id = $1 AND to_status = 'cancelled'`,
        [ended?.['id']],
      );
      expect(events).toEqual([{ cause: 'admin' }]);
    }
  });

  it('ends the one of who has both and leaves the other; names whoever stays, and why', async () => {
    await makeModels();
    const people: Record<string, string> = {};
    for (const name of ['both', 'off', 'past', 'waiting', 'shut', 'asked', 'ended', 'twice']) {
      people[name] = await somebody({ username: `p-${name}`, is_active: name !== 'off' });
    }
    const {
      both = '',
      off = '',
      past = '',
      waiting = '',
      shut = '',
      asked = '',
      ended = '',
      twice = '',
    } = people;
    const expired = { expires_at: '2020-01-01T00:00:00Z' };
    for (const user of [both, off, shut, asked, ended, twice]) await subscribe(user);
    await subscribe(twice, { status: 'suspended' });
    await subscribe(past, expired);
    await subscribe(waiting, { status: 'pending' });
    const kept = await subscribe(both, { model_id: other, quota_requests: '3' });
    await subscribe(shut, { model_id: other, status: 'suspended' });
    await subscribe(asked, { model_id: other, status: 'pending' });
    await subscribe(ended, { model_id: other, ...expired });
    const key = await makeKey(both, 'has both', [one, other].sort());
    const staying = await makeKey(shut, 'stays', [one]);
    const planned = await preview();
    expect(planned).toMatchObject({ total: 2, toChange: 2 });
    const named = (text: string) => finding(planned, text)?.examples.map(({ label }) => label);
    expect(named('Have both')).toEqual(['p-both · Other']);
    expect(named('Stay as they are: the person')).toEqual(['p-off · One']);
    expect(named('Stay as they are: past')).toEqual(['p-past · One']);
    expect(named('Wait for approval')).toEqual(['p-waiting · One']);
    expect(named('Have a suspended one')).toEqual(['p-shut · Other']);
    expect(named('Have a request')).toEqual(['p-asked · Other']);
    expect(named('Have one to the other model that is past')).toEqual(['p-ended · Other']);
    expect(named('Stay as they are: another')).toEqual(['p-twice · One']);
    expect(finding(planned, 'Name the model without')).toMatchObject({
      ...{ area: 'api-keys', examples: [{ id: staying, label: 'stays' }] },
    });
    const { batchId } = await calls.run(planned, 'both');
    expect(await statuses(both)).toEqual({ one: 'cancelled', other: 'active' });
    expect(await subscriptionsOf(both, other)).toMatchObject([{ id: kept, quota_requests: '3' }]);
    expect(await modelsOf(key)).toEqual([other]);
    for (const user of [off, past, waiting]) expect(await subscriptionsOf(user, other)).toEqual([]);
    expect(await statuses(shut)).toEqual({ one: 'active', other: 'suspended' });
    expect(await modelsOf(staying)).toEqual([one]);
    await calls.undo(batchId);
    expect(await statuses(both)).toEqual({ one: 'active', other: 'active' });
    expect(await modelsOf(key)).toEqual([one, other].sort());
  });

  it('takes the people or the members of teams that were chosen, and no other', async () => {
    await makeModels();
    const [ana, ben, cleo] = [await somebody(), await somebody(), await somebody()];
    for (const user of [ana, ben, cleo]) await subscribe(user);
    const { id: team } = await insertTeam(calls.client);
    await insertTeamMember(calls.client, { team_id: team, user_id: ben });
    expect(await calls.run(await preview({ userIds: [ana] }), 'ana')).toMatchObject({ done: 1 });
    expect(await statuses(ben)).toEqual({ one: 'active' });
    expect(await calls.run(await preview({ teamIds: [team] }), 'the team')).toMatchObject({ done: 1 });
    expect(await statuses(ben)).toEqual({ one: 'cancelled', other: 'active' });
    expect(await statuses(cleo)).toEqual({ one: 'active' });
  });

  it('ends what was used since instead of taking it back, and takes the others back', async () => {
    await makeModels();
    const [idle, busy] = [await somebody({ username: 'idle' }), await somebody({ username: 'busy' })];
    for (const user of [idle, busy]) await subscribe(user);
    const key = await makeKey(busy, 'of busy', [one]);
    const { batchId } = await calls.run(await preview(), 'both');
    const [made] = await subscriptionsOf(busy, other);
    const [unused] = await subscriptionsOf(idle, other);
    await use(String(made?.['id']), other);
    // What begins anew in between is no change of a person's.
    await calls.client.query(`UPDATE public.subscriptions SET reset_at = now() WHERE id = $1`, [
      unused?.['id'],
    ]);
    const undo = await calls.ask('changes', 'previewUndo', { batchId, recordId: null });
    expect(undo).toMatchObject({ total: 2, toChange: 2, conflictCount: 0 });
    expect(finding(undo, 'Were used since')).toMatchObject({
      ...{ severity: 'warning', area: 'subscriptions', examples: [{ id: made?.['id'] }] },
    });
    const redo = await calls.run(undo, 'a mistake');
    expect(redo).toMatchObject({ done: 2, problemCount: 0 });
    expect(await statuses(busy)).toEqual({ one: 'active', other: 'cancelled' });
    expect(await subscriptionsOf(busy, other)).toMatchObject([{ id: made?.['id'], used_requests: '1' }]);
    expect(await statuses(idle)).toEqual({ one: 'active' });
    expect(await modelsOf(key)).toEqual([one]);
    expect(await calls.undo(redo.batchId)).toMatchObject({ done: 2 });
    expect(await statuses(busy)).toEqual({ one: 'cancelled', other: 'active' });
  });

  it('refuses to take back what is used between the review of the undo and its run', async () => {
    await makeModels();
    const late = await somebody();
    await subscribe(late);
    const { batchId } = await calls.run(await preview(), 'all');
    const undo = await calls.ask('changes', 'previewUndo', { batchId, recordId: null });
    const [made] = await subscriptionsOf(late, other);
    await use(String(made?.['id']), other);
    expect(await calls.run(undo, 'too late')).toMatchObject({
      done: 0,
      problems: [
        { outcome: 'refused', text: 'The subscription to the other model was used since you looked.' },
      ],
    });
    expect(await statuses(late)).toEqual({ one: 'cancelled', other: 'active' });
  });

  it('leaves whom somebody else changed since the review, each for itself', async () => {
    await makeModels();
    const names = ['raised', 'came', 'left', 'moved', 'gotkey', 'gone', 'same'];
    const users = new Map<string, string>();
    for (const name of names) users.set(name, await somebody({ username: `s-${name}` }));
    const of = (name: string): string => users.get(name) ?? '';
    for (const name of names) await subscribe(of(name));
    const held = await subscribe(of('gone'), { model_id: other });
    const key = await makeKey(of('moved'), 'moved', [one]);
    const planned = await preview();
    expect(planned.toChange).toBe(7);
    await calls.client.query('UPDATE public.subscriptions SET quota_requests = 99 WHERE user_id = $1', [
      of('raised'),
    ]);
    await subscribe(of('came'), { model_id: other });
    await calls.client.query('UPDATE public.users SET is_active = false WHERE id = $1', [of('left')]);
    await calls.client.query(`UPDATE public.api_keys SET name = 'renamed' WHERE id = $1`, [key]);
    await makeKey(of('gotkey'), 'new', [one]);
    await calls.client.query(`UPDATE public.subscriptions SET status = 'cancelled' WHERE id = $1`, [held]);
    const result = await calls.run(planned, 'all');
    expect(result).toMatchObject({ done: 1, problemCount: 6 });
    expect(Object.fromEntries(result.problems.map(({ label, outcome }) => [label, outcome]))).toEqual({
      's-raised · One': 'changed_since',
      's-came · One': 'refused',
      's-left · One': 'refused',
      's-moved · One': 'changed_since',
      's-gotkey · One': 'refused',
      's-gone · One': 'refused',
    });
    for (const name of names.filter((each) => each !== 'same')) {
      expect(await statuses(of(name))).toMatchObject({ one: 'active' });
    }
    expect(await statuses(of('same'))).toEqual({ one: 'cancelled', other: 'active' });
    expect(await modelsOf(key)).toEqual([one]);
  });

  it('refuses a model that is off, is the same, or is none; and says what both cost', async () => {
    await makeModels({ is_active: false });
    await expect(preview()).rejects.toMatchObject({
      ...{ code: 'validation', message: 'Other is not active: nobody could use it.' },
    });
    await expect(
      calls.ask('models', 'previewReplace', { modelId: one, byModelId: one, whose: 'everybody' }),
    ).rejects.toMatchObject({ code: 'validation' });
    await expect(
      calls.ask('models', 'previewReplace', { modelId: one, byModelId: 'no/such', whose: 'everybody' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await makeModels({ input_price_per_1k: '0.004', output_price_per_1k: '0.001' });
    await calls.client.query(
      `UPDATE public.models SET input_price_per_1k = 0.0025, output_price_per_1k = 0.0105 WHERE id = $1`,
      [one],
    );
    expect(textsOf(await preview())[0]).toBe(
      'Per million tokens, One: 2.5 USD in, 10.5 USD out; Other: 4 USD (+1.5) in, 1 USD (-9.5) out.',
    );
  });

  it('tells LiteLLM each key’s whole list by one entry, nothing of keys with every model, and warns of a model it has not', async () => {
    await makeModels();
    const ana = await somebody();
    await subscribe(ana);
    const key = await makeKey(ana, 'named', [one]);
    await makeKey(ana, 'every', [one], { metadata: { litellm_models_raw: ['all-proxy-models'] } });
    const { id: team } = await insertTeam(calls.client, {
      name: 'Strict',
      allowed_models: [one],
    });
    await insertTeamMember(calls.client, { team_id: team, user_id: ana });
    const ofTeam = await makeKey(ana, 'of team', [one], { team_id: team });
    await calls.link([one]);
    const planned = await preview();
    expect(finding(planned, 'The linked proxy has no Other')).toMatchObject({ severity: 'warning' });
    expect(finding(planned, '1 key may use every model')).toBeDefined();
    expect(planned.findings).toContainEqual(
      expect.objectContaining({
        ...{ severity: 'warning', area: 'api-keys', examples: [{ id: ofTeam, label: 'of team' }] },
      }),
    );
    const { batchId } = await calls.run(planned, 'told');
    const told = await calls.rows(
      `SELECT o.record_kind, o.record_id, o.fields, o.taken FROM litemaas_console.outbox o
       JOIN litemaas_console.changes c ON c.id = o.change_id WHERE c.batch_id = $1 ORDER BY 1, 2`,
      [batchId],
    );
    // The keys, and the subscription that ended; nothing of one that is the first of its kind.
    expect(told.filter(({ record_kind: kind }) => kind === 'api_key')).toEqual(
      [key, ofTeam].sort().map((id) => ({
        ...{ record_kind: 'api_key', record_id: id, fields: ['models'], taken: ['models'] },
      })),
    );
    expect(told.filter(({ record_kind: kind }) => kind === 'subscription')).toHaveLength(1);
  });

  it('replaces 2,000 with a key each in slices, and takes them back', { timeout: 300_000 }, async () => {
    await makeModels();
    await calls.rows(
      `WITH people AS (
         INSERT INTO public.users (username, email, oauth_provider, oauth_id)
         SELECT 'lot-' || n, 'lot-' || n || '@example.org', 'openshift', 'lot-' || n FROM generate_series(1, 2000) AS n
         RETURNING id
       ), open AS (
         INSERT INTO public.subscriptions (user_id, model_id, status) SELECT id, $1::text, 'active' FROM people
       ), keys AS (
         INSERT INTO public.api_keys (user_id, name, key_hash, key_prefix)
         SELECT id, 'k', encode(sha256(id::text::bytea), 'hex'), 'sk-lot' FROM people RETURNING id
       )
       INSERT INTO public.api_key_models (api_key_id, model_id) SELECT id, $1::text FROM keys`,
      [one],
    );
    const planned = await preview();
    expect(planned).toMatchObject({ total: 2000, toChange: 2000, parts: [{ count: 2000 }, { count: 2000 }] });
    const { batchId, ...result } = await calls.run(planned, 'all of them');
    expect(result).toMatchObject({ done: 2000, problemCount: 0 });
    const counts = () =>
      calls.rows(
        `SELECT (SELECT count(*)::int FROM public.subscriptions WHERE model_id = $1 AND status = 'active') AS open,
           (SELECT count(*)::int FROM public.api_key_models WHERE model_id = $1) AS keys`,
        [other],
      );
    expect(await counts()).toEqual([{ open: 2000, keys: 2000 }]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 2000, problemCount: 0 });
    expect(await counts()).toEqual([{ open: 0, keys: 0 }]);
  });
});
