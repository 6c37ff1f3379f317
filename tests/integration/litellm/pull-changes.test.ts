import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyRow, type ProxyState, tokenOf, userRow } from '../../support/litellm';
import { addUser, ana, anaKey, smallState } from './builders';
import { createHarness, fingerprint, type Harness } from './harness';

describe('pulling what changed', () => {
  let h: Harness;
  let state: ProxyState;

  beforeEach(async () => {
    state = smallState();
    h = await createHarness({ simulator: { state } });
    await h.link();
  });
  afterEach(() => h.close());

  const change = <Row extends object>(rows: Map<string, Row>, id: string, values: Partial<Row>): void => {
    const row = rows.get(id);
    if (!row) throw new Error(`the proxy has no ${id}`);
    rows.set(id, { ...row, ...values });
  };
  const user = async (id: string) =>
    (
      await h.rows(
        'SELECT username, email, max_budget::float AS budget, rpm_limit FROM users WHERE oauth_id = $1',
        [id],
      )
    )[0];
  const object = async (kind: string, remoteId: string) =>
    (
      await h.rows(
        'SELECT state, reason, local_id FROM litemaas_console.litellm_objects WHERE kind = $1 AND remote_id = $2',
        [kind, remoteId],
      )
    )[0];
  const settled = async (): Promise<void> => {
    const before = await fingerprint(h);
    await h.pull();
    expect(await fingerprint(h)).toEqual(before);
  };

  it('takes over what only the proxy changed, and touches no other record', async () => {
    addUser(state, { user_id: 'ben', user_alias: 'ben' });
    await h.pull();
    const [before] = await h.rows('SELECT updated_at FROM users WHERE oauth_id = $1', ['ben']);
    change(state.users, ana, { max_budget: 7.5, rpm_limit: 0 });
    const run = await h.pull();
    expect(run.entities.find((row) => row.entity === 'users')).toMatchObject({ updated: 1, unchanged: 1 });
    expect(await user(ana)).toMatchObject({ budget: 7.5, rpm_limit: '0' });
    expect(await h.rows('SELECT updated_at FROM users WHERE oauth_id = $1', ['ben'])).toEqual([before]);
    await settled();
  });

  it('keeps what only we changed', async () => {
    await h.pull();
    await h.rows('UPDATE users SET max_budget = 55 WHERE oauth_id = $1', [ana]);
    await settled();
    expect(await user(ana)).toMatchObject({ budget: 55 });
    expect(await object('user', ana)).toMatchObject({ state: 'linked', reason: null });
  });

  it('leaves what both changed as it is here and says so until they agree', async () => {
    await h.pull();
    await h.rows('UPDATE users SET max_budget = 55, rpm_limit = 9 WHERE oauth_id = $1', [ana]);
    change(state.users, ana, { max_budget: 77, tpm_limit: 500 });
    await h.pull();
    expect(await user(ana)).toMatchObject({ budget: 55, rpm_limit: '9' });
    expect(await object('user', ana)).toMatchObject({ state: 'conflict', reason: 'differs (max_budget)' });
    await settled();
    await h.rows('UPDATE users SET max_budget = 77 WHERE oauth_id = $1', [ana]);
    await h.pull();
    expect(await object('user', ana)).toMatchObject({ state: 'linked', reason: null });
    await settled();
  });

  it('finds people, teams and keys that LiteMaaS already has, and changes nothing of theirs', async () => {
    const team = '7b0c0000-0000-4000-8000-000000000001';
    await h.rows(
      `INSERT INTO users (id, username, email, oauth_provider, oauth_id, max_budget)
       VALUES ($1, 'ana.local', 'ana@litemaas.test', 'openshift', 'ana', 42)`,
      [ana],
    );
    await h.rows(`INSERT INTO teams (id, name, litellm_team_id) VALUES ($1, 'Ours', 'team-one')`, [team]);
    await h.rows(
      `INSERT INTO api_keys (user_id, key_hash, key_prefix, lite_llm_key_value) VALUES ($1, 'other', 'sk-key', $2)`,
      [ana, anaKey],
    );
    await h.pull();
    expect(await h.rows('SELECT username, max_budget::float AS budget FROM users')).toEqual([
      { username: 'ana.local', budget: 42 },
    ]);
    expect(await object('user', ana)).toMatchObject({ state: 'conflict', local_id: ana });
    expect(await object('team', 'team-one')).toMatchObject({ state: 'conflict', local_id: team });
    expect(await h.rows(`SELECT name FROM teams WHERE litellm_team_id = 'team-one'`)).toEqual([
      { name: 'Ours' },
    ]);
    const keys = await h.rows('SELECT key_hash, lite_llm_key_value, metadata FROM api_keys');
    expect(keys).toEqual([
      {
        key_hash: 'other',
        lite_llm_key_value: anaKey,
        metadata: expect.objectContaining({ litellm_token: tokenOf(anaKey) }) as unknown,
      },
    ]);
    await settled();
  });

  it('makes names unique in a stable way, and addresses too', async () => {
    addUser(state, { user_id: 'a1', user_alias: 'sam', user_email: 'sam@example.test' });
    addUser(state, { user_id: 'a2', user_alias: 'sam', user_email: 'sam@example.test' });
    addUser(state, { user_id: 'a3', user_alias: null, user_email: 'sam@elsewhere.test' });
    addUser(state, { user_id: 'a4', user_alias: null, user_email: null });
    await h.pull();
    const names = await h.rows(
      'SELECT oauth_id, username, email FROM users WHERE oauth_id LIKE $1 ORDER BY 1',
      ['a%'],
    );
    expect(names).toEqual([
      { oauth_id: 'a1', username: 'sam', email: 'sam@example.test' },
      { oauth_id: 'a2', username: 'sam-2', email: 'a2@unknown.invalid' },
      { oauth_id: 'a3', username: 'sam-3', email: 'sam@elsewhere.test' },
      { oauth_id: 'a4', username: 'a4', email: 'a4@unknown.invalid' },
    ]);
    expect(await object('user', 'a2')).toMatchObject({ state: 'linked', reason: 'email_taken' });
    expect(await object('user', 'a4')).toMatchObject({ state: 'linked', reason: 'email_missing' });
    await settled();
    change(state.users, 'a2', { user_alias: 'ana' });
    await h.pull();
    expect(await user('a2')).toMatchObject({ username: 'ana-2' });
    expect(await object('user', 'a2')).toMatchObject({ reason: 'email_taken' });
    await settled();
  });

  it('gives a key its home as soon as its owner is known', async () => {
    const orphan = keyRow('sk-orphan-key-000', { user_id: 'later', key_alias: 'orphan' });
    state.keys.set(orphan.token, orphan);
    await h.pull();
    expect(await object('key', orphan.token)).toMatchObject({ state: 'homeless', reason: 'unknown_user' });
    addUser(state, { user_id: 'later', user_alias: 'later' });
    await h.pull();
    expect(await object('key', orphan.token)).toMatchObject({ state: 'linked', reason: 'all_models' });
    await settled();
  });

  it('follows members and their roles, and takes nobody out', async () => {
    addUser(state, { user_id: 'ben', user_email: 'Ben@example.test' });
    await h.pull();
    const members = () =>
      h.rows(`SELECT u.username, tm.role FROM team_members tm JOIN teams t ON t.id = tm.team_id
        JOIN users u ON u.id = tm.user_id WHERE t.litellm_team_id = 'team-one' ORDER BY 1`);
    expect(await members()).toEqual([{ username: 'ana', role: 'member' }]);
    change(state.teams, 'team-one', {
      members_with_roles: [
        { role: 'admin', user_id: 'default_user_id', user_email: null },
        { role: 'admin', user_id: ana, user_email: null },
        { role: 'user', user_id: null, user_email: 'ben@EXAMPLE.test' },
        { role: 'user', user_id: 'stranger', user_email: null },
      ],
    });
    await h.pull();
    expect(await members()).toEqual([
      { username: 'Ben', role: 'member' },
      { username: 'ana', role: 'admin' },
    ]);
    expect(await object('member', 'team-one/stranger')).toMatchObject({
      state: 'homeless',
      reason: 'unknown_user',
    });
    await settled();
    change(state.teams, 'team-one', { members_with_roles: [] });
    await h.pull();
    expect(await members()).toHaveLength(2);
    expect(await object('member', `team-one/${ana}`)).toMatchObject({ state: 'missing' });
    await settled();
  });

  it('changes the models of a key with the proxy, and keeps names that are no models of ours', async () => {
    state.models.push({ model_name: 'small', litellm_params: {}, model_info: { id: 'deployment-2' } });
    change(state.keys, tokenOf(anaKey), { models: ['gpt-4o', 'openai/*'] });
    await h.pull();
    const models = () => h.rows<{ model_id: string }>('SELECT model_id FROM api_key_models ORDER BY 1');
    expect((await models()).map((row) => row.model_id)).toEqual(['gpt-4o']);
    const raw = await h.rows<{ raw: string[] }>(
      `SELECT metadata -> 'litellm_models_raw' AS raw FROM api_keys`,
    );
    expect(raw[0]?.raw).toEqual(['openai/*']);
    change(state.keys, tokenOf(anaKey), { models: ['small'], blocked: true });
    await h.pull();
    expect((await models()).map((row) => row.model_id)).toEqual(['small']);
    expect(await h.rows('SELECT is_active FROM api_keys')).toEqual([{ is_active: false }]);
    await settled();
  });

  it('leaves a model’s description and whether it is active as they were set here, and takes over the rest', async () => {
    await h.pull();
    const model = () =>
      h.rows(`SELECT description, is_active, context_length FROM models WHERE id = 'gpt-4o'`);
    await h.rows(
      `UPDATE models SET description = 'Ours', is_active = false, context_length = 1 WHERE id = 'gpt-4o'`,
    );
    await h.pull();
    const [{ context_length: theirs } = {}] = await model();
    expect(await model()).toMatchObject([{ description: 'Ours', is_active: false }]);
    expect(theirs).not.toBe(1);
    const [deployment] = state.models;
    if (deployment === undefined) throw new Error('the proxy has no models');
    state.models[0] = { ...deployment, model_info: { ...deployment.model_info, max_input_tokens: 777 } };
    await h.pull();
    expect(await model()).toEqual([{ description: 'Ours', is_active: false, context_length: 777 }]);
    await settled();
  });

  it('notes what is missing after a complete scan, deactivates nothing, and welcomes it back', async () => {
    addUser(state, { user_id: 'ben', user_alias: 'ben' });
    const ben = state.users.get('ben') ?? userRow({ user_id: 'ben' });
    await h.pull();
    state.users.delete('ben');
    await h.pull();
    expect(await object('user', 'ben')).toMatchObject({ state: 'missing', reason: 'missing_remotely' });
    expect(await h.rows(`SELECT is_active FROM users WHERE oauth_id = 'ben'`)).toEqual([{ is_active: true }]);
    await settled();
    state.users.set('ben', ben);
    await h.pull();
    expect(await object('user', 'ben')).toMatchObject({ state: 'linked', reason: 'email_missing' });
    await settled();
  });

  it('keeps rows that it cannot read aside, without their content, and goes on', async () => {
    state.users.set('odd', { ...userRow({ user_id: 'odd' }), max_budget: 'much' as unknown as number });
    const bare = keyRow('sk-bare', { user_id: ana });
    state.keys.set('sk-bare-plaintext', { ...bare, token: 'sk-bare-plaintext' });
    const run = await h.pull();
    expect(run.state).toBe('succeeded');
    const unreadable = await h.rows<{ kind: string; text: string }>(
      `SELECT kind, o::text AS text FROM litemaas_console.litellm_objects o WHERE reason = 'unreadable' ORDER BY 1`,
    );
    expect(unreadable.map((row) => row.kind)).toEqual(['key', 'user']);
    expect(JSON.stringify(unreadable)).not.toContain('sk-bare');
    await settled();
  });

  it('keeps limits beyond 32 bits and clamps what no column holds', async () => {
    change(state.users, ana, {
      tpm_limit: 9_223_372_036_854_775_807n,
      max_budget: 1e20,
      budget_duration: 'monthly',
    });
    await h.pull();
    const [row] = await h.rows('SELECT tpm_limit, max_budget::text AS budget FROM users');
    expect(row).toEqual({ tpm_limit: '9223372036854775807', budget: '99999999999999.000000' });
    expect(await object('user', ana)).toMatchObject({
      state: 'linked',
      reason: 'budget_resets_daily, out_of_range (max_budget)',
    });
    await settled();
  });

  it('finds its people again when the proxy is linked under another address', async () => {
    addUser(state, { user_id: 'ben', user_alias: 'ben' });
    await h.pull();
    const people = await h.rows('SELECT id, username FROM users ORDER BY id');
    const other = h.simulator.url.replace('127.0.0.1', 'localhost');
    const call = { workspace: h.workspace, signal: new AbortController().signal, report: () => undefined };
    await h.handlers.link(
      {
        baseUrl: other,
        apiKey: h.simulator.masterKey,
        headerName: 'Authorization',
        caFile: null,
        proxy: null,
      },
      call,
    );
    const run = await h.pull();
    expect(run.entities.map((row) => row.created)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await h.rows('SELECT id, username FROM users ORDER BY id')).toEqual(people);
    await settled();
  });
});
