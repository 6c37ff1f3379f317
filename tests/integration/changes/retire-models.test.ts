import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertSubscription,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type ModelCalls, openModelCalls } from './model-calls';

const textsOf = ({ findings }: { readonly findings: readonly { readonly text: string }[] }): string[] =>
  findings.map(({ text }) => text);

describeOnEachPostgres('retiring models', (major) => {
  let calls: ModelCalls;
  beforeAll(async () => {
    calls = await openModelCalls({ major });
  });
  afterEach(() => calls.unlink());
  afterAll(() => calls.close());

  const makeModel = async (columns: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    (await insertModel(calls.client, columns)).id;
  const makeUser = async (username: string): Promise<string> =>
    (await insertUser(calls.client, { username })).id;
  const makeKey = async (
    user_id: string,
    name: string,
    models: readonly string[],
    columns: Readonly<Record<string, unknown>> = {},
  ): Promise<string> => {
    const { id } = await insertApiKey(calls.client, { ...columns, user_id, name });
    for (const model_id of models) await insertApiKeyModel(calls.client, { api_key_id: id, model_id });
    return id;
  };
  const subscribe = async (
    user_id: string,
    model_id: string,
    columns: Readonly<Record<string, unknown>> = {},
  ): Promise<string> => (await insertSubscription(calls.client, { ...columns, user_id, model_id })).id;
  const statuses = async (model: string): Promise<unknown[]> =>
    (
      await calls.rows(
        `SELECT s.status FROM public.subscriptions s JOIN public.users u ON u.id = s.user_id
         WHERE s.model_id = $1 ORDER BY u.username`,
        [model],
      )
    ).map(({ status }) => status);
  const working = async (user: string): Promise<unknown[]> =>
    (
      await calls.rows('SELECT name FROM public.api_keys WHERE user_id = $1 AND is_active ORDER BY name', [
        user,
      ])
    ).map(({ name }) => name);

  it('ends subscriptions and blocks keys that would be left without a model; one undo brings all back', async () => {
    const id = await makeModel({ name: 'Old' });
    const other = await makeModel();
    const [ana, bo, cy, di] = [
      ...[await makeUser('ana'), await makeUser('bo'), await makeUser('cy'), await makeUser('di')],
    ];
    const first = await subscribe(ana ?? '', id);
    await subscribe(bo ?? '', id, { status: 'pending' });
    await subscribe(cy ?? '', id, { status: 'suspended' });
    await subscribe(di ?? '', id, { status: 'expired' });
    await makeKey(ana ?? '', 'alone', [id]);
    await makeKey(ana ?? '', 'both', [id, other]);
    await makeKey(ana ?? '', 'off already', [id], { is_active: false });
    const preview = await calls.previewRetirement([id]);
    expect(preview).toMatchObject({
      ...{ action: 'MODEL_RETIRE', grade: 'reaches_people', toChange: 1 },
      parts: [
        { kind: 'subscription', way: 'update', count: 3 },
        { kind: 'api_key', way: 'update', count: 1 },
      ],
    });
    expect(textsOf(preview)).toEqual([
      '2 subscriptions end, of ana, cy.',
      '1 pending request is turned down, of bo.',
      '1 key would be left without a model, which in LiteLLM means all of them. It is blocked: alone.',
      '1 key keeps working with its other models, and keeps this name in its list: both.',
      'Recorded usage and prices stay.',
    ]);
    const { batchId } = await calls.run(preview, 'the provider ends it');
    expect(await calls.model(id)).toMatchObject({ is_active: false });
    expect(await statuses(id)).toEqual(['cancelled', 'cancelled', 'cancelled', 'expired']);
    expect(await working(ana ?? '')).toEqual(['both']);
    expect(
      await calls.rows('SELECT count(*)::int AS models FROM public.api_key_models WHERE model_id = $1', [id]),
    ).toEqual([{ models: 3 }]);
    const [event] = await calls.rows(
      `SELECT to_status, cause, reason FROM litemaas_console.subscription_events
       WHERE subscription_id = $1 ORDER BY id DESC LIMIT 1`,
      [first],
    );
    expect(event).toEqual({ to_status: 'cancelled', cause: 'admin', reason: 'the provider ends it' });
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.model(id)).toMatchObject({ is_active: true });
    expect(await statuses(id)).toEqual(['active', 'pending', 'suspended', 'expired']);
    expect(await working(ana ?? '')).toEqual(['alone', 'both']);
  });

  it('looks at what is left after all of them: a key of two that both go is blocked, once', async () => {
    const [one, two, three] = [await makeModel(), await makeModel(), await makeModel()];
    const ed = await makeUser('ed');
    await makeKey(ed, 'of two', [one, two]);
    await makeKey(ed, 'of three', [one, two, three]);
    const alone = await calls.previewRetirement([one]);
    expect(alone.parts).toEqual([]);
    const preview = await calls.previewRetirement([one, two]);
    expect(preview).toMatchObject({ toChange: 2, parts: [{ kind: 'api_key', way: 'update', count: 1 }] });
    const { batchId } = await calls.run(preview, 'both end');
    expect(await working(ed)).toEqual(['of three']);
    await calls.undo(batchId);
    expect(await working(ed)).toEqual(['of three', 'of two']);
  });

  it.each(['before', 'after'] as const)(
    'leaves a key on whose other model stays because somebody changed that %s the review',
    async (when) => {
      const made = [await makeModel(), await makeModel()];
      for (const stays of made) {
        const [goes = ''] = made.filter((id) => id !== stays);
        await calls.client.query('UPDATE public.models SET is_active = true WHERE id = ANY($1)', [made]);
        const user = await makeUser(`ivy-${when}-${stays}`);
        await makeKey(user, 'of two', made);
        const selected = await calls.seenModels(made);
        const edit = () =>
          calls.client.query('UPDATE public.models SET description = $2 WHERE id = $1', [stays, user]);
        if (when === 'before') await edit();
        const preview = await calls.ask('models', 'previewRetire', { targets: { selected } });
        if (when === 'after') await edit();
        await calls.run(preview, 'both end');
        expect(await calls.model(stays)).toMatchObject({ is_active: true });
        expect(await working(user)).toEqual(['of two']);
        // Where the one that stays is the last, the key goes with it and the other is free to go.
        if (when === 'before' || stays === made[1]) {
          expect(await calls.model(goes)).toMatchObject({ is_active: false });
        }
        await calls.client.query('DELETE FROM public.api_keys WHERE user_id = $1', [user]);
      }
    },
  );

  it('blocks no key that another model would be left to by now', async () => {
    const [one, two] = [await makeModel(), await makeModel({ is_active: false })];
    const jo = await makeUser('jo');
    await makeKey(jo, 'of two', [one, two]);
    const preview = await calls.previewRetirement([one]);
    expect(preview.parts).toMatchObject([{ kind: 'api_key', count: 1 }]);
    await calls.client.query('UPDATE public.models SET is_active = true WHERE id = $1', [two]);
    expect(await calls.run(preview, 'ends')).toMatchObject({
      ...{
        done: 0,
        problems: [{ outcome: 'refused', text: 'A key that would be blocked has another model by now.' }],
      },
    });
    expect(await working(jo)).toEqual(['of two']);
  });

  it('says that LiteLLM goes on, and what it has to hear of the keys', async () => {
    const id = await makeModel();
    const fay = await makeUser('fay');
    await makeKey(fay, 'alone', [id]);
    await subscribe(fay, id);
    await subscribe(await makeUser('gil'), id, { status: 'suspended' });
    await calls.link([id]);
    const preview = await calls.previewRetirement([id]);
    expect(textsOf(preview)[0]).toMatch(/^LiteLLM does not hear of it/);
    expect(preview.litellm).toEqual({ waiting: 2, takesAway: 2 });
    expect(await calls.run(preview, 'ends')).toMatchObject({ done: 1, waiting: 2 });
  });

  it('overrules nobody: a key or subscription that came since the review keeps all of it from being done', async () => {
    const id = await makeModel();
    const gus = await makeUser('gus');
    const preview = await calls.previewRetirement([id]);
    const key = await makeKey(gus, 'newer', [id]);
    expect(await calls.run(preview, 'ends')).toMatchObject({
      ...{ done: 0, problems: [{ outcome: 'refused' }] },
    });
    expect(await calls.model(id)).toMatchObject({ is_active: true });
    const again = await calls.previewRetirement([id]);
    await calls.client.query('UPDATE public.api_keys SET name = $2 WHERE id = $1', [key, 'renamed']);
    expect(await calls.run(again, 'ends')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'changed_since' }],
    });
    expect(await working(gus)).toEqual(['renamed']);
  });

  it('judges the subscriptions that an undo opens again', async () => {
    const id = await makeModel();
    const kim = await makeUser('kim');
    await subscribe(kim, id);
    const { batchId } = await calls.run(await calls.previewRetirement([id]), 'ends');
    const newer = await subscribe(kim, id);
    const message =
      'The person has another subscription to this model that is active, or past its end and not closed.';
    await expect(calls.undo(batchId)).rejects.toMatchObject({ message });
    await calls.client.query('DELETE FROM public.subscriptions WHERE id = $1', [newer]);
    await calls.change([kim], { isActive: false });
    const preview = await calls.ask('changes', 'previewUndo', { batchId, recordId: null });
    expect(preview).toMatchObject({ toChange: 1, findings: [{ severity: 'warning', count: 1 }] });
    await subscribe(kim, id);
    expect(await calls.run(preview, 'back')).toMatchObject({
      ...{ done: 0, problems: [{ outcome: 'refused', text: message }] },
    });
  });

  it('brings back the others where a subscription is gone by now', async () => {
    const id = await makeModel();
    const [lea, mo] = [await makeUser('lea'), await makeUser('mo')];
    const gone = await subscribe(lea, id);
    await subscribe(mo, id);
    const { batchId } = await calls.run(await calls.previewRetirement([id]), 'ends');
    await calls.client.query('DELETE FROM public.subscriptions WHERE id = $1', [gone]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.model(id)).toMatchObject({ is_active: true });
    expect(await statuses(id)).toEqual(['active']);
  });

  it('ends no more subscriptions than usage can wait for', async () => {
    const id = await makeModel();
    await calls.client.query(
      `INSERT INTO public.users (username, email, oauth_id, oauth_provider, roles)
       SELECT 'lot' || n, 'lot' || n || '@example.org', 'lot' || n, 'test', '{user}' FROM generate_series(1, 501) AS n`,
    );
    await calls.client.query(
      `INSERT INTO public.subscriptions (user_id, model_id, status)
       SELECT id, $1, 'active' FROM public.users WHERE username ~ '^lot'`,
      [id],
    );
    const preview = await calls.previewRetirement([id]);
    expect(preview).toMatchObject({ toChange: 0, refused: 1 });
    expect(textsOf(preview)).toContainEqual(expect.stringMatching(/^More than 500 subscriptions/));
    await calls.client.query(
      `DELETE FROM public.subscriptions WHERE model_id = $1 AND user_id =
         (SELECT id FROM public.users WHERE username = 'lot1')`,
      [id],
    );
    expect(await calls.previewRetirement([id])).toMatchObject({ toChange: 1 });
  });

  it('switches no key on again whose owner was switched off since', async () => {
    const id = await makeModel();
    const hal = await makeUser('hal');
    await makeKey(hal, 'alone', [id]);
    const { batchId } = await calls.run(await calls.previewRetirement([id]), 'ends');
    await calls.change([hal], { isActive: false });
    await expect(calls.undo(batchId)).rejects.toMatchObject({
      message: '1 key would work again although its person or team was switched off since: alone.',
    });
    expect(await working(hal)).toEqual([]);
    await calls.change([hal], { isActive: true });
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await working(hal)).toEqual(['alone']);
  });
});
