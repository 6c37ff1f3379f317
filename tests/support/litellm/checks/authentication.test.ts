import { afterEach, describe, expect, it } from 'vitest';
import {
  createSimulator,
  keyRow,
  userRow,
  type KeyRow,
  type Simulator,
  type SimulatorOptions,
} from '../index';
import { exampleNow, exampleState, secondKey } from './example-state';
import { ask, read } from './test-client';

const viewerKey = 'sk-viewer-key-0003';
const adminKey = 'sk-admin-key-0004';

function stateWithRoles(...more: KeyRow[]): ReturnType<typeof exampleState> {
  const state = exampleState();
  state.users.set('viewer', userRow({ user_id: 'viewer', user_role: 'proxy_admin_viewer' }));
  state.users.set('admin', userRow({ user_id: 'admin', user_role: 'proxy_admin' }));
  const keys = [keyRow(viewerKey, { user_id: 'viewer' }), keyRow(adminKey, { user_id: 'admin' }), ...more];
  for (const key of keys) state.keys.set(key.token, key);
  return state;
}

describe('who may call', () => {
  let simulator: Simulator;
  const start = async (options: SimulatorOptions = {}): Promise<void> => {
    simulator = await createSimulator({ state: stateWithRoles(), now: () => exampleNow, ...options });
  };
  afterEach(() => simulator.close());

  it('takes the key from any of the documented headers', async () => {
    await start();
    const key = simulator.masterKey;
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await ask(simulator, '/user/list', { key: null, headers })).status;
    expect(await status({ 'x-litellm-api-key': key })).toBe(200);
    expect(await status({ 'x-litellm-api-key': `Bearer ${key}` })).toBe(200);
    expect(await status({ authorization: `Bearer ${key}` })).toBe(200);
    expect(await status({ 'api-key': key })).toBe(200);
    expect(await status({ 'x-api-key': key })).toBe(200);
    expect(await status({ 'x-goog-api-key': key })).toBe(200);
    expect(await status({ 'ocp-apim-subscription-key': key })).toBe(200);
  });

  it('lets the first non-empty header win and counts a bare Authorization as empty', async () => {
    await start();
    const key = simulator.masterKey;
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await ask(simulator, '/user/list', { key: null, headers })).status;
    expect(await status({ authorization: key })).toBe(401);
    expect(await status({ authorization: key, 'x-api-key': key })).toBe(200);
    expect(await status({ 'x-litellm-api-key': 'sk-unknown', authorization: `Bearer ${key}` })).toBe(401);
    expect(await status({ authorization: `Bearer ${key}`, 'x-api-key': 'sk-unknown' })).toBe(200);
  });

  it('refuses what is no virtual key, even the hash of one', async () => {
    await start();
    const none = await ask(simulator, '/user/list', { key: null });
    expect(none).toMatchObject({ status: 401, json: { error: { type: 'auth_error', code: '401' } } });
    const [hash = ''] = simulator.state.keys.keys();
    const hashed = await ask(simulator, '/user/list', { key: hash });
    expect(hashed).toMatchObject({ status: 401, json: { error: { type: 'auth_error' } } });
    const unknown = await ask(simulator, '/user/list', { key: 'sk-nobody-knows' });
    expect(unknown).toMatchObject({ status: 401, json: { error: { type: 'token_not_found_in_db' } } });
    expect(unknown.text).not.toContain('nobody-kno');
  });

  it('answers 400 for an expired key and 401 for a blocked one', async () => {
    const expired = keyRow('sk-expired-0005', { user_id: 'admin', expires: '2026-09-09T15:29:59' });
    const blocked = keyRow('sk-blocked-0006', { user_id: 'admin', blocked: true });
    await start({ state: stateWithRoles(expired, blocked) });
    const late = await ask(simulator, '/user/list', { key: 'sk-expired-0005' });
    expect(late).toMatchObject({ status: 400, json: { error: { type: 'expired_key', code: '400' } } });
    const barred = await ask(simulator, '/user/list', { key: 'sk-blocked-0006' });
    expect(barred).toMatchObject({ status: 401, json: { error: { type: 'auth_error' } } });
  });

  it('lets a viewer read, narrows its v2 team list and refuses its writes with 403', async () => {
    await start();
    for (const path of ['/user/list', '/key/list', '/team/list', '/model/info', '/user/info?user_id=0d2f']) {
      expect((await ask(simulator, path, { key: viewerKey })).status).toBe(200);
    }
    expect(await read(simulator, '/v2/team/list', { key: viewerKey })).toMatchObject({ teams: [], total: 0 });
    expect(await read(simulator, '/team/list', { key: viewerKey })).toHaveLength(1);
    const write = await ask(simulator, '/global/spend/reset', { key: viewerKey, body: {} });
    expect(write).toMatchObject({ status: 403, json: { error: { type: 'auth_error', code: '403' } } });
    expect(simulator.violations).toEqual([]);
  });

  it('gives an administrator of its own the rights of the master key', async () => {
    await start();
    expect((await ask(simulator, '/v2/team/list', { key: adminKey })).json).toMatchObject({ total: 1 });
  });

  it('keeps others to their own objects', async () => {
    await start();
    for (const path of [
      '/user/list',
      '/key/list',
      '/team/list',
      '/v2/team/list',
      '/user/info?user_id=admin',
    ]) {
      const answer = await ask(simulator, path, { key: secondKey });
      expect(answer).toMatchObject({ status: 401, json: { error: { type: 'auth_error' } } });
      expect(answer.text).toContain('Only proxy admin can be used');
    }
    expect((await ask(simulator, '/v1/models', { key: secondKey })).status).toBe(200);
    expect((await ask(simulator, '/key/info', { key: secondKey })).status).toBe(200);
    expect((await ask(simulator, '/user/info?user_id=0d2f', { key: secondKey })).status).toBe(200);
  });

  it('reads the key from a renamed header only', async () => {
    await start({ keyHeaderName: 'X-Company-Key' });
    const key = simulator.masterKey;
    expect((await ask(simulator, '/user/list')).status).toBe(401);
    const renamed = await ask(simulator, '/user/list', {
      key: null,
      headers: { 'x-company-key': `Bearer ${key}` },
    });
    expect(renamed.status).toBe(200);
  });

  it('lives below its root path', async () => {
    await start({ rootPath: '/litellm/' });
    expect(simulator.url).toMatch(/\/litellm$/);
    expect((await ask(simulator, '/user/list')).status).toBe(200);
    const outside = await fetch(`${new URL(simulator.url).origin}/user/list`, {
      headers: { authorization: `Bearer ${simulator.masterKey}` },
    });
    expect(outside.status).toBe(404);
    expect(simulator.recorder.to('/user/list')).toHaveLength(2);
  });

  it('answers no_db_connection without its database, but stays alive', async () => {
    await start();
    simulator.switches.databaseConnected = false;
    expect(await read(simulator, '/health/readiness', { key: null })).toMatchObject({ db: 'Not connected' });
    const users = await ask(simulator, '/user/list');
    expect(users).toMatchObject({ status: 500, json: { error: { type: 'no_db_connection' } } });
    expect((await ask(simulator, '/v1/models')).status).toBe(200);
  });

  it('can hide everything but the status and report another version', async () => {
    await start({ reportedVersion: '1.82.7' });
    expect(await read(simulator, '/health/readiness')).toMatchObject({ litellm_version: '1.82.7' });
    simulator.switches.hideReadinessDetails = true;
    expect(await read(simulator, '/health/readiness')).toEqual({ status: 'connected' });
  });
});
