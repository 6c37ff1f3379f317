import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract, InputOf } from '../../../src/shared/contract/index';
import {
  insertApiKey,
  insertLiteLlmObject,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUser,
} from '../../support/builders';
import { type AreaCalls, csvRecords, openAreaCalls } from './area-calls';

type ListInput = InputOf<Contract['teams']['list']>;
type MembersInput = InputOf<Contract['teams']['members']>;

let areas: AreaCalls;
const ids: Record<string, string> = {};
const idOf = (name: string): string => ids[name] ?? 'missing';
const pastedKey = 'sk-Team-Secret-Key-0123456789';

beforeAll(async () => {
  areas = await openAreaCalls();
  const { client } = areas;
  ids['ann'] = (await insertUser(client, { username: 'ann', email: 'x@unknown.invalid' })).id;
  ids['Ben'] = (await insertUser(client, { username: 'Ben', is_active: false })).id;
  ids['ćwik'] = (await insertUser(client, { username: 'ćwik', full_name: 'Zdzisław' })).id;
  const teams = [
    ['alpha', { alias: null, max_budget: null, created_by: idOf('ann'), created_at: '2026-01-01T00:00:00Z' }],
    [
      'Beta',
      {
        alias: 'b-team',
        max_budget: '0',
        current_spend: '1.000000000001',
        allowed_models: ['gpt', 'openai/*'],
        litellm_team_id: 'remote-beta',
        description: 'Second at sk-0123456789',
      },
    ],
    ['éclair', { is_active: false, sync_status: 'error', allowed_models: ['all-proxy-models'] }],
  ] as const;
  for (const [name, columns] of teams) ids[name] = (await insertTeam(client, { name, ...columns })).id;
  for (const [user, role, at] of [
    ['ann', 'admin', '2026-03-01T00:00:00Z'],
    ['Ben', 'member', '2026-02-01T00:00:00Z'],
    ['ćwik', 'member', '2026-01-01T00:00:00Z'],
  ] as const) {
    await insertTeamMember(client, { team_id: idOf('Beta'), user_id: idOf(user), role, joined_at: at });
  }
  await insertTeamMember(client, { team_id: idOf('alpha'), user_id: idOf('ann') });
  const model = await insertModel(client, { id: 'gpt' });
  await insertSubscription(client, { user_id: idOf('ann'), model_id: model.id, team_id: idOf('Beta') });
  await insertApiKey(client, { user_id: idOf('ann'), team_id: idOf('Beta'), value: pastedKey });
});
afterAll(() => areas.close());

const list = (input: Partial<ListInput> = {}) => areas.ask('teams', 'list', { filters: {}, ...input });
const names = async (input: Partial<ListInput> = {}) => (await list(input)).rows.map((row) => row.name);
const members = (input: Partial<MembersInput> = {}) =>
  areas.ask('teams', 'members', { filters: { teamId: idOf('Beta') }, ...input });

describe('teams.list', () => {
  it('sorts by name as people expect; the Default Team is a team', async () => {
    expect(await names()).toEqual(['alpha', 'Beta', 'Default Team', 'éclair']);
    expect(await names({ sort: { field: 'name', direction: 'desc' } })).toEqual([
      'éclair',
      'Default Team',
      'Beta',
      'alpha',
    ]);
  });

  it('shows counts, budgets and models', async () => {
    const rows = new Map((await list()).rows.map((row) => [row.name, row]));
    expect(rows.get('Beta')).toMatchObject({
      memberCount: 3,
      subscriptionCount: 1,
      apiKeyCount: 1,
      maxBudget: '0',
      currentSpend: '1.000000000001',
      budgetDuration: 'monthly',
      allModels: false,
      allowedModels: ['gpt', 'openai/*'],
      allowedModelCount: 2,
      litellmTeamId: 'remote-beta',
      description: 'Second at sk-…',
    });
    expect(rows.get('alpha')).toMatchObject({ maxBudget: null, allModels: true, allowedModels: [] });
    expect(rows.get('éclair')).toMatchObject({ allModels: true, isActive: false });
  });

  it.each([
    [{ active: false }, ['éclair']],
    [{ syncStatus: 'error' }, ['éclair']],
  ])('filters by %j', async (filters, expected) => {
    expect(await names({ filters })).toEqual(expected);
  });

  it('filters by creator, whose page names the team', async () => {
    expect(await names({ filters: { createdBy: idOf('ann') } })).toEqual(['alpha']);
    expect(await areas.ask('users', 'get', { id: idOf('ann') })).toMatchObject({
      createdTeams: [{ id: idOf('alpha'), label: 'alpha' }],
      createdTeamCount: 1,
    });
  });

  it('filters by member', async () => {
    expect(await names({ filters: { userId: idOf('ann') } })).toEqual(
      expect.arrayContaining(['alpha', 'Beta']),
    );
    expect(await names({ filters: { userId: idOf('ćwik') } })).not.toContain('alpha');
  });

  it.each([
    ['memberCount', 'desc'],
    ['maxBudget', 'asc'],
    ['currentSpend', 'desc'],
    ['alias', 'asc'],
    ['createdAt', 'asc'],
  ] as const)('sorts by %s %s', async (field, direction) => {
    const sorted = await names({ sort: { field, direction } });
    expect(sorted).toHaveLength(4);
    if (field === 'maxBudget') expect([sorted[0], sorted.at(-1)]).toEqual(['Beta', 'alpha']);
    if (field === 'currentSpend') expect(sorted[0]).toBe('Beta');
    if (field === 'alias') expect(sorted[0]).toBe('Beta');
    if (field === 'createdAt') expect(sorted[0]).toBe('alpha');
    if (field === 'memberCount') expect(sorted.indexOf('Beta')).toBeLessThan(sorted.indexOf('alpha'));
  });

  it.each([
    ['B-TEAM', ['Beta']],
    ['remote-beta', ['Beta']],
    [pastedKey, ['Beta']],
    ['%', []],
  ])('finds by %j', async (search, expected) => {
    expect(await names({ search })).toEqual(expected);
  });

  it('finds by id and pages', async () => {
    expect(await names({ search: idOf('alpha') })).toEqual(['alpha']);
    expect(await list({ page: 1, pageSize: 3 })).toMatchObject({ rows: [{ name: 'éclair' }], total: 4 });
  });
});

describe('teams.get', () => {
  it('shows one team whole', async () => {
    expect(await areas.ask('teams', 'get', { id: idOf('alpha') })).toMatchObject({
      name: 'alpha',
      memberCount: 1,
      createdBy: { id: idOf('ann'), label: 'ann' },
      tpmLimit: '10000',
      rpmLimit: '1000',
      lastSyncAt: null,
      createdAt: '2026-01-01T00:00:00.000000Z',
    });
    await insertLiteLlmObject(areas.client, {
      kind: 'team',
      local_id: idOf('Beta'),
      remote_id: 'remote-beta',
    });
    await areas.client.query(`UPDATE teams SET metadata = '{"cost_centre": 12}' WHERE id = $1`, [
      idOf('Beta'),
    ]);
    expect(await areas.ask('teams', 'get', { id: idOf('Beta') })).toMatchObject({
      createdBy: null,
      description: { text: 'Second at sk-…', characters: 23, isCut: false, isMasked: true },
      allowedModels: [
        { id: 'gpt', isKnown: true },
        { id: 'openai/*', label: 'openai/*', isKnown: false },
      ],
      allowedModelCount: 2,
      metadata: { text: '{\n    "cost_centre": 12\n}', isCut: false },
      litellm: [{ remoteId: 'remote-beta', state: 'linked', error: null }],
    });
  });

  it('counts and lists as models only what is a text', async () => {
    const { id } = await insertTeam(areas.client, {
      name: 'odd',
      allowed_models: ['gone-model', 5, null, {}],
    });
    const team = await areas.ask('teams', 'get', { id });
    expect(team).toMatchObject({ allModels: false, allowedModelCount: 1 });
    expect(team.allowedModels).toEqual([{ id: 'gone-model', label: 'gone-model', isKnown: false }]);
    expect((await list({ search: 'odd' })).rows).toMatchObject([
      { allowedModels: ['gone-model'], allowedModelCount: 1 },
    ]);
    await areas.client.query('DELETE FROM teams WHERE id = $1', [id]);
  });

  it('says when there is no such team', async () => {
    const id = '00000000-0000-4000-8000-00000000dead';
    await expect(areas.ask('teams', 'get', { id })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('teams.members', () => {
  it('lists members by name with their role', async () => {
    expect(await members()).toMatchObject({
      total: 3,
      totalIsExact: true,
      rows: [
        { user: { id: idOf('ann'), label: 'ann' }, email: null, role: 'admin', isActive: true },
        { user: { label: 'Ben' }, role: 'member', isActive: false, joinedAt: '2026-02-01T00:00:00.000000Z' },
        { user: { label: 'ćwik' } },
      ],
    });
  });

  it.each([
    ['joinedAt', 'asc', ['ćwik', 'Ben', 'ann']],
    ['username', 'desc', ['ćwik', 'Ben', 'ann']],
  ] as const)('sorts by %s %s', async (field, direction, expected) => {
    const { rows } = await members({ sort: { field, direction } });
    expect(rows.map((row) => row.user.label)).toEqual(expected);
  });

  it('puts admins first when sorted by role', async () => {
    const { rows } = await members({ sort: { field: 'role', direction: 'asc' } });
    expect(rows[0]).toMatchObject({ role: 'admin' });
  });

  it('searches and pages', async () => {
    expect(await members({ search: 'zdzis' })).toMatchObject({
      rows: [{ user: { label: 'ćwik' } }],
      total: 1,
    });
    expect(await members({ search: pastedKey })).toMatchObject({
      rows: [{ user: { label: 'ann' } }],
      total: 1,
    });
    expect(await members({ page: 1, pageSize: 2 })).toMatchObject({
      rows: [{ user: { label: 'ćwik' } }],
      total: 3,
    });
  });
});

describe('teams.memberships', () => {
  const memberships = (input: Partial<InputOf<Contract['teams']['memberships']>> = {}) =>
    areas.ask('teams', 'memberships', { filters: { userId: idOf('ann') }, ...input });

  it('lists a person’s teams by name, with role, keys and what a change of them needs', async () => {
    const { rows: ofBeta } = await members({ search: 'ann' });
    const { rows, total } = await memberships();
    expect({ rows, total }).toMatchObject({
      total: 3,
      rows: [
        {
          team: { id: idOf('alpha'), label: 'alpha' },
          user: { label: 'ann' },
          teamIsActive: true,
          apiKeyCount: 0,
        },
        {
          ...{ team: { label: 'Beta' }, role: 'admin', apiKeyCount: 1 },
          joinedAt: '2026-03-01T00:00:00.000000Z',
        },
        { team: { label: 'Default Team' }, role: 'member' },
      ],
    });
    expect(rows[1]).toMatchObject({ id: ofBeta[0]?.id, version: ofBeta[0]?.version });
  });

  it('searches, sorts and pages', async () => {
    expect((await memberships({ search: 'b-team' })).rows).toMatchObject([{ team: { label: 'Beta' } }]);
    const byRole = await memberships({ sort: { field: 'role', direction: 'asc' }, pageSize: 1 });
    expect(byRole).toMatchObject({ total: 3, rows: [{ team: { label: 'Beta' } }] });
    expect((await memberships({ page: 1, pageSize: 1 })).rows).toMatchObject([{ team: { label: 'Beta' } }]);
  });
});

describe('teams.options', () => {
  it('names what the filter holds, then what was searched for', async () => {
    const { options } = await areas.ask('teams', 'options', { search: 'alph', ids: [idOf('éclair')] });
    expect(options.map((option) => option.label)).toEqual(['éclair', 'alpha']);
  });
});

describe('teams.exportCsv', () => {
  it('writes every team the list would show', async () => {
    const { text } = await areas.download('teams', { filters: { active: true }, pageSize: 1 });
    const records = csvRecords(text);
    expect(records.map((record) => record['name'])).toEqual(['alpha', 'Beta', 'Default Team']);
    expect(records[1]).toMatchObject({
      allowed_models: 'gpt; openai/*',
      all_models: 'false',
      max_budget: '0',
    });
    expect(records[0]).toMatchObject({ all_models: 'true', max_budget: '' });
  });
});
