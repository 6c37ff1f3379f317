import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract, InputOf } from '../../../src/shared/contract/index';
import {
  insertApiKey,
  insertAuditEntry,
  insertModel,
  insertSubscription,
  insertTeam,
  insertUser,
} from '../../support/builders';
import { type AreaCalls, openAreaCalls } from '../areas/area-calls';

type ListInput = InputOf<Contract['audit']['list']>;

const pastedKey = 'sk-Audit-Secret-Key-0123456789';
const leakedKey = 'sk-Old-LiteLLM-Key-9876543210';
const batchId = '0b5e55ed-0000-4000-8000-00000000cafe';

let areas: AreaCalls;
const ids: Record<string, string> = {};
const idOf = (name: string): string => ids[name] ?? 'missing';
const nameOf = (id: string): string =>
  Object.entries(ids).find(([, known]) => known === id)?.[0] ?? `unknown ${id}`;

async function entry(name: string, columns: Parameters<typeof insertAuditEntry>[1]): Promise<void> {
  ids[name] = (await insertAuditEntry(areas.client, columns)).id;
}

beforeAll(async () => {
  areas = await openAreaCalls({ timeZone: 'Europe/Berlin' });
  const { client } = areas;
  const ana = await insertUser(client, { username: 'ana' });
  const model = await insertModel(client, { id: 'gpt', name: 'GPT' });
  const team = await insertTeam(client, { name: 'Crew' });
  const subscription = await insertSubscription(client, { user_id: ana.id, model_id: model.id });
  const key = await insertApiKey(client, { user_id: ana.id, name: 'laptop', value: pastedKey });
  Object.assign(ids, { ana: ana.id, team: team.id, subscription: subscription.id, key: key.id });
  await entry('userUpdate', {
    user_id: ana.id,
    resource_type: 'USER',
    resource_id: ana.id.toUpperCase(),
    ip_address: '10.1.2.3/32',
    user_agent: `curl/8 Authorization: Bearer ${leakedKey}`,
    created_at: '2026-11-10T10:00:00.000001Z',
    metadata: {
      before: { fullName: 'Ana', maxBudget: '10.00', password: 'one', roles: ['user'] },
      after: { fullName: 'Ana', maxBudget: '12.50', password: 'two', isActive: true },
      reason: 'asked for it',
      operator: { osUser: 'root', host: 'bastion' },
    },
  });
  await entry('keyCreate', {
    user_id: ana.id,
    action: 'API_KEY_CREATE',
    resource_type: 'API_KEY',
    resource_id: key.id,
    created_at: '2026-11-09T10:00:00Z',
    metadata: {
      liteLLMKeyId: leakedKey,
      keyName: 'laptop',
      nested: { accessToken: 'not-like-a-key', tokens: 5 },
      note: `was ${leakedKey}`,
    },
  });
  // In one transaction, as a bulk change writes them: one moment.
  for (const name of ['bulk1', 'bulk2', 'bulk3']) {
    await entry(name, {
      action: 'TEAM_UPDATE',
      resource_type: 'TEAM',
      resource_id: team.id,
      created_at: '2026-11-08T10:00:00Z',
      metadata: { batchId, operator: { osUser: 'ops', host: 'desk' } },
    });
  }
  await entry('lowerCase', {
    action: 'SUBSCRIPTION_CREATE',
    resource_type: 'subscription',
    resource_id: subscription.id,
    created_at: '2026-11-07T10:00:00Z',
  });
  // 23:30 UTC is the next day in Berlin.
  await entry('nextDay', {
    action: 'MODEL_SYNC',
    resource_type: 'MODEL',
    resource_id: 'gpt',
    created_at: '2026-11-05T23:30:00Z',
  });
  await entry('deleted', {
    action: 'USER_DELETE',
    resource_type: 'USER',
    resource_id: randomUUID(),
    created_at: '2026-11-04T10:00:00Z',
  });
  await entry('access', { action: 'API_ACCESS', resource_type: null, created_at: '2026-11-11T10:00:00Z' });
  await entry('odd', {
    action: 'ODD',
    resource_type: 'OTHER',
    resource_id: "it's 100%_odd",
    created_at: '2026-11-03T10:00:00Z',
    metadata: ['no', 'object'],
  });
  await entry('deepSecrets', {
    action: 'DEEP',
    resource_type: 'OTHER',
    created_at: '2026-11-02T10:00:00Z',
    metadata: {
      before: {
        credentials: { value: 'deep-one', parts: [{ pin: 471_147_114_711 }] },
        password: { from: 'deep-two' },
      },
      after: { credentials: { value: 'deep-three', isSet: true }, password: 815_471_147_114_711 },
      authorization: [{ scheme: 'deep-four' }],
    },
  });
  await entry('largeNumbers', {
    action: 'LARGE',
    resource_type: 'OTHER',
    created_at: '2026-11-01T10:00:00Z',
  });
  await client.query(
    `UPDATE audit_logs SET metadata = '{"before": {"tokens": 9007199254740993, "cost": 0.10, "same": 1},
       "after": {"tokens": 9007199254740992, "cost": 0.1, "same": 1.0}}' WHERE id = $1`,
    [idOf('largeNumbers')],
  );
});
afterAll(() => areas.close());

const list = (input: Partial<ListInput>) => areas.ask('audit', 'list', { filters: {}, ...input });
const names = async (input: Partial<ListInput>): Promise<string[]> =>
  (await list(input)).rows.map(({ id }) => nameOf(id));
const filtered = (filters: ListInput['filters']): Promise<string[]> => names({ filters });
const bulk = ['bulk1', 'bulk2', 'bulk3'];
const oldest = ['odd', 'deepSecrets', 'largeNumbers'];

describe('audit.list', () => {
  it('shows the newest first, without the entries of every request', async () => {
    const { rows, total, totalIsExact } = await list({});
    const shown = rows.map(({ id }) => nameOf(id));
    expect(shown.slice(0, 2)).toEqual(['userUpdate', 'keyCreate']);
    expect(shown.slice(2, 5).toSorted()).toEqual(bulk);
    expect(shown.slice(5)).toEqual(['lowerCase', 'nextDay', 'deleted', ...oldest]);
    expect({ total, totalIsExact }).toEqual({ total: 11, totalIsExact: true });
    expect(await filtered({ withAccesses: true })).toContain('access');
    expect(await filtered({ action: 'API_ACCESS' })).toEqual(['access']);
  });

  it('neither repeats nor skips entries of one moment from page to page', async () => {
    const pages: string[] = [];
    for (let page = 0; page < 6; page += 1) pages.push(...(await names({ page, pageSize: 2 })));
    expect(pages.toSorted()).toEqual((await names({})).toSorted());
    expect(await names({ sort: { field: 'createdAt', direction: 'asc' } })).toEqual(
      (await names({})).toReversed(),
    );
  });

  it('tells who, where from and why', async () => {
    const [row] = (await list({ filters: { resourceType: 'USER' } })).rows;
    expect(row).toMatchObject({
      createdAt: '2026-11-10T10:00:00.000001Z',
      user: { id: idOf('ana'), label: 'ana' },
      osUser: 'root',
      host: 'bastion',
      reason: 'asked for it',
      batchId: null,
    });
  });

  it('links every kind of record, and says where there is none any more', async () => {
    const { rows } = await list({});
    const record = (name: string) => rows.find(({ id }) => id === idOf(name))?.record;
    expect(record('userUpdate')).toEqual({ area: 'users', id: idOf('ana'), label: 'ana' });
    expect(record('keyCreate')).toEqual({ area: 'apiKeys', id: idOf('key'), label: 'laptop' });
    expect(record('bulk1')).toEqual({ area: 'teams', id: idOf('team'), label: 'Crew' });
    expect(record('lowerCase')).toEqual({
      area: 'subscriptions',
      id: idOf('subscription'),
      label: 'ana · GPT',
    });
    expect(record('nextDay')).toEqual({ area: 'models', id: 'gpt', label: 'GPT' });
    expect(record('deleted')).toBeNull();
    expect(record('odd')).toBeNull();
  });

  it('filters by what an entry says', async () => {
    expect(await filtered({ action: 'API_KEY_CREATE' })).toEqual(['keyCreate']);
    expect((await filtered({ resourceType: 'TEAM' })).toSorted()).toEqual(bulk);
    expect(await filtered({ resourceType: 'SUBSCRIPTION' })).toEqual(['lowerCase']);
    expect(await filtered({ resourceType: 'NOTHING' })).toEqual([]);
    expect(await filtered({ resourceId: 'gpt' })).toEqual(['nextDay']);
    expect(await filtered({ userId: idOf('ana') })).toEqual(['userUpdate', 'keyCreate']);
    expect(await filtered({ osUser: 'root' })).toEqual(['userUpdate']);
    expect((await filtered({ batchId })).toSorted()).toEqual(bulk);
  });

  it('cuts days in the reporting zone', async () => {
    expect(await filtered({ from: '2026-11-06', to: '2026-11-06' })).toEqual(['nextDay']);
    expect(await filtered({ from: '2026-11-05', to: '2026-11-05' })).toEqual([]);
    expect(await filtered({ from: '2026-11-10' })).toEqual(['userUpdate']);
    expect(await filtered({ to: '2026-11-04' })).toEqual(['deleted', ...oldest]);
  });

  it('searches actions, records, people and ids', async () => {
    expect(await names({ search: 'api key cre' })).toEqual(['keyCreate']);
    expect(await names({ search: idOf('subscription') })).toEqual(['lowerCase']);
    expect(await names({ search: idOf('subscription').slice(0, 13) })).toEqual(['lowerCase']);
    expect(await names({ search: "it's 100%_" })).toEqual(['odd']);
    expect(await names({ search: '%' })).toEqual([]);
    expect(await names({ search: 'ana' })).toEqual(['userUpdate', 'keyCreate']);
    expect(await names({ search: 'root' })).toEqual(['userUpdate']);
    expect((await names({ search: batchId })).toSorted()).toEqual(bulk);
    expect(await names({ search: idOf('deleted') })).toEqual(['deleted']);
    expect(await names({ search: pastedKey })).toEqual(['keyCreate']);
  });
});

describe('audit.facets', () => {
  it('names what occurs', async () => {
    const { actions, resourceTypes } = await areas.ask('audit', 'facets', {});
    expect(actions).toEqual([
      'API_ACCESS',
      'API_KEY_CREATE',
      'DEEP',
      'LARGE',
      'MODEL_SYNC',
      'ODD',
      'SUBSCRIPTION_CREATE',
      'TEAM_UPDATE',
      'USER_DELETE',
      'USER_UPDATE',
    ]);
    expect(resourceTypes).toEqual(
      expect.arrayContaining(['API_KEY', 'MODEL', 'OTHER', 'subscription', 'TEAM', 'USER']),
    );
  });
});

describe('audit.get', () => {
  it('compares before and after field by field, changed ones first, secrets masked', async () => {
    const found = await areas.ask('audit', 'get', { id: idOf('userUpdate') });
    expect(found.changes).toEqual([
      { field: 'maxBudget', kind: 'changed', before: '"10.00"', after: '"12.50"' },
      { field: 'password', kind: 'changed', before: '"••••••"', after: '"••••••"' },
      { field: 'isActive', kind: 'added', before: null, after: 'true' },
      { field: 'roles', kind: 'removed', before: '["user"]', after: null },
      { field: 'fullName', kind: 'same', before: '"Ana"', after: '"Ana"' },
    ]);
    expect(found).toMatchObject({ ipAddress: '10.1.2.3', changesAreCut: false, metadataIsCut: false });
    expect(JSON.parse(found.metadata)).toMatchObject({
      reason: 'asked for it',
      before: { password: '••••••' },
    });
  });

  it('hides whatever lies in a property that is named for a secret', async () => {
    const found = await areas.ask('audit', 'get', { id: idOf('deepSecrets') });
    expect(found.changes).toEqual([
      { field: 'credentials.value', kind: 'changed', before: '"••••••"', after: '"••••••"' },
      { field: 'credentials.isSet', kind: 'added', before: null, after: 'true' },
      { field: 'password', kind: 'added', before: null, after: '"••••••"' },
      { field: 'credentials.parts', kind: 'removed', before: '[{"pin":"••••••"}]', after: null },
      { field: 'password.from', kind: 'removed', before: '"••••••"', after: null },
    ]);
    expect(JSON.parse(found.metadata)).toMatchObject({ authorization: [{ scheme: '••••••' }] });
  });

  it('tells numbers apart that JavaScript cannot', async () => {
    const found = await areas.ask('audit', 'get', { id: idOf('largeNumbers') });
    expect(found.changes).toEqual([
      { field: 'tokens', kind: 'changed', before: '9007199254740993', after: '9007199254740992' },
      { field: 'cost', kind: 'same', before: '0.1', after: '0.1' },
      { field: 'same', kind: 'same', before: '1', after: '1' },
    ]);
    expect(found.metadata).toContain('"tokens": 9007199254740993');
    const { text } = await areas.download('audit', { filters: { action: 'LARGE' } });
    expect(text).toContain('""tokens"":9007199254740993');
  });

  it('shows an entry with a number that no double holds', async () => {
    const { id } = await insertAuditEntry(areas.client, {
      action: 'BEYOND',
      created_at: '2026-10-01T10:00:00Z',
    });
    await areas.client.query(
      `UPDATE audit_logs SET metadata = '{"beyond": 1e400, "note": "kept"}' WHERE id = $1`,
      [id],
    );
    const found = await areas.ask('audit', 'get', { id });
    expect(JSON.parse(found.metadata)).toMatchObject({ note: 'kept' });
    await areas.client.query('DELETE FROM audit_logs WHERE id = $1', [id]);
  });

  it('shows what is no object as it is', async () => {
    const found = await areas.ask('audit', 'get', { id: idOf('odd') });
    expect({ changes: found.changes, metadata: JSON.parse(found.metadata) as unknown }).toEqual({
      changes: [],
      metadata: ['no', 'object'],
    });
  });

  it('says so where there is no such entry', async () => {
    await expect(areas.ask('audit', 'get', { id: randomUUID() })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('secrets in the audit log', () => {
  it('come out nowhere', async () => {
    const answers = [
      await list({ filters: { withAccesses: true } }),
      await list({ search: 'API_KEY' }),
      await areas.ask('audit', 'get', { id: idOf('keyCreate') }),
      await areas.ask('audit', 'get', { id: idOf('userUpdate') }),
      await areas.ask('audit', 'get', { id: idOf('deepSecrets') }),
      (await areas.download('audit', { filters: {} })).text,
    ];
    for (const secret of [
      leakedKey,
      'Old-LiteLLM',
      'not-like-a-key',
      '"one"',
      '"two"',
      'deep-',
      '4711471147',
    ]) {
      expect(JSON.stringify(answers)).not.toContain(secret);
    }
    expect(JSON.stringify(answers)).toContain('keyName');
    expect(JSON.stringify(answers)).toContain('tokens');
  });
});

describe('audit.exportCsv', () => {
  it('holds what the list holds, and is itself an entry', async () => {
    const { text, name } = await areas.download('audit', {
      filters: { action: 'API_KEY_CREATE' },
      search: pastedKey,
    });
    expect(name).toMatch(/^audit-log-.*\.csv$/);
    expect(text).toContain(idOf('keyCreate'));
    expect(text.trimEnd().split('\r\n')).toHaveLength(2);
    const { rows } = await list({ filters: { action: 'AUDIT_EXPORT' }, pageSize: 1 });
    const recorded = await areas.ask('audit', 'get', { id: rows[0]?.id ?? '' });
    expect(recorded).toMatchObject({ resourceType: 'AUDIT_LOG', resourceId: null });
    expect(JSON.parse(recorded.metadata)).toMatchObject({
      filters: { action: 'API_KEY_CREATE' },
      search: 'sk-…',
    });
  });

  it('works in a read-only workspace, which keeps no record of it', async () => {
    const readOnly = await openAreaCalls({ access: 'read-only' });
    try {
      await insertAuditEntry(readOnly.client, { action: 'ONLY_ONE' });
      const { text } = await readOnly.download('audit', { filters: {} });
      expect(text).toContain('ONLY_ONE');
      const { rows } = await readOnly.client.query('SELECT action FROM audit_logs');
      expect(rows).toEqual([{ action: 'ONLY_ONE' }]);
    } finally {
      await readOnly.close();
    }
  });
});
