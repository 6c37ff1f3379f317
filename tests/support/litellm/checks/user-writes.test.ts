import { afterEach, describe, expect, it } from 'vitest';
import { createSimulator, tokenOf, type Simulator, type SimulatorOptions, type UserRow } from '../index';
import { exampleNow, exampleState } from './example-state';
import { ask, read } from './test-client';

describe('writing users', () => {
  let simulator: Simulator;
  const start = async (options: SimulatorOptions = {}): Promise<void> => {
    simulator = await createSimulator({ state: exampleState(), now: () => exampleNow, ...options });
  };
  const write = <Shape>(path: string, body: unknown): Promise<Shape> =>
    read<Shape>(simulator, path, { body });
  const refused = async (path: string, body: unknown): Promise<number> =>
    (await ask(simulator, path, { body })).status;
  const user = (userId: string): UserRow | undefined => simulator.state.users.get(userId);
  afterEach(() => simulator.close());

  it('makes a user, and a key with it unless told not to', async () => {
    await start();
    const silent = await write('/user/new', {
      user_id: 'u2',
      user_email: 'u2@example.test',
      auto_create_key: false,
    });
    expect(silent).toMatchObject({ user_id: 'u2', key: '' });
    expect(simulator.state.keys.size).toBe(2);
    const loud = await write<{ key: string; user_id: string }>('/user/new', { user_id: 'u3' });
    expect(loud.key).toMatch(/^sk-/);
    expect(simulator.state.keys.get(tokenOf(loud.key))).toMatchObject({ user_id: 'u3' });
  });

  it('swallows teams that do not exist and fills in what the site prescribes', async () => {
    await start({ switches: { defaultUserSettings: { max_budget: 3 } } });
    const made = { user_id: 'u2', teams: ['nope', '7b0c'], auto_create_key: false };
    expect(await write('/user/new', made)).toMatchObject({ teams: ['7b0c'], max_budget: 3 });
    expect(simulator.state.teams.get('7b0c')?.members_with_roles).toHaveLength(3);
  });

  it('answers 409 for an existing id, before 1.81 a 200 that changed nothing', async () => {
    await start();
    expect(await refused('/user/new', { user_id: '0d2f', user_alias: 'changed' })).toBe(409);
    await simulator.close();
    await start({ version: '1.74' });
    expect(await write('/user/new', { user_id: '0d2f', user_alias: 'changed' })).toMatchObject({
      user_alias: 'changed',
    });
    expect(user('0d2f')?.user_alias).toBe('ana');
  });

  it('refuses a second user of one e-mail, with 400 or later 409', async () => {
    await start();
    expect(await refused('/user/new', { user_id: 'u2', user_email: 'A@example.test' })).toBe(400);
    await simulator.close();
    await start({ version: '1.93' });
    expect(await refused('/user/new', { user_id: 'u2', user_email: 'a@example.test' })).toBe(409);
  });

  it('has a licence cap', async () => {
    await start({ switches: { licensedUsers: 1 } });
    expect(await refused('/user/new', { user_id: 'u2' })).toBe(403);
  });

  it('creates an unknown user on update', async () => {
    await start();
    const answer = await write('/user/update', { user_id: 'ghost', user_alias: 'Ghost' });
    expect(answer).toMatchObject({ user_id: 'ghost', data: { user_alias: 'Ghost' } });
    expect(user('ghost')).toBeDefined();
  });

  it('drops null, [] and {}, so limits cannot be cleared', async () => {
    await start();
    Object.assign(user('0d2f') ?? {}, { models: ['gpt-4o'], metadata: { kept: true } });
    await write('/user/update', {
      user_id: '0d2f',
      max_budget: null,
      tpm_limit: null,
      models: [],
      metadata: {},
      rpm_limit: 5,
    });
    expect(user('0d2f')).toMatchObject({
      max_budget: 100,
      tpm_limit: 1000,
      models: ['gpt-4o'],
      metadata: { kept: true },
      rpm_limit: 5,
    });
    await write('/user/update', { user_id: '0d2f', metadata: { other: 1 }, spend: 0 });
    expect(user('0d2f')).toMatchObject({ metadata: { other: 1 }, spend: 0 });
    expect(user('0d2f')?.metadata).not.toHaveProperty('kept');
  });

  it('clears max_budget, and only that, from 1.81.9 on', async () => {
    await start({ version: '1.83.10' });
    await write('/user/update', { user_id: '0d2f', max_budget: null, tpm_limit: null });
    expect(user('0d2f')).toMatchObject({ max_budget: null, tpm_limit: 1000 });
  });

  it('finds a user by e-mail', async () => {
    await start();
    await write('/user/update', { user_email: 'a@example.test', user_alias: 'Ana' });
    expect(user('0d2f')?.user_alias).toBe('Ana');
    expect(await refused('/user/update', { user_email: 'nobody@example.test', user_alias: 'x' })).toBe(404);
    expect(await refused('/user/update', { user_alias: 'x' })).toBe(400);
  });

  it('deletes users with their keys, all or none, and counts them', async () => {
    await start();
    expect(await refused('/user/delete', { user_ids: ['0d2f', 'nope'] })).toBe(404);
    expect(user('0d2f')).toBeDefined();
    expect(await write('/user/delete', { user_ids: ['0d2f'] })).toBe(1);
    expect([simulator.state.users.size, simulator.state.keys.size]).toEqual([0, 0]);
  });
});
