import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testModel, testTerms } from '../../../src/main/models/test-model';
import type { InputOf, Contract } from '../../../src/shared/contract/index';
import { anaKey, smallState } from './builders';
import { createHarness, type Harness } from './harness';

type Key = InputOf<Contract['models']['test']>['key'];

describe('testing a model', () => {
  let h: Harness;
  let keyId: string;
  beforeEach(async () => {
    h = await createHarness({ simulator: { state: smallState() } });
    await h.link();
    await h.pull();
    const [key] = await h.rows<{ id: string }>('SELECT id FROM api_keys');
    keyId = key?.id ?? '';
    await h.rows('UPDATE api_keys SET lite_llm_key_value = $1', [anaKey]);
    h.simulator.recorder.requests.length = 0;
  });
  afterEach(() => h.close());

  const call = () => ({
    workspace: h.workspace,
    signal: new AbortController().signal,
    report: () => undefined,
  });
  const test = (key: Key = { id: keyId }, id = 'gpt-4o') =>
    testModel({ timeoutMs: 1_000 })({ id, key }, call());
  const audited = () =>
    h.rows<{ metadata: Record<string, unknown> }>(
      `SELECT metadata - 'operator' AS metadata FROM audit_logs WHERE action = 'MODEL_TEST' ORDER BY created_at`,
    );
  const everythingWritten = async () =>
    JSON.stringify(await h.rows(`SELECT * FROM audit_logs`)) +
    JSON.stringify(await h.rows('SELECT * FROM litemaas_console.changes'));

  it('tells what it costs at most, asks one word with a kept key, and what it cost', async () => {
    expect(await testTerms({ id: 'gpt-4o' }, call())).toEqual({
      ...{ isLinked: true, mode: 'chat', inputTokens: 20, outputTokens: 1, mostCost: '0.00006' },
    });
    expect(await test()).toMatchObject({
      ...{ outcome: 'answered', answeredBy: 'gpt-4o', inputTokens: 8, outputTokens: 1, status: 200 },
      ...{ cost: '0.00003', said: null, reason: null },
    });
    const { requests, violations } = h.simulator.recorder;
    expect(requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      [
        'POST',
        '/v1/chat/completions',
        { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 },
      ],
    ]);
    expect(violations).toEqual([]);
    expect((await audited()).map(({ metadata }) => metadata)).toMatchObject([
      { apiKeyId: keyId, isPasted: false, outcome: 'asked' },
      { apiKeyId: keyId, isPasted: false, outcome: 'answered', status: 200 },
    ]);
    expect(await everythingWritten()).not.toContain(anaKey);
  });

  it('keeps nothing of a key that was pasted, nor shows it where LiteLLM repeats it', async () => {
    expect(await test({ value: anaKey })).toMatchObject({ outcome: 'answered' });
    const wrong = 'sk-nobody-has-this-key-0123456789';
    const refused = await test({ value: wrong });
    expect(refused).toMatchObject({ outcome: 'refused', status: 401, reason: 'key', cost: null });
    expect(JSON.stringify(refused)).not.toContain(wrong);
    const written = await everythingWritten();
    expect(written).not.toContain(wrong);
    expect(written).not.toContain(anaKey);
  });

  it('says by the kinds of refusals why LiteLLM does not let it through', async () => {
    for (const key of h.simulator.state.keys.values()) key.models = ['other'];
    expect(await test()).toMatchObject({ outcome: 'refused', reason: 'model' });
    for (const key of h.simulator.state.keys.values()) key.blocked = true;
    expect(await test()).toMatchObject({ outcome: 'refused', status: 401, reason: 'blocked' });
  });

  it('asks an embedding model for a place, and no model that takes no words', async () => {
    await h.rows(`UPDATE models SET capabilities = '{embedding}'`);
    expect(await testTerms({ id: 'gpt-4o' }, call())).toMatchObject({
      mode: 'embedding',
      mostCost: '0.0000125',
    });
    expect(await test()).toMatchObject({
      outcome: 'answered',
      inputTokens: 1,
      outputTokens: 0,
      cost: '0.0000025',
    });
    expect(h.simulator.recorder.requests.map(({ path }) => path)).toEqual(['/v1/embeddings']);
    await h.rows(`UPDATE models SET capabilities = '{image_generation}'`);
    expect(await testTerms({ id: 'gpt-4o' }, call())).toMatchObject({ mode: null, mostCost: null });
    await expect(test()).rejects.toMatchObject({ code: 'validation' });
  });

  it('tells a cost that is not known as such, and takes no answer that is none', async () => {
    await h.rows('UPDATE models SET output_price_per_1k = NULL');
    await h.rows('UPDATE litemaas_console.model_prices SET output_price_per_token = NULL');
    expect(await testTerms({ id: 'gpt-4o' }, call())).toMatchObject({ mostCost: null });
    h.simulator.faults.add({ kind: 'broken-json' });
    expect(await test()).toMatchObject({ outcome: 'no_answer', status: 200, cost: null });
    h.simulator.faults.add({ kind: 'redirect', location: 'http://127.0.0.1:9/' });
    expect(await test()).toMatchObject({ outcome: 'no_answer' });
    h.simulator.faults.add({ kind: 'bad-gateway' });
    expect(await test()).toMatchObject({ outcome: 'refused', status: 502 });
    h.simulator.faults.add({ kind: 'hang' });
    expect(await test()).toMatchObject({ outcome: 'no_answer', status: null });
    expect((await audited()).map(({ metadata }) => metadata['outcome'])).toHaveLength(8);
  });

  it('asks nothing with a value that is not kept, of a model that is gone, or where nothing is linked', async () => {
    await expect(test({ id: keyId }, 'no/such')).rejects.toMatchObject({ code: 'not_found' });
    await h.rows('UPDATE api_keys SET lite_llm_key_value = NULL');
    await expect(test()).rejects.toMatchObject({ code: 'not_found' });
    await h.rows(`DELETE FROM litemaas_console.settings WHERE key = 'litellm_link'`);
    await expect(test({ value: anaKey })).rejects.toMatchObject({ code: 'not_found' });
    expect(h.simulator.recorder.requests).toEqual([]);
    expect(await audited()).toEqual([]);
  });
});
