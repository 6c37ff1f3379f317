import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { connectionTo } from '../../support/connection-fields';
import { keysFor } from './every-call';
import {
  type Cases,
  client,
  disconnectSql,
  id,
  known,
  nextMonthsPartition,
  other,
  page,
  simulator,
  sql,
} from './contract-world';

const elsewhere = {
  name: 'Elsewhere',
  environmentLabel: 'staging',
  colour: 'blue',
  access: 'read-only',
  operatorUserId: null,
  reportingTimeZone: 'Asia/Kathmandu',
} as const;

/** LiteLLM, other servers, leaving. */
export const connectionCases: Cases = {
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
  'sync.exportHistoryCsv': async () => {
    const [headings, ...runs] = (await client.download('sync', 'exportHistoryCsv', page)).split('\r\n');
    expect(headings).toContain('users_state,users_read,users_created');
    expect(runs).toEqual([expect.stringMatching(/,succeeded,.*,done,2,1,0,0,1,/), '']);
  },
  'sync.objects': async () => {
    const { rows } = await client.ask('sync', 'objects', page);
    expect(rows.map(({ remoteId }) => remoteId)).toContain('default_user_id');
  },
  'sync.exportObjectsCsv': async () => {
    const all = await client.download('sync', 'exportObjectsCsv', page);
    expect(all).toContain('\r\nuser,default_user_id,');
    const linked = { filters: { state: 'linked' } };
    expect(await client.download('sync', 'exportObjectsCsv', linked)).not.toContain('default_user_id');
  },
  'apiKeys.create': async () => {
    const [remote] = (await client.ask('users', 'list', { filters: {}, search: 'remote' })).rows;
    const made = await client.ask('apiKeys', 'create', {
      ...{ userId: remote?.id ?? '', name: 'Made', alias: 'made', models: 'all' as const, teamId: null },
      ...{ maxBudget: '5', budgetDuration: 'monthly', tpmLimit: null, rpmLimit: null, expiresAt: null },
      keepValue: false,
    });
    expect(made).toMatchObject({ baseUrl: simulator.url, expiresAt: null });
    expect([...simulator.state.keys.values()].map((key) => key.key_alias)).toContain('made');
    const { rows } = await sql.query(`SELECT id FROM api_keys WHERE litellm_key_alias = 'made'`);
    expect(rows).toEqual([{ id: made.id }]);
  },
  'apiKeys.previewCreateMany': async () => {
    const [remote] = (await client.ask('users', 'list', { filters: {}, search: 'remote' })).rows;
    const { people } = await client.ask('apiKeys', 'previewCreateMany', keysFor(remote?.id ?? ''));
    expect(people).toMatchObject([{ id: remote?.id, alias: `${remote?.username}-many`, obstacle: null }]);
  },
  'apiKeys.createMany': async () => {
    const [remote] = (await client.ask('users', 'list', { filters: {}, search: 'remote' })).rows;
    const csv = await client.download('apiKeys', 'createMany', keysFor(remote?.id ?? ''));
    const [headings, made = ''] = csv.split('\r\n');
    expect(headings).toBe('username,email,alias,value,not_made_because');
    const value = /,(sk-[\w-]{43}),$/.exec(made)?.[1] ?? '';
    const key = simulator.state.keys.get(createHash('sha256').update(value).digest('hex'));
    expect(key?.key_alias).toBe(`${remote?.username}-many`);
  },
  'models.testTerms': async () => {
    expect(await client.ask('models', 'testTerms', { id: 'gpt' })).toMatchObject({
      ...{ isLinked: true, mode: 'chat', outputTokens: 1 },
    });
  },
  'models.test': async () => {
    // The proxy has no such model.
    const key = { value: simulator.masterKey };
    expect(await client.ask('models', 'test', { id: 'gpt', key })).toMatchObject({
      ...{ outcome: 'refused', status: 400, reason: 'model', cost: null },
    });
    const { rows } = await sql.query(
      `SELECT metadata ->> 'outcome' AS outcome, metadata::text LIKE '%' || $1 || '%' AS told FROM audit_logs
       WHERE action = 'MODEL_TEST' ORDER BY created_at`,
      [simulator.masterKey],
    );
    expect(rows).toEqual([
      { outcome: 'asked', told: false },
      { outcome: 'refused', told: false },
    ]);
  },
  'apiKeys.rotate': async () => {
    const [old] = (await client.ask('apiKeys', 'list', { filters: {}, search: 'made' })).rows;
    const { id: oldId = '', version = '' } = old ?? {};
    const wanted = { id: oldId, version, overlap: '1d' as const, keepValue: false, reason: 'yearly' };
    const made = await client.ask('apiKeys', 'rotate', wanted);
    expect(made).toMatchObject({ baseUrl: simulator.url, expiresAt: null, isTold: true });
    const aliases = [...simulator.state.keys.values()].map((key) => key.key_alias);
    expect(aliases).toEqual(expect.arrayContaining(['made', `made (until ${made.oldEndsAt.slice(0, 10)})`]));
  },
  'sync.send': async () => {
    const key = [...simulator.state.keys.values()].find(({ key_alias: alias }) => alias === 'made');
    await sql.query(
      `WITH blocked AS (UPDATE api_keys SET is_active = false WHERE litellm_key_alias = 'made' RETURNING id)
       INSERT INTO litemaas_console.outbox (change_id, proxy_id, record_kind, record_id, fields, taken)
       SELECT 1, $1, 'api_key', id, '{isActive}', '{isActive}' FROM blocked`,
      [simulator.url],
    );
    expect(await client.ask('sync', 'send', {})).toEqual({ sent: 1, waiting: 0, refused: 0, problem: null });
    expect(key?.blocked).toBe(true);
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
    const { workspace, jobs } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace).toMatchObject({ name: 'Elsewhere', access: 'read-only', schema: 'current' });
    const pull = jobs.find(({ procedure }) => procedure === 'sync.run');
    expect(pull?.workspaceId).toBe(id('local'));
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
    const next = nextMonthsPartition();
    await sql.query(`DROP TABLE ${next}`);
    await client.ask('workspace', 'open', { workspaceId: id('local') });
    const { rows } = await sql.query(
      `SELECT metadata -> 'after' AS after FROM audit_logs WHERE metadata ->> 'occasion' = 'opening'`,
    );
    expect(rows).toEqual([{ after: { partitions: [next] } }]);
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
    await disconnectSql();
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
