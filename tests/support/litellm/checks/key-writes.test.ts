import { afterEach, describe, expect, it } from 'vitest';
import {
  createSimulator,
  tokenOf,
  userRow,
  type KeyRow,
  type Simulator,
  type SimulatorOptions,
} from '../index';
import { exampleNow, exampleState, secondKey } from './example-state';
import { ask, read } from './test-client';

describe('writing keys', () => {
  let simulator: Simulator;
  const start = async (options: SimulatorOptions = {}): Promise<void> => {
    simulator = await createSimulator({ state: exampleState(), now: () => exampleNow, ...options });
  };
  const write = <Shape>(path: string, body: unknown): Promise<Shape> =>
    read<Shape>(simulator, path, { body });
  const refused = async (path: string, body: unknown): Promise<number> =>
    (await ask(simulator, path, { body })).status;
  const key = (plaintextKey: string): KeyRow | undefined => simulator.state.keys.get(tokenOf(plaintextKey));
  afterEach(() => simulator.close());

  it('tells the plaintext once and keeps the hash', async () => {
    await start();
    const made = await write<{ key: string; token: string; token_id: string; key_name: string }>(
      '/key/generate',
      {
        key_alias: 'ana-new',
        user_id: 'not-even-a-user',
        duration: '7d',
        budget_duration: '1mo',
        soft_budget: 5,
        models: ['gpt-4o'],
      },
    );
    expect(made).toMatchObject({
      token: tokenOf(made.key),
      token_id: tokenOf(made.key),
      key_name: `sk-...${made.key.slice(-4)}`,
      expires: '2026-09-16T15:30:00Z',
      budget_reset_at: '2026-10-01T00:00:00Z',
      user_id: 'not-even-a-user',
      created_by: 'default_user_id',
      litellm_budget_table: { soft_budget: 5 },
    });
    const info = await ask(simulator, `/key/info?key=${made.token}`);
    expect(info.text).not.toContain(made.key);
  });

  it('takes a custom key, silently ignores it the second time', async () => {
    await start();
    await write('/key/generate', { key: 'sk-custom-0001', max_budget: 1 });
    const again = await write('/key/generate', { key: 'sk-custom-0001', max_budget: 2 });
    expect(again).toMatchObject({ key: 'sk-custom-0001', max_budget: 2 });
    expect(key('sk-custom-0001')?.max_budget).toBe(1);
    expect(await refused('/key/generate', { key: 'custom' })).toBe(400);
  });

  it('refuses a taken alias and licensed fields', async () => {
    await start();
    const taken = await ask(simulator, '/key/generate', { body: { key_alias: 'ana-laptop' } });
    expect(taken).toMatchObject({ status: 400, json: { error: { type: 'bad_request_error' } } });
    expect(await refused('/key/generate', { tags: [] })).toBe(403);
    const regenerated = await ask(simulator, '/key/regenerate', { body: { key: secondKey } });
    expect(regenerated.status).toBe(500);
    expect(regenerated.text).toContain('Enterprise');
  });

  it('reads durations as each release does', async () => {
    await start();
    expect(await write('/key/generate', { duration: '30d' })).toMatchObject({
      expires: '2026-10-09T15:30:00Z',
    });
    expect(await write('/key/generate', { duration: null })).toMatchObject({ expires: null });
    expect(await refused('/key/generate', { duration: 'soon' })).toBe(500);
    await simulator.close();
    await start({ version: '1.74' });
    expect(await write('/key/generate', { duration: '30d' })).toMatchObject({
      expires: '2026-10-01T00:00:00Z',
    });
  });

  it('updates by key or hash: unset stays, null clears, metadata is replaced whole', async () => {
    await start();
    const row = key(secondKey);
    Object.assign(row ?? {}, {
      metadata: { kept: 1, model_tpm_limit: { m: 1 } },
      tpm_limit: 5,
      budget_duration: '1mo',
    });
    await write('/key/update', { key: secondKey, tpm_limit: null, rpm_limit: 7, budget_duration: null });
    expect(row).toMatchObject({
      tpm_limit: null,
      rpm_limit: 7,
      budget_duration: '1mo',
      metadata: { kept: 1 },
    });
    await write('/key/update', { key: tokenOf(secondKey), metadata: { other: 2 }, duration: '1h' });
    expect(row).toMatchObject({ metadata: { other: 2 }, expires: '2026-09-09T16:30:00Z' });
    expect(row?.metadata).not.toHaveProperty('model_tpm_limit');
    await write('/key/update', { key: secondKey, duration: '-1' });
    expect(row?.expires).toBeNull();
  });

  it('refuses unknown keys with 401 before 1.83.3 and 404 after', async () => {
    await start();
    expect(await refused('/key/update', { key: 'sk-unknown' })).toBe(401);
    await simulator.close();
    await start({ version: '1.83.10' });
    expect(await refused('/key/update', { key: 'sk-unknown' })).toBe(404);
  });

  it('moves a key only to a team of its owner', async () => {
    await start();
    expect(await refused('/key/update', { key: secondKey, team_id: '7b0c' })).toBe(200);
    simulator.state.users.set('stranger', userRow({ user_id: 'stranger' }));
    await write('/key/generate', { key: 'sk-stranger', user_id: 'stranger' });
    expect(await refused('/key/update', { key: 'sk-stranger', team_id: '7b0c' })).toBe(403);
  });

  it('deletes by key, hash or alias and hides a part that was missing', async () => {
    await start();
    const passed = [secondKey, 'sk-unknown'];
    expect(await write('/key/delete', { keys: passed })).toEqual({ deleted_keys: passed });
    expect(simulator.state.keys.size).toBe(1);
    expect(await refused('/key/delete', { keys: ['sk-unknown'] })).toBe(404);
    await write('/key/delete', { key_aliases: ['ana-laptop'] });
    expect(simulator.state.keys.size).toBe(0);
    expect(simulator.state.deletedKeys).toHaveLength(2);
  });

  it('blocks and unblocks by key or hash', async () => {
    await start();
    expect(await write('/key/block', { key: secondKey })).toMatchObject({ blocked: true });
    expect((await ask(simulator, '/v1/models', { key: secondKey })).status).toBe(401);
    expect(await write('/key/unblock', { key: tokenOf(secondKey) })).toMatchObject({ blocked: false });
    expect(await refused('/key/block', { key: 'neither' })).toBe(400);
    expect(await refused('/key/block', { key: 'sk-unknown' })).toBe(401);
  });

  it('tells several keys at once', async () => {
    await start();
    const answer = await write('/v2/key/info', { keys: [secondKey] });
    expect(answer).toMatchObject({ key: [secondKey], info: [{ key_name: 'sk-...0002' }] });
  });

  it('answers 422 for a body that is no JSON or no object', async () => {
    await start();
    const response = await fetch(`${simulator.url}/key/delete`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.masterKey}` },
      body: '{"keys": [',
    });
    expect(response.status).toBe(422);
    expect(await refused('/key/delete', ['a'])).toBe(422);
  });
});
