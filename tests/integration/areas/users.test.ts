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

const unknownId = '00000000-0000-4000-8000-00000000dead';

type ListInput = InputOf<Contract['users']['list']>;

let areas: AreaCalls;
const ids: Record<string, string> = {};
const idOf = (name: string): string => ids[name] ?? 'missing';
const pastedKey = 'sk-Users-Secret-Key-0123456789';

beforeAll(async () => {
  areas = await openAreaCalls();
  const { client } = areas;
  const people = [
    ['Zoe', { full_name: 'Zoë Adams', max_budget: null, last_login_at: '2026-11-01T10:00:00.123456Z' }],
    [
      'alice',
      { full_name: 'Alice Zimmer', email: 'Alice@Example.com', max_budget: '0', roles: ['admin', 'user'] },
    ],
    ['émile', { full_name: null, max_budget: '12.5', is_active: false, sync_status: 'error' }],
    ['Bob', { full_name: '100% Bob_\\', email: 'ALICE@example.com', max_budget: '2147483647' }],
    ['ليلى', { full_name: 'ليلى حداد', email: 'no-address@unknown.invalid', sync_status: 'synced' }],
  ] as const;
  for (const [username, columns] of people) {
    ids[username] = (await insertUser(client, { username, ...columns })).id;
  }
  const model = await insertModel(client);
  const owner = idOf('Zoe');
  const subscription = await insertSubscription(client, { user_id: owner, model_id: model.id });
  await insertApiKey(client, { user_id: owner, subscription_id: subscription.id, value: pastedKey });
  await insertApiKey(client, { user_id: owner });
  for (let number = 1; number <= 6; number += 1) {
    const team = await insertTeam(client, { name: `Crew ${number}` });
    ids[team.name] = team.id;
    await insertTeamMember(client, { team_id: team.id, user_id: owner });
  }
  await insertLiteLlmObject(client, {
    kind: 'user',
    local_id: idOf('alice'),
    remote_id: 'remote-alice',
    last_seen_at: '2026-11-20T08:00:00.000001Z',
  });
});
afterAll(() => areas.close());

const usernames = async (input: Partial<ListInput>): Promise<string[]> =>
  (await list(input)).rows.map((row) => row.username);
const list = (input: Partial<ListInput>) => areas.ask('users', 'list', { filters: {}, ...input });

describe('users.list', () => {
  it('sorts names as people expect, whatever their case and accents', async () => {
    const ascending = ['alice', 'Bob', 'émile', 'Zoe', 'ليلى'];
    expect(await usernames({})).toEqual(ascending);
    expect(await usernames({ sort: { field: 'username', direction: 'desc' } })).toEqual(
      ascending.toReversed(),
    );
  });

  it('puts missing values last in both directions', async () => {
    const sorted = (direction: 'asc' | 'desc') => usernames({ sort: { field: 'maxBudget', direction } });
    // Everybody else has the schema's default of 100.
    expect(await sorted('asc')).toEqual(['alice', 'émile', 'ليلى', 'Bob', 'Zoe']);
    expect(await sorted('desc')).toEqual(['Bob', 'ليلى', 'émile', 'alice', 'Zoe']);
    expect((await usernames({ sort: { field: 'lastLoginAt', direction: 'desc' } }))[0]).toBe('Zoe');
    expect((await usernames({ sort: { field: 'fullName', direction: 'desc' } })).at(-1)).toBe('émile');
    expect((await usernames({ sort: { field: 'fullName', direction: 'asc' } })).at(-1)).toBe('émile');
  });

  it('shows a placeholder address as missing and sorts it last', async () => {
    const { rows } = await list({ sort: { field: 'email', direction: 'asc' } });
    expect(rows.at(-1)).toMatchObject({ username: 'ليلى', email: null });
    expect(await usernames({ filters: { emailMissing: true } })).toEqual(['ليلى']);
    expect(await usernames({ filters: { emailMissing: false } })).toHaveLength(4);
  });

  it('tells unlimited from none', async () => {
    const { rows } = await list({});
    const budgets = Object.fromEntries(rows.map((row) => [row.username, row.maxBudget]));
    expect(budgets).toEqual({ alice: '0', Bob: '2147483647', émile: '12.5', Zoe: null, ليلى: '100' });
  });

  it('counts relations completely and names five teams', async () => {
    const [zoe] = (await list({ search: 'zoe' })).rows;
    expect(zoe).toMatchObject({
      subscriptionCount: 1,
      apiKeyCount: 2,
      roles: ['user'],
      lastLoginAt: '2026-11-01T10:00:00.123456Z',
    });
    expect(zoe?.teams.map((team) => team.label)).toEqual(['Crew 1', 'Crew 2', 'Crew 3', 'Crew 4', 'Crew 5']);
    expect(zoe?.teamCount).toBeGreaterThanOrEqual(6);
  });

  it.each([
    [{ active: false }, ['émile']],
    [{ role: 'admin' }, ['alice']],
    [{ syncStatus: 'synced' }, ['ليلى']],
    [{ active: true, syncStatus: 'error' }, []],
  ])('filters by %j', async (filters, expected) => {
    const { rows, total, totalIsExact } = await list({ filters });
    expect(rows.map((row) => row.username)).toEqual(expected);
    expect({ total, totalIsExact }).toEqual({ total: expected.length, totalIsExact: true });
  });

  it('filters by team', async () => {
    expect(await usernames({ filters: { teamId: idOf('Crew 3') } })).toEqual(['Zoe']);
  });

  it.each([
    ['ZIMM', ['alice']],
    ['alice@example.com', ['alice', 'Bob']],
    ['%', ['Bob']],
    ['_', ['Bob']],
    ['\\', ['Bob']],
    ['حداد', ['ليلى']],
    ['zoë', ['Zoe']],
    ['  bob  ', ['Bob']],
    ["' OR true --", []],
    ['bob\0', ['Bob']],
    ['nobody', []],
  ])('finds by %j', async (search, expected) => {
    expect(await usernames({ search })).toEqual(expected);
  });

  it('finds by id', async () => {
    expect(await usernames({ search: idOf('émile').toUpperCase() })).toEqual(['émile']);
  });

  it('finds the owner of a pasted key by its hash', async () => {
    expect(await usernames({ search: ` ${pastedKey} ` })).toEqual(['Zoe']);
    expect(await usernames({ search: `${pastedKey}x` })).toEqual([]);
  });

  it('pages without repeating or skipping anybody, also where all values are equal', async () => {
    for (const field of ['createdAt', 'maxBudget', 'username'] as const) {
      const seen: string[] = [];
      for (let page = 0; page < 3; page += 1) {
        const answer = await list({ page, pageSize: 2, sort: { field, direction: 'desc' } });
        expect(answer).toMatchObject({ total: 5, totalIsExact: true });
        seen.push(...answer.rows.map((row) => row.id));
      }
      expect(new Set(seen).size).toBe(5);
    }
    expect(await list({ page: 9, pageSize: 2 })).toEqual({ rows: [], total: 5, totalIsExact: true });
  });
});

describe('users.get', () => {
  it('shows one user whole', async () => {
    expect(await areas.ask('users', 'get', { id: idOf('alice') })).toMatchObject({
      username: 'alice',
      email: 'Alice@Example.com',
      roles: ['admin', 'user'],
      oauthProvider: 'test',
      tpmLimit: '1000',
      rpmLimit: '60',
      sameEmail: [{ id: idOf('Bob'), label: 'Bob' }],
      litellm: [{ remoteId: 'remote-alice', seenAt: '2026-11-20T08:00:00.000001Z', state: 'linked' }],
    });
  });

  it('does not compare placeholders and knows nothing of an unlinked user', async () => {
    expect(await areas.ask('users', 'get', { id: idOf('ليلى') })).toMatchObject({
      email: null,
      sameEmail: [],
      litellm: [],
    });
  });

  it('says when there is no such user', async () => {
    await expect(areas.ask('users', 'get', { id: unknownId })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('users.options', () => {
  it('names what the filter holds first, then what was searched for', async () => {
    const zoe = { id: idOf('Zoe'), label: 'Zoe' };
    expect(await areas.ask('users', 'options', { search: 'b', ids: [zoe.id, unknownId, 'no uuid'] })).toEqual(
      { options: [zoe, { id: idOf('Bob'), label: 'Bob' }] },
    );
  });

  it('offers the first by name when nothing was typed', async () => {
    const { options } = await areas.ask('users', 'options', {});
    expect(options.map((option) => option.label)).toEqual(['alice', 'Bob', 'émile', 'Zoe', 'ليلى']);
  });
});

describe('users.exportCsv', () => {
  it('writes every user the list would show, with all teams, and guards against formulas', async () => {
    await areas.client.query(`UPDATE users SET full_name = '=1+1' WHERE username = 'émile'`);
    const { text, name, type } = await areas.download('users', {
      filters: {},
      page: 3,
      pageSize: 1,
      sort: { field: 'username', direction: 'asc' },
    });
    expect(name).toMatch(/^users-\d{4}-\d{2}-\d{2}\.csv$/);
    expect(type).toBe('text/csv; charset=utf-8');
    expect(text.startsWith('\uFEFFid,username,email,')).toBe(true);
    const records = csvRecords(text);
    expect(records.map((record) => record['username'])).toEqual(['alice', 'Bob', 'émile', 'Zoe', 'ليلى']);
    expect(records[2]).toMatchObject({ full_name: "'=1+1", max_budget: '12.5', is_active: 'false' });
    expect(records[3]?.['teams']).toContain('Crew 5; Crew 6');
    expect(records[3]).toMatchObject({ max_budget: '', last_login_at: '2026-11-01T10:00:00.123456Z' });
    expect(records[4]).toMatchObject({ email: '' });
  });

  it('applies search and filters', async () => {
    const { text } = await areas.download('users', { filters: { active: true }, search: pastedKey });
    expect(csvRecords(text).map((record) => record['username'])).toEqual(['Zoe']);
  });
});
