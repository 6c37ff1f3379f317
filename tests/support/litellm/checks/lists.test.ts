import { afterEach, describe, expect, it } from 'vitest';
import {
  createSimulator,
  emptyState,
  keyRow,
  teamRow,
  userRow,
  type ProxyState,
  type Simulator,
  type SimulatorOptions,
} from '../index';
import { ask, read } from './test-client';

interface TeamPage {
  teams: { team_id: string }[];
  total: number;
  total_pages: number;
}
interface UserPage {
  users: { user_id: string }[];
  total: number;
}
interface KeyPage {
  keys: (string | Record<string, unknown>)[];
  total_count: number;
}

const twoDigits = (place: number): string => String(place).padStart(2, '0');

/** 25 teams, users and keys; the higher the number, the newer. */
function crowdedState(): ProxyState {
  const state = emptyState();
  for (let place = 24; place >= 0; place -= 1) {
    const [digits, at] = [twoDigits(place), `2026-03-${twoDigits(place + 1)}T00:00:00Z`];
    const team = teamRow({ team_id: `team-${digits}`, team_alias: `Alias ${digits}`, created_at: at });
    const user = userRow({
      user_id: `user-${digits}`,
      user_email: `P${digits}@example.test`,
      teams: [team.team_id],
    });
    team.members_with_roles.push({ role: 'user', user_id: user.user_id, user_email: user.user_email });
    const key = keyRow(`sk-${digits}`, {
      key_alias: `alias-${digits}`,
      user_id: user.user_id,
      team_id: team.team_id,
      created_at: at,
      created_by: 'user-00',
      spend: place,
      max_budget: place % 2 === 0 ? place : null,
    });
    state.teams.set(team.team_id, team);
    state.users.set(user.user_id, user);
    state.keys.set(key.token, key);
  }
  return state;
}

describe('lists', () => {
  let simulator: Simulator;
  const start = async (options: SimulatorOptions = {}): Promise<void> => {
    simulator = await createSimulator({ state: crowdedState(), ...options });
  };
  afterEach(() => simulator.close());

  it('pages teams by ten unless told otherwise, newest first, by id on request', async () => {
    await start();
    const first = await read<TeamPage>(simulator, '/v2/team/list');
    expect(first).toMatchObject({ total: 25, page: 1, page_size: 10, total_pages: 3 });
    expect(first.teams.map((team) => team.team_id).slice(0, 2)).toEqual(['team-24', 'team-23']);
    const last = await read<TeamPage>(simulator, '/v2/team/list?page=3&sort_by=team_id&sort_order=asc');
    expect(last.teams.map((team) => team.team_id)).toEqual(
      [20, 21, 22, 23, 24].map((place) => `team-${place}`),
    );
    expect((await read<TeamPage>(simulator, '/v2/team/list?page=4')).teams).toEqual([]);
    expect(await read(simulator, '/v2/team/list?sort_by=nonsense')).toMatchObject({ total: 25 });
    expect((await ask(simulator, '/v2/team/list?page_size=101')).status).toBe(422);
  });

  it('filters teams', async () => {
    await start();
    const count = async (query: string): Promise<number> =>
      (await read<TeamPage>(simulator, `/v2/team/list?${query}`)).total;
    expect(await count('team_id=team-0')).toBe(0);
    expect(await count('team_id=team-07')).toBe(1);
    expect(await count('team_alias=ALIAS%201')).toBe(10);
    expect(await count('user_id=user-03')).toBe(1);
    expect(await count('organization_id=default_organization')).toBe(25);
    expect(await count('organization_id=other')).toBe(0);
  });

  it('gives all teams at once on the old list, without those that fail validation', async () => {
    await start();
    simulator.state.teamsFailingValidation.add('team-05');
    const teams = await read<unknown[]>(simulator, '/team/list');
    expect(teams).toHaveLength(24);
    expect(await read<unknown[]>(simulator, '/team/list?user_id=user-03')).toHaveLength(1);
  });

  it('filters and sorts users', async () => {
    await start();
    const ids = async (query: string): Promise<string[]> =>
      (await read<UserPage>(simulator, `/user/list?${query}`)).users.map((user) => user.user_id);
    expect(await ids('page_size=2&sort_by=user_id&sort_order=asc')).toEqual(['user-00', 'user-01']);
    expect(await ids('page_size=2&sort_by=user_id&sort_order=desc')).toEqual(['user-24', 'user-23']);
    expect(await ids('user_email=p07@')).toEqual(['user-07']);
    expect(await ids('team=team-09')).toEqual(['user-09']);
    expect(await ids('role=proxy_admin')).toEqual([]);
    expect((await read<UserPage>(simulator, '/user/list')).users).toHaveLength(25);
    expect((await ask(simulator, '/user/list?sort_by=nonsense')).status).toBe(400);
    expect((await ask(simulator, '/user/list?page_size=101')).status).toBe(422);
  });

  it('matches one user id as a part and several exactly', async () => {
    await start();
    const total = async (ids: string): Promise<number> =>
      (await read<UserPage>(simulator, `/user/list?user_ids=${ids}`)).total;
    expect(await total('user-1')).toBe(10);
    expect(await total('user-1,user-12')).toBe(1);
    expect(await total('user-11,user-12')).toBe(2);
  });

  it('lists hashes unless whole objects are asked for, ten a page, newest first', async () => {
    await start();
    const hashes = await read<KeyPage>(simulator, '/key/list');
    expect(hashes.keys).toHaveLength(10);
    expect(hashes).toMatchObject({ total_count: 25, current_page: 1, total_pages: 3 });
    expect(hashes.keys[0]).toMatch(/^[0-9a-f]{64}$/);
    const objects = await read<KeyPage>(simulator, '/key/list?return_full_object=true&size=2');
    expect(objects.keys).toMatchObject([{ key_alias: 'alias-24' }, { key_alias: 'alias-23' }]);
  });

  it('sorts keys by token and puts unlimited budgets last', async () => {
    await start();
    const byToken = await read<KeyPage>(simulator, '/key/list?size=100&sort_by=token&sort_order=asc');
    expect(byToken.keys).toEqual([...byToken.keys].sort());
    const byBudget = await read<KeyPage>(
      simulator,
      '/key/list?size=100&return_full_object=true&sort_by=max_budget&sort_order=asc',
    );
    expect(byBudget.keys[0]).toMatchObject({ max_budget: 0 });
    expect(byBudget.keys.at(-1)).toMatchObject({ max_budget: null });
  });

  it('filters keys and leaves dashboard sessions out', async () => {
    await start();
    const session = keyRow('sk-session', { team_id: 'litellm-dashboard', user_id: 'user-01' });
    simulator.state.keys.set(session.token, session);
    const count = async (query: string): Promise<number> =>
      (await read<KeyPage>(simulator, `/key/list?${query}`)).total_count;
    expect(await count('')).toBe(25);
    expect(await count('user_id=user-01')).toBe(1);
    expect(await count('user_id=user-00&include_created_by_keys=true')).toBe(25);
    expect(await count('team_id=team-04')).toBe(1);
    expect(await count(`key_hash=${keyRow('sk-03').token}`)).toBe(1);
    expect(await count('key_alias=alias-1')).toBe(0);
    expect(await count('key_alias=alias-12')).toBe(1);
  });

  it('changes the order between two calls when it may', async () => {
    await start({ switches: { unstableOrder: true } });
    const ids = async (): Promise<string[]> =>
      (await read<UserPage>(simulator, '/user/list?page_size=3')).users.map((user) => user.user_id);
    expect(await ids()).not.toEqual(await ids());
    const sorted = '/user/list?page_size=3&sort_by=user_id';
    expect(await read(simulator, sorted)).toEqual(await read(simulator, sorted));
  });
});

describe('what differs between releases', () => {
  let simulator: Simulator;
  const start = async (version: SimulatorOptions['version'] & string): Promise<void> => {
    simulator = await createSimulator({ state: crowdedState(), version });
  };
  afterEach(() => simulator.close());

  it('1.74 has no v2 spend list, answers unknown users with a hollow 200 and keys flat', async () => {
    await start('1.74');
    expect(await read(simulator, '/health/readiness')).toMatchObject({ litellm_version: '1.74.0' });
    const range = 'start_date=2026-01-01%2000:00:00&end_date=2026-01-02%2000:00:00';
    expect((await ask(simulator, `/spend/logs/v2?${range}`)).status).toBe(404);
    expect((await ask(simulator, `/spend/logs/ui?${range}`)).status).toBe(200);
    expect(await read(simulator, '/user/info?user_id=nobody')).toEqual({
      user_id: 'nobody',
      user_info: { spend: 0 },
      keys: [],
      teams: [],
    });
    const info = await read<object>(simulator, '/key/info?key=sk-03');
    expect(info).toMatchObject({ key: 'sk-03', key_alias: 'alias-03' });
    expect(info).not.toHaveProperty('info');
    const { teams } = await read<TeamPage>(simulator, '/v2/team/list');
    expect(teams[0]).not.toHaveProperty('soft_budget');
  });

  it('1.74 ignores status=deleted and answers the living', async () => {
    await start('1.74');
    expect(await read(simulator, '/key/list?status=deleted')).toMatchObject({ total_count: 25 });
    expect(await read(simulator, '/v2/team/list?status=deleted')).toMatchObject({ total: 25 });
  });

  it('1.81.0 lists the deleted apart', async () => {
    await start('1.81.0');
    const mark = {
      deleted_at: '2026-09-01T00:00:00Z',
      deleted_by: 'x',
      deleted_by_api_key: null,
      litellm_changed_by: null,
    };
    simulator.state.deletedKeys.push({ ...keyRow('sk-gone'), ...mark });
    simulator.state.deletedTeams.push({ ...teamRow({ team_id: 'gone' }), ...mark });
    expect(await read(simulator, '/key/list?status=deleted&return_full_object=true')).toMatchObject({
      keys: [{ deleted_by: 'x' }],
      total_count: 1,
    });
    expect(await read(simulator, '/v2/team/list?status=deleted')).toMatchObject({
      teams: [{ team_id: 'gone' }],
    });
    expect((await ask(simulator, '/key/list?status=nonsense')).status).toBe(400);
    expect((await ask(simulator, '/v2/user/info?user_id=user-01')).status).toBe(404);
  });

  it('1.81.0 answers 404 for an unknown user and nests the key', async () => {
    await start('1.81.0');
    expect((await ask(simulator, '/user/info?user_id=nobody')).status).toBe(404);
    expect(await read(simulator, '/key/info?key=sk-03')).toMatchObject({ info: { key_alias: 'alias-03' } });
    expect(await read(simulator, '/key/list?expand=user&size=1')).toMatchObject({
      keys: [{ user: { user_id: 'user-24' } }],
    });
  });

  it('1.83.10 finds aliases by a part and knows v2 user info', async () => {
    await start('1.83.10');
    expect(await read(simulator, '/key/list?key_alias=alias-1')).toMatchObject({ total_count: 10 });
    expect(await read(simulator, '/v2/user/info?user_id=user-01')).toMatchObject({ user_id: 'user-01' });
    expect(await read(simulator, '/key/aliases?size=2&search=alias-1')).toMatchObject({ total_count: 10 });
    const { keys } = await read<KeyPage>(simulator, '/key/list?return_full_object=true&size=1');
    expect(keys[0]).toHaveProperty('last_active');
    expect(keys[0]).not.toHaveProperty('settings_updated_at');
  });

  it('1.100 tells when settings changed', async () => {
    await start('1.100');
    const { keys } = await read<KeyPage>(simulator, '/key/list?return_full_object=true&size=1');
    expect(keys[0]).toHaveProperty('settings_updated_at');
  });
});
