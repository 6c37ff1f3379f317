import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { procedureNames } from '../../../src/shared/contract/names';
import {
  insertApiKey,
  insertApiKeyModel,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUnattributedUsage,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { createSimulator, type Simulator, userRow, emptyState } from '../../support/litellm';
import { connectionTo } from '../../support/connection-fields';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { type BrowserClient, openBrowserClient } from './browser-client';

/**
 * Every procedure of the contract, called over browser mode on a real local database, with an answer whose values
 * this test put there. The cases run in order: later ones stand on earlier ones.
 */
let client: BrowserClient;
let sql: pg.Client;
let simulator: Simulator;
let other: TestDatabase;
const known: Record<string, string> = {};
const id = (name: string): string => known[name] ?? `no ${name}`;

const elsewhere = {
  name: 'Elsewhere',
  environmentLabel: 'staging',
  colour: 'blue',
  access: 'read-only',
  operatorUserId: null,
  reportingTimeZone: 'Asia/Kathmandu',
} as const;

const november = { from: '2026-11-01', to: '2026-11-30' };
const page = { filters: {} };
const missingIndex = { kind: 'create_index', schema: 'public', index: 'idx_models_provider' } as const;
const figures = {
  requests: '2',
  errors: '1',
  inputTokens: '300',
  outputTokens: '30',
  cost: '0.75',
  averageLatencyMs: 150,
};

async function fillDatabase(): Promise<void> {
  const ana = await insertUser(sql, { username: 'ana', email: 'ana@example.com', max_budget: '0' });
  const team = await insertTeam(sql, {
    name: 'Crew',
    alias: 'crew',
    created_by: ana.id,
    allowed_models: ['gpt'],
  });
  await insertTeamMember(sql, { team_id: team.id, user_id: ana.id, role: 'admin' });
  await insertModel(sql, { id: 'gpt', name: 'GPT' });
  const subscription = await insertSubscription(sql, {
    user_id: ana.id,
    model_id: 'gpt',
    team_id: team.id,
    quota_requests: null,
  });
  const key = await insertApiKey(sql, {
    user_id: ana.id,
    name: 'laptop',
    value: 'sk-contract-test-key',
    team_id: team.id,
    subscription_id: subscription.id,
  });
  await insertApiKeyModel(sql, { api_key_id: key.id, model_id: 'gpt' });
  Object.assign(known, { ana: ana.id, team: team.id, subscription: subscription.id, key: key.id });
  const request = { subscription_id: subscription.id, api_key_id: key.id, team_id: team.id, model_id: 'gpt' };
  await insertUsageLog(sql, {
    ...request,
    created_at: '2026-11-05T10:00:00Z',
    request_tokens: 100,
    response_tokens: 10,
    input_cost: '0.25',
    output_cost: '0',
    latency_ms: 100,
  });
  await insertUsageLog(sql, {
    ...request,
    created_at: '2026-11-06T10:00:00Z',
    request_tokens: 200,
    response_tokens: 20,
    input_cost: '0.25',
    output_cost: '0.25',
    latency_ms: 200,
    status_code: 500,
  });
  await insertUnattributedUsage(sql, {
    model_id: 'stray',
    created_at: '2025-01-01T00:00:00Z',
    input_cost: '1.5',
  });
}

const cases: Record<string, () => Promise<void>> = {
  'app.info': async () => {
    expect(await client.ask('app', 'info', {})).toMatchObject({
      version: 'contract-test',
      host: 'browser',
      dataFolder: client.dataFolder,
    });
  },
  'app.watch': async () => {
    expect(await client.ask('app', 'watch', { sinceRevision: -1 })).toMatchObject({
      workspace: null,
      jobs: [],
    });
  },
  'app.cancelJob': async () => {
    expect(await client.ask('app', 'cancelJob', { jobId: 'nobody' })).toEqual({ found: false });
  },
  'workspace.list': async () => {
    const { profiles, local, profilesSetAside } = await client.ask('workspace', 'list', {});
    expect({ profiles, state: local.state, profilesSetAside }).toEqual({
      profiles: [],
      state: 'absent',
      profilesSetAside: null,
    });
  },
  'workspace.setUpLocal': async () => {
    const { workspaceId } = await client.ask('workspace', 'setUpLocal', { demo: false });
    known['local'] = workspaceId;
    const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace).toMatchObject({
      id: workspaceId,
      kind: 'local',
      schema: 'current',
      demo: false,
      litellmLinked: false,
    });
  },
  'database.revealConnection': async () => {
    const { secret } = await client.ask('database', 'revealConnection', {});
    sql = new pg.Client({ connectionString: secret });
    await sql.connect();
    const { rows } = await sql.query(`SELECT action FROM audit_logs`);
    expect(rows).toEqual([{ action: 'DATABASE_REVEAL_CONNECTION' }]);
  },
  'database.status': async () => {
    const { rows } = await sql.query<{ version: string }>(
      `SELECT current_setting('server_version') AS version`,
    );
    const status = await client.ask('database', 'status', {});
    expect(status).toMatchObject({
      serverVersion: rows[0]?.version,
      database: 'litemaas',
      user: 'litemaas',
      encoding: 'UTF8',
      locale: 'C.UTF-8',
    });
    expect(status.connectionString).toBe(`postgresql://litemaas@127.0.0.1:${String(status.port)}/litemaas`);
  },
  'database.migrations': async () => {
    const { migrations, preflight } = await client.ask('database', 'migrations', {});
    const { rows } = await sql.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM drizzle.__drizzle_migrations',
    );
    expect(migrations).toHaveLength(rows[0]?.count ?? -1);
    expect(new Set(migrations.map(({ state }) => state))).toEqual(new Set(['applied']));
    expect(preflight.filter(({ ok }) => !ok)).toEqual([]);
  },
  'database.migrate': async () => {
    expect(await client.ask('database', 'migrate', {})).toEqual({ applied: [] });
  },
  'database.partitions': async () => {
    const month = new Date().toISOString().slice(0, 7).replace('-', '_');
    const { partitions, missingMonths, rowsInDefault } = await client.ask('database', 'partitions', {});
    expect(partitions.map(({ name }) => name)).toContain(`usage_logs_${month}`);
    expect({ count: partitions.length, missingMonths, rowsInDefault }).toEqual({
      count: 41,
      missingMonths: [],
      rowsInDefault: '0',
    });
  },
  'database.createPartitions': async () => {
    const future = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 2, 1))
      .toISOString()
      .slice(0, 7);
    const name = `usage_logs_${future.replace('-', '_')}`;
    await sql.query(`DROP TABLE ${name}`);
    expect(await client.ask('database', 'createPartitions', {})).toEqual({ created: [name] });
  },
  'database.serverLog': async () => {
    const { lines } = await client.ask('database', 'serverLog', { lines: 500 });
    expect(lines.join('\n')).toContain('database system is ready to accept connections');
  },
  'demo.status': async () => {
    expect(await client.ask('demo', 'status', {})).toEqual({
      loaded: false,
      loadedAt: null,
      canLoad: true,
      reason: null,
    });
  },
  'demo.load': async () => {
    expect(await client.ask('demo', 'load', {})).toEqual({
      users: 40,
      teams: 6,
      subscriptions: 60,
      apiKeys: 80,
      requests: 28_185,
    });
    const { rows } = await sql.query<{ count: number }>('SELECT count(*)::int AS count FROM usage_logs');
    expect(rows[0]?.count).toBe(28_185);
  },
  'demo.remove': async () => {
    expect((await client.ask('demo', 'remove', {})).removedRows).toBeGreaterThan(28_185);
    await fillDatabase();
  },
  'users.list': async () => {
    expect(await client.ask('users', 'list', page)).toMatchObject({
      total: 1,
      totalIsExact: true,
      rows: [{ id: id('ana'), username: 'ana', maxBudget: '0', apiKeyCount: 1 }],
    });
  },
  'users.get': async () => {
    expect(await client.ask('users', 'get', { id: id('ana') })).toMatchObject({
      email: 'ana@example.com',
      oauthProvider: 'test',
      subscriptionCount: 1,
    });
  },
  'users.options': async () => {
    expect(await client.ask('users', 'options', { search: 'an' })).toEqual({
      options: [{ id: id('ana'), label: 'ana' }],
    });
  },
  'users.exportCsv': async () => {
    expect(await client.download('users', page)).toContain('ana@example.com');
  },
  'teams.list': async () => {
    const { rows } = await client.ask('teams', 'list', { ...page, search: 'Crew' });
    expect(rows).toMatchObject([
      { id: id('team'), alias: 'crew', memberCount: 1, allModels: false, allowedModels: ['gpt'] },
    ]);
  },
  'teams.get': async () => {
    expect(await client.ask('teams', 'get', { id: id('team') })).toMatchObject({
      name: 'Crew',
      createdBy: { id: id('ana') },
    });
  },
  'teams.members': async () => {
    expect(await client.ask('teams', 'members', { filters: { teamId: id('team') } })).toMatchObject({
      total: 1,
      rows: [{ user: { id: id('ana'), label: 'ana' }, role: 'admin' }],
    });
  },
  'teams.options': async () => {
    expect(await client.ask('teams', 'options', { search: 'crew' })).toEqual({
      options: [{ id: id('team'), label: 'Crew' }],
    });
  },
  'teams.exportCsv': async () => {
    expect(await client.download('teams', page)).toContain('Crew');
  },
  'models.list': async () => {
    expect(await client.ask('models', 'list', page)).toMatchObject({
      total: 1,
      rows: [{ id: 'gpt', name: 'GPT', inputPricePer1k: null, isActive: true, sync: 'none' }],
    });
  },
  'models.figures': async () => {
    expect(await client.ask('models', 'figures', { ids: ['gpt'] })).toMatchObject({
      figures: [{ id: 'gpt', activeSubscriptions: 1, activeApiKeys: 1 }],
    });
  },
  'models.choices': async () => {
    expect(await client.ask('models', 'choices', {})).toEqual({ providers: ['openai'], capabilities: [] });
  },
  'models.get': async () => {
    expect(await client.ask('models', 'get', { id: 'gpt' })).toMatchObject({
      model: { name: 'GPT', provider: 'openai' },
      used: { from: '2026-11-05', to: '2026-11-06' },
    });
    expect(await client.ask('models', 'get', { id: 'stray' })).toMatchObject({ model: null });
  },
  'models.exportCsv': async () => {
    expect(await client.download('models', page)).toContain('gpt,GPT,openai');
  },
  'models.options': async () => {
    expect(await client.ask('models', 'options', { search: 'GP' })).toMatchObject({
      options: [{ id: 'gpt' }],
    });
  },
  'subscriptions.list': async () => {
    expect(await client.ask('subscriptions', 'list', page)).toMatchObject({
      total: 1,
      rows: [
        {
          id: id('subscription'),
          quotaRequests: null,
          usedRequests: '2',
          usedTokens: '330',
          status: 'active',
        },
      ],
    });
  },
  'subscriptions.get': async () => {
    expect(await client.ask('subscriptions', 'get', { id: id('subscription') })).toMatchObject({
      user: { id: id('ana') },
      model: { id: 'gpt' },
      events: [{ from: null, to: 'active' }],
    });
  },
  'subscriptions.exportCsv': async () => {
    expect(await client.download('subscriptions', page)).toContain(id('subscription'));
  },
  'apiKeys.list': async () => {
    const found = await client.ask('apiKeys', 'list', { ...page, search: 'sk-contract-test-key' });
    expect(found).toMatchObject({
      total: 1,
      rows: [{ id: id('key'), name: 'laptop', prefix: 'sk-cont', models: [{ id: 'gpt' }], state: 'active' }],
    });
    expect(JSON.stringify(found)).not.toContain('contract-test-key');
  },
  'apiKeys.get': async () => {
    expect(await client.ask('apiKeys', 'get', { id: id('key') })).toMatchObject({
      subscription: { id: id('subscription') },
      valueStored: false,
      allModels: false,
    });
  },
  'search.everything': async () => {
    expect(await client.ask('search', 'everything', { search: 'lapt' })).toEqual({
      hits: [{ kind: 'apiKey', id: id('key'), label: 'laptop', details: ['sk-cont', 'ana'] }],
    });
  },
  'search.records': async () => {
    const records = [{ kind: 'team' as const, id: id('team') }];
    expect(await client.ask('search', 'records', { records })).toEqual({
      hits: [{ kind: 'team', id: id('team'), label: 'Crew', details: ['crew'] }],
    });
  },
  'apiKeys.options': async () => {
    expect(await client.ask('apiKeys', 'options', { search: 'lap' })).toEqual({
      options: [{ id: id('key'), label: 'laptop' }],
    });
  },
  'apiKeys.exportCsv': async () => {
    expect(await client.download('apiKeys', page)).toContain('laptop');
  },
  'usage.totals': async () => {
    const { totals } = await client.ask('usage', 'totals', { range: november, filters: {} });
    expect({ ...totals, cost: String(Number(totals.cost)) }).toEqual(figures);
  },
  'usage.series': async () => {
    const { buckets, series, previous } = await client.ask('usage', 'series', {
      range: november,
      filters: { userId: id('ana') },
      bucket: 'day',
      split: 'model',
      compare: 'previous',
    });
    expect(previous).toMatchObject({ range: { from: '2026-10-02', to: '2026-10-31' } });
    expect(buckets).toHaveLength(30);
    expect(series).toMatchObject([{ id: 'gpt', role: 'item' }]);
    expect(series[0]?.points.map(({ requests }) => requests).slice(3, 7)).toEqual(['0', '1', '1', '0']);
  },
  'usage.breakdown': async () => {
    const { rows } = await client.ask('usage', 'breakdown', {
      filters: { range: november, dimension: 'apiKey', usage: {} },
    });
    expect(rows).toMatchObject([{ id: id('key'), label: 'laptop', requests: '2', errors: '1' }]);
  },
  'usage.exportCsv': async () => {
    const text = await client.download('usage', {
      filters: { range: november, dimension: 'team', usage: {} },
    });
    expect(text).toContain(id('team'));
  },
  'audit.list': async () => {
    const { rows, totalIsExact } = await client.ask('audit', 'list', {
      filters: { action: 'DATABASE_REVEAL_CONNECTION' },
    });
    expect(rows).toMatchObject([{ resourceType: 'DATABASE', resourceId: 'litemaas', reason: null }]);
    expect(totalIsExact).toBe(true);
    known['auditEntry'] = rows[0]?.id ?? '';
  },
  'audit.get': async () => {
    const entry = await client.ask('audit', 'get', { id: id('auditEntry') });
    expect(entry).toMatchObject({ action: 'DATABASE_REVEAL_CONNECTION', changes: [] });
    expect(JSON.parse(entry.metadata)).toEqual({ operator: { osUser: entry.osUser, host: entry.host } });
  },
  'audit.facets': async () => {
    const { actions } = await client.ask('audit', 'facets', {});
    expect(actions).toEqual(expect.arrayContaining(['DATABASE_REVEAL_CONNECTION', 'DEMO_LOAD']));
  },
  'audit.exportCsv': async () => {
    expect(await client.download('audit', page)).toContain('DATABASE_REVEAL_CONNECTION');
    const { rows } = await sql.query(`SELECT resource_type FROM audit_logs WHERE action = 'AUDIT_EXPORT'`);
    expect(rows).toEqual([{ resource_type: 'AUDIT_LOG' }]);
  },
  'settings.about': async () => {
    expect(await client.ask('settings', 'about', {})).toMatchObject({
      version: 'contract-test',
      electron: null,
      folders: { data: client.dataFolder, localDatabase: `${client.dataFolder}/postgres` },
    });
  },
  'settings.previewReportingTimeZone': async () => {
    expect(
      await client.ask('settings', 'previewReportingTimeZone', { timeZone: 'Pacific/Kiritimati' }),
    ).toMatchObject({ from: 'UTC', requests: '3', firstDay: '2025-01-01', lastDay: '2026-11-06' });
  },
  'settings.changeReportingTimeZone': async () => {
    for (const timeZone of ['Pacific/Kiritimati', 'UTC']) {
      await client.ask('settings', 'changeReportingTimeZone', { timeZone });
      const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
      expect(workspace?.reportingTimeZone).toBe(timeZone);
    }
  },
  'settings.diagnostics': async () => {
    const { text } = await client.ask('settings', 'diagnostics', {});
    expect(JSON.parse(text)).toMatchObject({
      console: { version: 'contract-test' },
      workspace: { kind: 'local', schema: 'current', database: { encoding: 'UTF8' } },
    });
  },
  'settings.exportDiagnostics': async () => {
    const text = await client.download('settings', {}, 'exportDiagnostics');
    expect(JSON.parse(text)).toMatchObject({ workspaceCount: 1 });
  },
  'browse.schemas': async () => {
    const { schemas, more } = await client.ask('browse', 'schemas', {});
    expect(schemas.find(({ name }) => name === 'drizzle')).toMatchObject({ relations: 1, system: false });
    expect(more).toBe(false);
  },
  'browse.relations': async () => {
    await sql.query('CREATE TABLE browsed (id int PRIMARY KEY, note text, password text)');
    await sql.query(`INSERT INTO browsed SELECT n, 'note ' || n, 'hidden' FROM generate_series(1, 3) AS n`);
    expect(await client.ask('browse', 'relations', { search: 'browsed', filters: {} })).toMatchObject({
      total: 1,
      rows: [{ schema: 'public', name: 'browsed', kind: 'table', readable: true }],
    });
  },
  'browse.exportRelationsCsv': async () => {
    const text = await client.download('browse', { search: 'browsed', filters: {} }, 'exportRelationsCsv');
    expect(text).toContain('public,browsed,table,litemaas');
  },
  'browse.relation': async () => {
    const relation = await client.ask('browse', 'relation', { schema: 'public', relation: 'browsed' });
    expect(relation).toMatchObject({ primaryKey: ['id'], indexes: [{ name: 'browsed_pkey', valid: true }] });
    expect(relation.columns.map(({ name, secret }) => [name, secret])).toEqual([
      ['id', false],
      ['note', false],
      ['password', true],
    ]);
  },
  'browse.rows': async () => {
    const { rows, order, next } = await client.ask('browse', 'rows', {
      schema: 'public',
      relation: 'browsed',
      pageSize: 2,
    });
    expect(rows.map(({ cells }) => cells)).toEqual([
      [{ text: '1' }, { text: 'note 1' }, { text: null, masked: true }],
      [{ text: '2' }, { text: 'note 2' }, { text: null, masked: true }],
    ]);
    expect(order).toBe('key');
    expect(next).not.toBeNull();
    known['browsedRow'] = rows[1]?.key ?? 'no key';
  },
  'browse.count': async () => {
    const filters = [{ column: 'id', operator: 'greater' as const, value: '1' }];
    expect(await client.ask('browse', 'count', { schema: 'public', relation: 'browsed', filters })).toEqual({
      rows: '2',
    });
  },
  'browse.cell': async () => {
    expect(
      await client.ask('browse', 'cell', {
        schema: 'public',
        relation: 'browsed',
        column: 'note',
        key: id('browsedRow'),
      }),
    ).toEqual({ text: 'note 2', type: 'text' });
  },
  'browse.exportCsv': async () => {
    expect(await client.download('browse', { schema: 'public', relation: 'browsed' })).toBe(
      'id,note,password\r\n1,note 1,…\r\n2,note 2,…\r\n3,note 3,…\r\n',
    );
  },
  'sql.run': async () => {
    expect(
      await client.ask('sql', 'run', {
        statement: 'SELECT id, note FROM browsed ORDER BY id DESC',
        maxRows: 2,
      }),
    ).toMatchObject({
      columns: [
        { name: 'id', type: 'integer', numeric: true },
        { name: 'note', type: 'text', numeric: false },
      ],
      rows: [
        [{ text: '3' }, { text: 'note 3' }],
        [{ text: '2' }, { text: 'note 2' }],
      ],
      capped: true,
    });
  },
  'sql.plan': async () => {
    const { nodes } = await client.ask('sql', 'plan', { statement: 'SELECT * FROM browsed', analyze: true });
    expect(nodes).toMatchObject([{ depth: 0, name: 'Seq Scan on browsed', actualRows: 3 }]);
  },
  'sql.completions': async () => {
    expect(await client.ask('sql', 'completions', { prefix: 'brow' })).toEqual({
      items: [{ text: 'browsed', kind: 'relation', detail: 'public' }],
    });
  },
  'sql.exportCsv': async () => {
    expect(await client.download('sql', { statement: 'SELECT id FROM browsed ORDER BY id' })).toBe(
      'id\r\n1\r\n2\r\n3\r\n',
    );
  },
  'sql.history': async () => {
    expect((await client.ask('sql', 'history', {})).entries).toMatchObject([
      { statement: 'SELECT id, note FROM browsed ORDER BY id DESC', rows: 2 },
    ]);
  },
  'sql.clearHistory': async () => {
    await client.ask('sql', 'clearHistory', {});
    expect(await client.ask('sql', 'history', {})).toEqual({ entries: [] });
    await sql.query('DROP TABLE browsed');
  },
  'health.check': async () => {
    await sql.query('DROP INDEX idx_models_provider');
    expect(await client.ask('health', 'check', { group: 'schema' })).toMatchObject({
      applies: true,
      total: 1,
      findings: [{ object: 'public.models.idx_models_provider', repair: missingIndex }],
    });
  },
  'health.previewRepair': async () => {
    expect(await client.ask('health', 'previewRepair', { repair: missingIndex })).toMatchObject({
      needed: true,
      statements: ['CREATE INDEX CONCURRENTLY idx_models_provider ON public.models USING btree (provider);'],
    });
  },
  'health.repair': async () => {
    const { version } = await client.ask('health', 'previewRepair', { repair: missingIndex });
    expect(await client.ask('health', 'repair', { repair: missingIndex, version })).toMatchObject({
      summary: expect.stringContaining('idx_models_provider') as string,
    });
    const { rows } = await sql.query(`SELECT FROM pg_indexes WHERE indexname = 'idx_models_provider'`);
    expect(rows).toHaveLength(1);
  },
  'health.reconcile': async () => {
    const { months } = await client.ask('health', 'reconcile', {});
    expect(months).toContainEqual(
      expect.objectContaining({
        month: '2026-11',
        state: 'equal',
        log: { requests: '2', tokens: '330', cost: '0.75' },
      }),
    );
  },
  'overview.counts': async () => {
    expect(await client.ask('overview', 'counts', {})).toMatchObject({
      users: { active: 1, all: 1 },
      subscriptions: { active: 1, all: 1 },
      apiKeys: { active: 1, all: 1 },
    });
  },
  'overview.attention': async () => {
    const { items } = await client.ask('overview', 'attention', {});
    expect(items).toContainEqual({
      kind: 'unattributed_usage',
      severity: expect.any(String) as string,
      count: 1,
    });
  },
  'sync.test': async () => {
    const report = await client.ask('sync', 'test', { baseUrl: simulator.url, apiKey: simulator.masterKey });
    expect(report).toMatchObject({ version: '1.81.0', databaseConnected: true, models: 0 });
    expect(report.warnings.map(({ kind }) => kind)).toContain('vulnerable_release');
  },
  'sync.link': async () => {
    expect(
      await client.ask('sync', 'link', { baseUrl: simulator.url, apiKey: simulator.masterKey }),
    ).toMatchObject({ canWrite: true });
    const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace?.litellmLinked).toBe(true);
    const { rows } = await sql.query<{ text: string }>(
      `SELECT value::text AS text FROM litemaas_console.settings WHERE key = 'litellm_link'`,
    );
    expect(rows[0]?.text).not.toContain(simulator.masterKey);
  },
  'sync.run': async () => {
    const run = await client.ask('sync', 'run', { backfillDays: 1 });
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect(run.entities.find(({ entity }) => entity === 'users')).toMatchObject({
      read: 2,
      created: 1,
      homeless: 1,
    });
    const { rows } = await sql.query(`SELECT username FROM users WHERE oauth_provider = 'litellm'`);
    expect(rows).toEqual([{ username: 'remote' }]);
  },
  'sync.status': async () => {
    const status = await client.ask('sync', 'status', {});
    expect(status).toMatchObject({
      link: { baseUrl: simulator.url, hasKey: true },
      lastRun: { state: 'succeeded' },
      resumable: false,
      unattributed: { requests: '1' },
    });
  },
  'sync.history': async () => {
    expect(await client.ask('sync', 'history', page)).toMatchObject({
      total: 1,
      rows: [{ state: 'succeeded' }],
    });
  },
  'sync.objects': async () => {
    const { rows } = await client.ask('sync', 'objects', page);
    expect(rows.map(({ remoteId }) => remoteId)).toContain('default_user_id');
  },
  'sync.unlink': async () => {
    await client.ask('sync', 'unlink', {});
    expect((await client.ask('sync', 'status', {})).link).toBeNull();
  },
  'workspace.connect': async () => {
    known['server'] = (
      await client.ask('workspace', 'connect', {
        connection: connectionTo(other),
        settings: elsewhere,
        rememberPassword: false,
      })
    ).workspaceId;
    const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace).toMatchObject({ name: 'Elsewhere', access: 'read-only', schema: 'current' });
    await expect(client.ask('database', 'createPartitions', {})).rejects.toMatchObject({ code: 'read_only' });
  },
  'workspace.get': async () => {
    expect(await client.ask('workspace', 'get', { workspaceId: id('server') })).toMatchObject({
      kind: 'server',
      settings: elsewhere,
      connection: connectionTo(other),
      password: 'absent',
      localDataBytes: null,
    });
  },
  'workspace.update': async () => {
    const settings = { ...elsewhere, name: 'Over there', colour: 'amber' as const };
    await client.ask('workspace', 'update', { workspaceId: id('server'), settings });
    const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace).toMatchObject({ id: id('server'), name: 'Over there', colour: 'amber' });
  },
  'workspace.parseUri': async () => {
    const { database } = connectionTo(other);
    const uri = `postgresql://ana:geheim@db.example.org:6543/${database}?sslmode=require&connect_timeout=5`;
    const answer = await client.ask('workspace', 'parseUri', { uri });
    expect(answer).toMatchObject({
      connection: { host: 'db.example.org', port: 6543, database, user: 'ana', tlsMode: 'require' },
      hasPassword: true,
      ignored: ['connect_timeout'],
    });
    expect(JSON.stringify(answer)).not.toContain('geheim');
  },
  'workspace.discover': async () => {
    const { found } = await client.ask('workspace', 'discover', {});
    expect(found).toContainEqual({
      source: 'environment',
      label: expect.any(String) as string,
      fields: expect.objectContaining({ host: 'discovered.example.org', port: 6001 }) as object,
      passwordKnown: false,
    });
  },
  'workspace.test': async () => {
    const report = await client.ask('workspace', 'test', { connection: connectionTo(other) });
    expect(report).toMatchObject({
      serverVersionNumber: expect.any(Number) as number,
      tls: null,
      unencrypted: 'this-machine',
      role: { name: 'litemaas', superuser: false, ownsDatabase: true },
      inRecovery: false,
      pooler: false,
      database: { kind: 'console' },
    });
  },
  'workspace.allowUnprotectedSecrets': async () => {
    const consent = join(client.dataFolder, 'unprotected-secrets-allowed');
    await client.ask('workspace', 'allowUnprotectedSecrets', { allow: true });
    expect(existsSync(consent)).toBe(true);
    await client.ask('workspace', 'allowUnprotectedSecrets', { allow: false });
    expect(existsSync(consent)).toBe(false);
  },
  'workspace.close': async () => {
    await client.ask('workspace', 'close', {});
    expect((await client.ask('app', 'watch', { sinceRevision: -1 })).workspace).toBeNull();
    await expect(client.ask('users', 'list', page)).rejects.toMatchObject({ code: 'not_found' });
  },
  'workspace.open': async () => {
    await client.ask('workspace', 'open', { workspaceId: id('local') });
    expect((await client.ask('users', 'list', { ...page, search: 'ana@example.com' })).rows).toMatchObject([
      { id: id('ana') },
    ]);
  },
  'workspace.forget': async () => {
    expect(await client.ask('workspace', 'forget', { workspaceId: id('server'), withData: false })).toEqual({
      deletedBytes: null,
    });
    expect(
      (await client.ask('workspace', 'list', {})).profiles.map(({ id: profileId }) => profileId),
    ).toEqual([id('local')]);
  },
  'database.stopServer': async () => {
    await sql.end();
    await client.ask('database', 'stopServer', {});
    expect((await client.ask('workspace', 'list', {})).local.state).toBe('stopped');
  },
  'database.startServer': async () => {
    const { port } = await client.ask('database', 'startServer', {});
    const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace?.location).toContain(`:${String(port)}/`);
  },
  'database.setAside': async () => {
    const { movedTo } = await client.ask('database', 'setAside', {});
    expect(movedTo).toContain(client.dataFolder);
    expect((await client.ask('workspace', 'list', {})).local.state).toBe('absent');
  },
};

beforeAll(async () => {
  const state = emptyState();
  for (const user of [
    userRow({ user_id: 'default_user_id' }),
    userRow({ user_id: 'remote', user_email: 'remote@example.com' }),
  ]) {
    state.users.set(user.user_id, user);
  }
  [client, simulator, other] = await Promise.all([
    openBrowserClient('contract-test', { PGHOST: 'discovered.example.org', PGPORT: '6001' }),
    createSimulator({ state }),
    createTestDatabase(),
  ]);
});

afterAll(async () => {
  await client.close();
  await simulator.close();
  await other.drop();
});

describe('the contract, over browser mode', () => {
  it('has a case for every procedure, and no other', () => {
    const all = Object.entries(procedureNames).flatMap(([area, procedures]) =>
      Object.keys(procedures).map((name) => `${area}.${name}`),
    );
    expect(Object.keys(cases).sort()).toEqual(all.sort());
  });

  for (const [name, run] of Object.entries(cases)) it(name, run);
});
