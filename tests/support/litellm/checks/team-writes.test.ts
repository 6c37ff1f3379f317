import { afterEach, describe, expect, it } from 'vitest';
import {
  createSimulator,
  keyRow,
  tokenOf,
  type Simulator,
  type SimulatorOptions,
  type TeamRow,
} from '../index';
import { exampleNow, exampleState, secondKey } from './example-state';
import { ask, read } from './test-client';

describe('writing teams', () => {
  let simulator: Simulator;
  const start = async (options: SimulatorOptions = {}): Promise<void> => {
    simulator = await createSimulator({ state: exampleState(), now: () => exampleNow, ...options });
  };
  const write = <Shape>(path: string, body: unknown): Promise<Shape> =>
    read<Shape>(simulator, path, { body });
  const refused = async (path: string, body: unknown): Promise<number> =>
    (await ask(simulator, path, { body })).status;
  const team = (teamId: string): TeamRow => {
    const found = simulator.state.teams.get(teamId);
    if (!found) throw new Error(`No team ${teamId}`);
    return found;
  };
  afterEach(() => simulator.close());

  it('makes a team under the given id and adds the caller as admin', async () => {
    await start();
    const made = await write<TeamRow>('/team/new', {
      team_id: 'new',
      team_alias: 'New',
      max_budget: '12.50',
      budget_duration: '30d',
      model_tpm_limit: { 'gpt-4o': 5 },
      members_with_roles: [{ role: 'admin', user_id: 'created-by-team' }],
    });
    expect(made).toMatchObject({
      team_id: 'new',
      max_budget: 12.5,
      budget_reset_at: '2026-10-01T00:00:00Z',
      metadata: { model_tpm_limit: { 'gpt-4o': 5 } },
      members_with_roles: [
        { role: 'admin', user_id: 'created-by-team' },
        { role: 'admin', user_id: 'default_user_id' },
      ],
    });
    expect(simulator.state.users.get('created-by-team')?.teams).toEqual(['new']);
    expect(await refused('/team/new', { team_id: 'new' })).toBe(400);
  });

  it('lets the site put a budget into a new team and the licence cap their number', async () => {
    await start({ switches: { defaultTeamSettings: { max_budget: 7 }, licensedTeams: 2 } });
    expect(await write('/team/new', { team_id: 'a' })).toMatchObject({ max_budget: 7 });
    const capped = await ask(simulator, '/team/new', { body: { team_id: 'b' } });
    expect(capped.status).toBe(403);
    expect(capped.text).toMatch(/enterprise/i);
  });

  it('changes what was sent, clears what was null, replaces metadata whole', async () => {
    await start();
    team('7b0c').metadata = { kept: 1, model_rpm_limit: { 'gpt-4o': 1 } };
    const answer = await write('/team/update', {
      team_id: '7b0c',
      tpm_limit: null,
      max_parallel_requests: 9,
    });
    expect(answer).toMatchObject({
      team_id: '7b0c',
      data: { tpm_limit: null, max_budget: 1000, metadata: { kept: 1 }, max_parallel_requests: null },
    });
    await write('/team/update', { team_id: '7b0c', metadata: { other: 2 } });
    expect(team('7b0c').metadata).toEqual({ other: 2 });
    expect(await refused('/team/update', { team_id: 'nope' })).toBe(404);
    expect(await refused('/team/update', { tpm_limit: 1 })).toBe(422);
    expect(await refused('/team/update', { team_id: '7b0c', max_budget: 'much' })).toBe(422);
  });

  it('takes budget durations as each release does', async () => {
    await start({ version: '1.81.0' });
    await write('/team/update', { team_id: '7b0c', budget_duration: 'monthly' });
    expect(team('7b0c')).toMatchObject({
      budget_duration: 'monthly',
      budget_reset_at: '2026-09-10T00:00:00Z',
    });
    expect(await refused('/team/update', { team_id: '7b0c', budget_duration: '3mo' })).toBe(500);
    await simulator.close();
    await start({ version: '1.83.10' });
    expect(await refused('/team/update', { team_id: '7b0c', budget_duration: 'monthly' })).toBe(400);
  });

  it('refuses licensed fields even when they are empty', async () => {
    await start();
    for (const field of ['guardrails', 'tags', 'logging', 'prompts']) {
      expect(await refused('/team/update', { team_id: '7b0c', [field]: [] })).toBe(403);
    }
  });

  it('deletes teams with their keys, all or none, and keeps a copy', async () => {
    await start();
    const [token = ''] = simulator.state.keys.keys();
    expect(await refused('/team/delete', { team_ids: ['7b0c', 'nope'] })).toBe(404);
    expect(simulator.state.teams.has('7b0c')).toBe(true);
    await read(simulator, '/team/delete', {
      body: { team_ids: ['7b0c'] },
      headers: { 'litellm-changed-by': 'operator-1' },
    });
    expect(simulator.state.teams.has('7b0c')).toBe(false);
    expect([...simulator.state.keys.keys()]).toEqual([tokenOf(secondKey)]);
    expect(await read(simulator, '/v2/team/list?status=deleted')).toMatchObject({
      teams: [{ team_id: '7b0c', deleted_by: 'default_user_id', litellm_changed_by: 'operator-1' }],
    });
    expect(simulator.state.deletedKeys[0]?.token).toBe(token);
  });

  it('blocks a team and with it its keys', async () => {
    await start();
    const key = keyRow('sk-of-team', { team_id: '7b0c', user_id: '0d2f' });
    simulator.state.keys.set(key.token, key);
    expect((await ask(simulator, '/v1/models', { key: 'sk-of-team' })).status).toBe(200);
    expect(await write('/team/block', { team_id: '7b0c' })).toMatchObject({ blocked: true });
    expect((await ask(simulator, '/v1/models', { key: 'sk-of-team' })).status).toBe(401);
    expect(await write('/team/unblock', { team_id: '7b0c' })).toMatchObject({ blocked: false });
  });

  it('adds members, creates unknown ones and refuses repeated ones', async () => {
    await start();
    const added = await write('/team/member_add', {
      team_id: '7b0c',
      member: { role: 'user', user_email: 'new@example.test' },
      max_budget_in_team: 5,
    });
    expect(added).toMatchObject({
      team_id: '7b0c',
      updated_users: [{ user_email: 'new@example.test', teams: ['7b0c'] }],
      updated_team_memberships: [{ team_id: '7b0c', litellm_budget_table: { max_budget: 5 } }],
    });
    const repeated = await ask(simulator, '/team/member_add', {
      body: { team_id: '7b0c', member: { role: 'user', user_id: '0d2f' } },
    });
    expect(repeated).toMatchObject({ status: 400, json: { error: { type: 'team_member_already_in_team' } } });
    const list = [
      { role: 'user', user_id: '0d2f' },
      { role: 'user', user_id: 'other' },
    ];
    await write('/team/member_add', { team_id: '7b0c', member: list });
    expect(team('7b0c').members_with_roles.filter((member) => member.user_id === '0d2f')).toHaveLength(1);
    expect(await refused('/team/member_add', { team_id: '7b0c', member: list })).toBe(400);
  });

  it('needs a licence for team admins and refuses an id with another e-mail', async () => {
    await start();
    const admin = await ask(simulator, '/team/member_add', {
      body: { team_id: '7b0c', member: { role: 'admin', user_id: 'x' } },
    });
    expect(admin.status).toBe(400);
    expect(admin.text).toMatch(/enterprise/i);
    team('7b0c').members_with_roles = [];
    const mixed = { role: 'user', user_id: '0d2f', user_email: 'else@example.test' };
    expect(await refused('/team/member_add', { team_id: '7b0c', member: mixed })).toBe(400);
    expect(await refused('/team/member_update', { team_id: '7b0c', user_id: '0d2f', role: 'admin' })).toBe(
      400,
    );
  });

  it('removes a member with the keys of that team, from 1.80 on', async () => {
    await start();
    await write('/team/member_delete', { team_id: '7b0c', user_id: '0d2f' });
    expect(team('7b0c').members_with_roles.map((member) => member.user_id)).toEqual(['default_user_id']);
    expect(simulator.state.users.get('0d2f')?.teams).toEqual([]);
    expect([...simulator.state.keys.keys()]).toEqual([tokenOf(secondKey)]);
    expect(await refused('/team/member_delete', { team_id: '7b0c', user_id: '0d2f' })).toBe(400);
    await simulator.close();
    await start({ version: '1.74' });
    await write('/team/member_delete', { team_id: '7b0c', user_id: '0d2f' });
    expect(simulator.state.keys.size).toBe(2);
  });

  it('loses an update when two members of one team are added at once', async () => {
    await start({ switches: { memberWriteGapMs: 60 } });
    const add = (userId: string): Promise<unknown> =>
      write('/team/member_add', { team_id: '7b0c', member: { role: 'user', user_id: userId } });
    await Promise.all([add('one'), add('two')]);
    expect(team('7b0c').members_with_roles).toHaveLength(3);
    expect(simulator.recorder.maximumParallelWrites).toBe(2);
    await add('three');
    await add('four');
    expect(team('7b0c').members_with_roles).toHaveLength(5);
  });
});
