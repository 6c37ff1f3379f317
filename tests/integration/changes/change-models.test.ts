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

describeOnEachPostgres('changing models', (major) => {
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

  it('writes what was previewed, and journal, audit trail and result agree; an undo takes it back', async () => {
    const id = await makeModel({
      ...{ id: 'local/Größe 1', name: 'Size', capabilities: ['chat', 'pdf_input'], supports_vision: true },
      ...{ context_length: 4096, description: 'Old' },
    });
    const preview = await calls.previewModels([id], {
      ...{ description: null, capabilities: ['chat', 'function_calling'], contextLength: '8192' },
      ...{ maxTokens: '2048', name: 'Size two', provider: 'own' },
    });
    expect(preview).toMatchObject({
      ...{ action: 'MODEL_UPDATE', grade: 'reversible', total: 1, toChange: 1, litellm: null, parts: [] },
      records: [{ id, label: 'Size two', way: 'update' }],
    });
    const before = {
      ...{ name: 'Size', provider: 'openai', description: 'Old', contextLength: '4096', maxTokens: null },
      ...{ capabilities: ['chat', 'pdf_input'], supportsFunctionCalling: false, supportsVision: true },
    };
    const after = {
      ...{ name: 'Size two', provider: 'own', description: null, contextLength: '8192', maxTokens: '2048' },
      ...{ capabilities: ['chat', 'function_calling'], supportsFunctionCalling: true, supportsVision: false },
    };
    const { batchId } = await calls.run(preview);
    expect(await calls.ask('models', 'get', { id })).toMatchObject({
      model: {
        ...{ name: 'Size two', provider: 'own', description: null, contextLength: 8192, maxTokens: 2048 },
        ...{ capabilities: ['chat', 'function_calling'], supportsVision: false },
      },
    });
    expect(
      await calls.rows('SELECT * FROM litemaas_console.changes WHERE batch_id = $1', [batchId]),
    ).toMatchObject([{ action: 'MODEL_UPDATE', record_kind: 'model', record_id: id, before, after }]);
    expect(
      await calls.rows(
        'SELECT action, resource_type, metadata FROM public.audit_logs WHERE resource_id = $1',
        [id],
      ),
    ).toMatchObject([
      { action: 'MODEL_UPDATE', resource_type: 'MODEL', metadata: { before, after, batchId } },
    ]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.model(id)).toMatchObject({
      ...{ name: 'Size', description: 'Old', context_length: 4096, max_tokens: null, supports_vision: true },
      capabilities: ['chat', 'pdf_input'],
    });
  });

  it('refuses what no column holds, and a text with a key in it', async () => {
    const id = await makeModel();
    const [target] = await calls.seenModels([id]);
    const preview = (changes: object): Promise<unknown> =>
      calls.ask('models', 'previewUpdate', {
        targets: { selected: [target ?? { id, version: '' }] },
        changes,
      });
    for (const changes of [
      {},
      { name: ' \u200B' },
      { provider: '' },
      { contextLength: '2147483648' },
      { maxTokens: '-1' },
      { maxTokens: '1.5' },
      { capabilities: ['chat', 'chat'] },
      { description: 'ask with sk-1234567890abcdef' },
    ]) {
      await expect(preview(changes)).rejects.toThrow();
    }
    await expect(preview({ contextLength: '2147483647' })).resolves.toMatchObject({ toChange: 1 });
  });

  it('leaves alone what somebody else changed meanwhile, and says by whom', async () => {
    const id = await makeModel({ description: 'first' });
    const seen = await calls.seenModels([id]);
    await calls.changeModels([id], { description: 'second' });
    const preview = await calls.ask('models', 'previewEdits', {
      edits: seen.map((target) => ({ ...target, changes: { contextLength: '1' } })),
    });
    expect(preview).toMatchObject({
      ...{ toChange: 0, conflictCount: 1 },
      conflicts: [{ id, now: { description: 'second' }, wanted: { contextLength: '1' } }],
    });
    expect(preview.conflicts[0]?.changedBy).not.toBeNull();
    expect(await calls.run(preview)).toMatchObject({ done: 0 });
    expect(await calls.model(id)).toMatchObject({ description: 'second', context_length: null });
  });

  it('says of a model that is switched off whom it hits, by number and name, and asks for a reason', async () => {
    const id = await makeModel({ name: 'Leaving' });
    const other = await makeModel({ name: 'Staying' });
    const off = await makeModel({ name: 'Off', is_active: false });
    const [ana, bo, cy] = [await makeUser('ana'), await makeUser('bo'), await makeUser('cy')];
    await insertSubscription(calls.client, { user_id: ana, model_id: id });
    await insertSubscription(calls.client, { user_id: bo, model_id: id, status: 'pending' });
    await insertSubscription(calls.client, { user_id: cy, model_id: id, status: 'cancelled' });
    await makeKey(ana, 'alone', [id]);
    await makeKey(ana, 'with one that is off', [id, off]);
    await makeKey(ana, 'both', [id, other]);
    await makeKey(ana, 'wildcard', [id], { metadata: { litellm_models_raw: ['openai/*'] } });
    await makeKey(ana, 'all', [], { metadata: { litellm_models_raw: ['all-proxy-models'] } });
    await makeKey(ana, 'blocked', [id], { is_active: false });
    const preview = await calls.previewModels([id], { isActive: false });
    expect(preview).toMatchObject({ grade: 'reaches_people', toChange: 1, parts: [] });
    expect(textsOf(preview)).toEqual([
      '1 subscription to it is open and stays as it is, of ana.',
      '1 request for it is pending, of bo.',
      '2 keys that work have no other active model: alone, with one that is off. They stay as they are; “Retire” blocks them.',
      '2 keys that work name it beside other models: both, wildcard.',
      '1 key that works may use every model, this one too.',
    ]);
    await expect(calls.run(preview)).rejects.toMatchObject({ code: 'validation' });
    const { batchId } = await calls.run(preview, 'no longer offered');
    expect(await calls.model(id)).toMatchObject({ is_active: false });
    expect(textsOf(await calls.previewModels([id], { isActive: true }))).toEqual([]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.model(id)).toMatchObject({ is_active: true });
  });

  it('changes of a model of the linked proxy only what no pull writes, also in a bulk and in an undo', async () => {
    const own = await makeModel({ name: 'Own' });
    const theirs = await makeModel({ name: 'Theirs' });
    const before = await calls.changeModels([theirs], { contextLength: '100' });
    await calls.link([theirs]);
    const rows = await calls.ask('models', 'list', { filters: {}, search: theirs });
    expect(rows.rows).toMatchObject([{ id: theirs, isOfLitellm: true }]);
    const preview = await calls.previewModels([own, theirs], { capabilities: ['chat'] });
    expect(preview).toMatchObject({ toChange: 1, refused: 1, records: [{ id: own }] });
    expect(textsOf(preview)).toEqual([
      'Comes from LiteLLM: what it is, costs and can do is changed there, and each pull writes it here. Its description, and whether it is active, are set here.',
    ]);
    expect(await calls.run(preview)).toMatchObject({ done: 1 });
    expect(await calls.model(theirs)).toMatchObject({ capabilities: [] });
    await expect(calls.undo(before.batchId)).resolves.toMatchObject({ done: 0 });
    expect(await calls.model(theirs)).toMatchObject({ context_length: 100 });
    expect(await calls.changeModels([theirs], { description: 'Ours', isActive: false })).toMatchObject({
      ...{ done: 1, waiting: 0 },
    });
    const [finding] = (await calls.previewModels([own], { isActive: false })).findings;
    expect(finding?.text).toBe(
      'LiteLLM does not hear of it: keys that name the model go on working there until it is taken out of the proxy.',
    );
  });

  it('changes all that a filter finds, and says where another model has the name', async () => {
    const ids = [
      await makeModel({ provider: 'many', name: 'One' }),
      await makeModel({ provider: 'many', name: 'Two' }),
    ];
    const preview = await calls.ask('models', 'previewUpdate', {
      targets: { filter: { filters: { provider: 'many' } } },
      changes: { description: 'Together' },
    });
    expect(preview).toMatchObject({ total: 2, toChange: 2 });
    const { batchId } = await calls.run(preview);
    expect(await calls.model(ids[1] ?? '')).toMatchObject({ description: 'Together' });
    await calls.undo(batchId, ids[0]);
    expect(await calls.model(ids[0] ?? '')).toMatchObject({ description: null });
    expect(await calls.model(ids[1] ?? '')).toMatchObject({ description: 'Together' });
    expect(textsOf(await calls.previewModels(ids.slice(0, 1), { name: 'two' }))).toEqual([
      `Another model is called “Two” too: people tell them apart by their ids.`,
    ]);
  });
});
