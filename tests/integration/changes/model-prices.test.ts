import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { insertModel, insertUnattributedUsage } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type ModelCalls, openModelCalls } from './model-calls';

const textsOf = ({ findings }: { readonly findings: readonly { readonly text: string }[] }): string[] =>
  findings.map(({ text }) => text);

const unused = 'Last month nobody used the model: the price would have changed nothing.';
const kept = 'Usage that is recorded keeps its cost.';

describeOnEachPostgres('prices of models', (major) => {
  let calls: ModelCalls;
  beforeAll(async () => {
    calls = await openModelCalls({ major });
  });
  afterEach(() => calls.unlink());
  afterAll(() => calls.close());

  const makeModel = async (columns: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    (await insertModel(calls.client, columns)).id;
  const previewPrice = async (
    id: string,
    [inputPricePerToken, outputPricePerToken]: readonly [string | null, string | null],
    validFrom: string | null = null,
  ) => {
    const { priceNow } = await calls.ask('models', 'get', { id });
    if (priceNow === null) throw new Error(`no model ${id}`);
    return calls.ask('models', 'previewPrice', {
      ...{ id, seen: priceNow, validFrom, inputPricePerToken, outputPricePerToken },
    });
  };
  const history = (id: string) =>
    calls.rows(
      `SELECT input_price_per_token AS input, output_price_per_token AS output, source
       FROM litemaas_console.model_prices WHERE model_id = $1 ORDER BY valid_from`,
      [id],
    );
  const catalogue = async (id: string): Promise<unknown[]> => {
    const { input_price_per_1k: input, output_price_per_1k: output } = await calls.model(id);
    return [input, output];
  };
  /** Noon of a day of last month, which has it in every zone. */
  const lastMonth = async (day: number): Promise<string> => {
    const [row] = await calls.rows(
      `SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month', 'YYYY-MM') AS month`,
    );
    return `${String(row?.['month'])}-${String(day).padStart(2, '0')}T12:00:00.000000Z`;
  };

  it('sets a price from now on, exact to the last digit, keeps the one before, and takes it back', async () => {
    const id = await makeModel({ name: 'Priced', input_price_per_1k: '0.0025', output_price_per_1k: '0.01' });
    const preview = await previewPrice(id, ['0.000000123456789', '0.1']);
    expect(preview).toMatchObject({
      ...{ action: 'MODEL_PRICE_SET', grade: 'reaches_people', toChange: 1 },
      records: [{ label: 'Priced', way: 'create' }],
      parts: [{ kind: 'model', way: 'update', count: 1 }],
    });
    expect(textsOf(preview)).toEqual([
      'Until now, per million tokens: 2.5 USD in, 10 USD out.',
      unused,
      kept,
    ]);
    await expect(calls.run(preview)).rejects.toMatchObject({ code: 'validation' });
    const { batchId } = await calls.run(preview, 'the provider raised it');
    expect(await history(id)).toEqual([{ input: '0.000000123456789', output: '0.1', source: 'console' }]);
    expect(await catalogue(id)).toEqual(['0.000123456789', '100.000000000000']);
    const { priceNow, prices } = await calls.ask('models', 'get', { id });
    expect(priceNow).toEqual({ inputPricePerToken: '0.000000123456789', outputPricePerToken: '0.1' });
    expect(prices).toMatchObject([{ source: 'console' }]);
    expect(
      await calls.rows(
        'SELECT action, resource_type FROM public.audit_logs WHERE resource_id = $1 ORDER BY action',
        [id],
      ),
    ).toEqual([
      { action: 'MODEL_PRICE_SET', resource_type: 'MODEL' },
      { action: 'MODEL_UPDATE', resource_type: 'MODEL' },
    ]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await history(id)).toEqual([]);
    expect(await catalogue(id)).toEqual(['0.002500000000', '0.010000000000']);
  });

  it('says what last month would have cost, in exact numbers of the recorded days of that month alone', async () => {
    const id = await makeModel({ input_price_per_1k: '0.1', output_price_per_1k: '0.2' });
    const use = async (created_at: string, columns: object): Promise<unknown> =>
      insertUnattributedUsage(calls.client, { model_id: id, created_at, ...columns });
    await use(await lastMonth(3), { request_tokens: 1_000_001, response_tokens: 7, input_cost: '1.1' });
    await use(await lastMonth(15), { request_tokens: 2, response_tokens: 0, input_cost: '2.2' });
    await use(new Date().toISOString(), { request_tokens: 5_000, response_tokens: 5_000, input_cost: '9' });
    const month = (await lastMonth(1)).slice(0, 7);
    const preview = await previewPrice(id, ['0.0003', '0.000000000000001'], await lastMonth(10));
    expect(textsOf(preview)).toEqual([
      'Until now, per million tokens: 100 USD in, 200 USD out.',
      `Last month (${month}): 2 requests, 1000003 tokens in and 7 out. At the price of now that is 100.0017 USD, at the new one 300.000900000000007 USD (+199.999200000000007); recorded were 3.3 USD.`,
      'Usage that is recorded keeps its cost, also 2 requests since the day the price begins.',
    ]);
    const cheaper = await previewPrice(id, ['0', '0']);
    expect(textsOf(cheaper)).toEqual([
      'A price of 0 means that it is free.',
      'Until now, per million tokens: 100 USD in, 200 USD out.',
      `Last month (${month}): 2 requests, 1000003 tokens in and 7 out. At the price of now that is 100.0017 USD, at the new one 0 USD (-100.0017); recorded were 3.3 USD.`,
      kept,
    ]);
    expect(textsOf(await previewPrice(id, ['0.1', null]))).toEqual([
      'A price that is left empty is not known: costs of such tokens are not known either.',
      'Until now, per million tokens: 100 USD in, 200 USD out.',
      `Last month (${month}): 2 requests, 1000003 tokens in and 7 out, recorded with 3.3 USD. One of the two prices is not known, so they are not compared.`,
      kept,
    ]);
  });

  it('holds a 0 that nobody set for unknown, and one that somebody set for free', async () => {
    const id = await makeModel({ name: 'Nothing', input_price_per_1k: '0', output_price_per_1k: '0' });
    const listed = async () => (await calls.ask('models', 'list', { filters: {}, search: id })).rows;
    const found = async (pricing: 'free' | 'unknown') =>
      (await calls.ask('models', 'list', { filters: { pricing }, search: id })).total;
    expect(await listed()).toMatchObject([{ inputPricePer1k: null, outputPricePer1k: null }]);
    expect([await found('free'), await found('unknown')]).toEqual([0, 1]);
    const { batchId } = await calls.run(await previewPrice(id, ['0', '0']), 'it is ours');
    expect(await listed()).toMatchObject([{ inputPricePer1k: '0', outputPricePer1k: '0' }]);
    expect([await found('free'), await found('unknown')]).toEqual([1, 0]);
    await expect(previewPrice(id, ['0', '0'])).rejects.toMatchObject({ code: 'validation' });
    await calls.undo(batchId);
    expect([await found('free'), await found('unknown')]).toEqual([0, 1]);
  });

  it('puts a price between others into the history alone, and none at a moment that has one or is to come', async () => {
    const id = await makeModel();
    await calls.run(await previewPrice(id, ['0.3', '0.3'], '2026-03-01T00:00:00.000000Z'), 'known');
    const earlier = await previewPrice(id, ['0.1', '0.1'], '2026-01-01T00:00:00.000000Z');
    expect(earlier.parts).toEqual([]);
    expect(textsOf(earlier)).toContain(
      'A later price is known: this one holds until then, and what the model costs now stays.',
    );
    const { batchId } = await calls.run(earlier, 'what it was');
    expect((await history(id)).map(({ input }) => input)).toEqual(['0.1', '0.3']);
    expect(await catalogue(id)).toEqual(['300.000000000000', '300.000000000000']);
    await expect(previewPrice(id, ['1', '1'], '2026-01-01T00:00:00.000000Z')).rejects.toMatchObject({
      message: 'There is a price from this very moment already.',
    });
    await expect(previewPrice(id, ['1', '1'], '2999-01-01T00:00:00.000000Z')).rejects.toMatchObject({
      message: 'A price can begin now, or at a moment that is past.',
    });
    await calls.undo(batchId);
    expect((await history(id)).map(({ input }) => input)).toEqual(['0.3']);
    for (const price of ['-1', '1e-7', '100000', '0.0000000000000001']) {
      await expect(previewPrice(id, [price, '0'])).rejects.toThrow();
    }
  });

  it('gives way to whoever set another price meanwhile, before the review and after it, and in an undo', async () => {
    const id = await makeModel();
    const { priceNow } = await calls.ask('models', 'get', { id });
    const first = await previewPrice(id, ['0.1', '0.1']);
    const { batchId } = await calls.run(await previewPrice(id, ['0.2', '0.2']), 'quicker');
    await expect(
      calls.ask('models', 'previewPrice', {
        ...{ id, seen: priceNow ?? { inputPricePerToken: null, outputPricePerToken: null } },
        ...{ validFrom: null, inputPricePerToken: '0.3', outputPricePerToken: '0.3' },
      }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await calls.run(first, 'slower')).toMatchObject({
      done: 0,
      problems: [{ outcome: 'changed_since' }],
    });
    expect((await history(id)).map(({ input }) => input)).toEqual(['0.2']);
    const later = await calls.run(await previewPrice(id, ['0.4', '0.4']), 'later');
    expect(await calls.undo(batchId)).toMatchObject({ done: 0 });
    await calls.undo(later.batchId);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await catalogue(id)).toEqual([null, null]);
  });

  it('takes back no price that would leave the catalogue and the newest price of the history at odds', async () => {
    const message =
      'Another price holds by now: what the model costs would no longer be the newest price of its history.';
    const again = await makeModel({ input_price_per_1k: '1', output_price_per_1k: '1' });
    const first = await calls.run(await previewPrice(again, ['2', '2']), 'first');
    await calls.run(await previewPrice(again, ['3', '3']), 'second');
    await calls.run(await previewPrice(again, ['2', '2']), 'as before');
    await expect(calls.undo(first.batchId)).rejects.toMatchObject({ message });
    expect(await catalogue(again)).toEqual(['2000.000000000000', '2000.000000000000']);
    const past = await makeModel();
    const only = await calls.run(await previewPrice(past, ['2', '2']), 'first');
    const earlier = await calls.run(
      await previewPrice(past, ['1', '1'], '2026-01-01T00:00:00.000000Z'),
      'past',
    );
    await expect(calls.undo(only.batchId)).rejects.toMatchObject({ message });
    expect(await catalogue(past)).toEqual(['2000.000000000000', '2000.000000000000']);
    await calls.undo(earlier.batchId);
    expect(await calls.undo(only.batchId)).toMatchObject({ done: 1 });
    expect(await catalogue(past)).toEqual([null, null]);
  });

  it('sets no price of a model of the linked proxy, and takes none back there', async () => {
    const id = await makeModel();
    const { batchId } = await calls.run(await previewPrice(id, ['0.1', '0.1']), 'ours yet');
    await calls.link([id]);
    const preview = await previewPrice(id, ['0.2', '0.2']);
    expect(preview).toMatchObject({ toChange: 0, refused: 1 });
    expect(textsOf(preview)[0]).toMatch(/^Comes from LiteLLM/);
    expect(await calls.run(preview, 'all the same')).toMatchObject({ done: 0 });
    expect(await calls.undo(batchId)).toMatchObject({ done: 0 });
    expect((await history(id)).map(({ input }) => input)).toEqual(['0.1']);
  });

  const newModel = {
    ...{ id: 'own/small', name: 'Small', provider: 'own', description: null, capabilities: ['vision'] },
    ...{ contextLength: '4096', maxTokens: null, inputPricePerToken: '0.1', outputPricePerToken: null },
  };

  it('creates a model with its first price, and takes it back while nothing hangs on it', async () => {
    const preview = await calls.ask('models', 'previewCreate', { model: newModel });
    expect(preview).toMatchObject({
      ...{ action: 'MODEL_CREATE', grade: 'reversible', toChange: 1 },
      records: [{ id: 'own/small', label: 'Small', way: 'create' }],
      parts: [{ kind: 'model_price', way: 'create', count: 1 }],
    });
    const { batchId } = await calls.run(preview);
    expect(await calls.ask('models', 'get', { id: 'own/small' })).toMatchObject({
      model: {
        name: 'Small',
        isActive: true,
        contextLength: 4096,
        capabilities: ['vision'],
        supportsVision: true,
      },
      priceNow: { inputPricePerToken: '0.1', outputPricePerToken: null },
      prices: [{ source: 'console' }],
    });
    await expect(calls.ask('models', 'previewCreate', { model: newModel })).rejects.toMatchObject({
      message: 'There is a model “own/small” already.',
    });
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await calls.model('own/small')).toEqual({});
    expect(await history('own/small')).toEqual([]);
  });

  it('keeps a new model that something hangs on by now, and makes none where a proxy is linked', async () => {
    const model = { ...newModel, id: 'own/used' };
    const { batchId } = await calls.run(await calls.ask('models', 'previewCreate', { model }));
    const reviewed = await calls.ask('changes', 'previewUndo', { batchId });
    expect(reviewed).toMatchObject({ toChange: 1 });
    await insertUnattributedUsage(calls.client, {
      model_id: 'own/used',
      created_at: new Date().toISOString(),
    });
    const text = 'Has subscriptions, keys, usage or further prices by now. Deactivate or retire it instead.';
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({
      ...{ toChange: 0, refused: 1, findings: [{ severity: 'error', text }] },
    });
    // Also where the review was read before.
    expect(await calls.run(reviewed)).toMatchObject({ done: 0, problems: [{ outcome: 'refused', text }] });
    expect(await calls.model('own/used')).toMatchObject({ name: 'Small' });
    await calls.link();
    await expect(
      calls.ask('models', 'previewCreate', { model: { ...newModel, id: 'own/third' } }),
    ).rejects.toMatchObject({ message: 'A LiteLLM proxy is linked: what it routes to is the catalogue.' });
  });
});
