import { expect } from 'vitest';
import { newSubscriptionDefaults } from '../../../src/shared/contract/subscriptions';
import { insertModel, insertTeam, insertTeamMember, insertUser } from '../../support/builders';
import { newModel } from './every-call';
import { teamCases } from './cases-teams';
import { type Cases, client, figures, id, known, november, page, sql } from './contract-world';

/** Records, usage, search, the audit log, settings. */
export const recordCases: Cases = {
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
  'users.known': async () => {
    const asked = { emails: ['Ana@example.com', 'nobody@example.com'], usernames: ['ana', 'nobody'] };
    expect(await client.ask('users', 'known', asked)).toMatchObject({
      holders: [{ id: id('ana'), label: 'ana', email: 'Ana@example.com', isActive: true }],
      usernames: ['ana'],
    });
  },
  'users.exportCsv': async () => {
    expect(await client.download('users', 'exportCsv', page)).toContain('ana@example.com');
  },
  'users.previewUpdate': async () => {
    expect(await previewRpm('90')).toMatchObject({
      toChange: 1,
      records: [{ id: id('ana'), fields: [{ field: 'rpmLimit', before: '60', after: '90' }] }],
    });
  },
  'users.previewEdits': async () => {
    const { version } = await client.ask('users', 'get', { id: id('ana') });
    const edits = [{ id: id('ana'), version, changes: { rpmLimit: '90' } }];
    expect(await client.ask('users', 'previewEdits', { edits })).toMatchObject({
      toChange: 1,
      records: [{ id: id('ana'), fields: [{ field: 'rpmLimit', before: '60', after: '90' }] }],
    });
  },
  'users.previewCreate': async () => {
    const people = [{ username: 'bea', email: 'bea@example.com' }];
    expect(await client.ask('users', 'previewCreate', { people })).toMatchObject({
      toChange: 1,
      records: [{ label: 'bea', way: 'create' }],
    });
  },
  'users.previewDelete': async () => {
    const { version } = await client.ask('users', 'get', { id: id('ana') });
    const targets = { selected: [{ id: id('ana'), version }] };
    expect(await client.ask('users', 'previewDelete', { targets })).toMatchObject({
      action: 'USER_DELETE',
      grade: 'destroys',
      records: [{ id: id('ana'), way: 'delete' }],
    });
  },
  'users.sameAddress': async () => {
    const twin = await insertUser(sql, { username: 'twin', email: 'Ana@example.com' });
    known['twin'] = twin.id;
    const ids = [id('ana'), id('twin')] as [string, string];
    expect(await client.ask('users', 'sameAddress', { ids })).toMatchObject({
      users: [
        { id: id('ana'), email: 'ana@example.com', isActive: true },
        { id: id('twin'), email: 'Ana@example.com', isActive: true, requests: 0 },
      ],
    });
  },
  'users.previewMerge': async () => {
    const ids = [id('ana'), id('twin')] as [string, string];
    const { users } = await client.ask('users', 'sameAddress', { ids });
    const [into = { id: '', version: '' }, from = into] = users.map((user) => ({
      id: user.id,
      version: user.version,
    }));
    expect(await client.ask('users', 'previewMerge', { from, into })).toMatchObject({
      action: 'USER_MERGE',
      toChange: 1,
      records: [{ id: id('twin'), fields: [{ field: 'isActive', before: true, after: false }] }],
    });
    await sql.query('DELETE FROM public.users WHERE id = $1', [id('twin')]);
  },
  'users.leaving': async () => {
    const { id: leaver } = await insertUser(sql, { username: 'leaver' });
    known['leaver'] = leaver;
    const { id: team } = await insertTeam(sql, { name: 'Left behind' });
    known['leftTeam'] = team;
    await insertTeamMember(sql, { team_id: team, user_id: leaver, role: 'admin' });
    expect(await client.ask('users', 'leaving', { ids: [leaver] })).toMatchObject({
      people: [{ id: leaver, label: 'leaver' }],
      keys: 0,
      subscriptions: 0,
      teams: [{ id: team, label: 'Left behind', admins: 'leaver' }],
      teamCount: 1,
    });
  },
  'users.previewOffboard': async () => {
    const { people } = await client.ask('users', 'leaving', { ids: [id('leaver')] });
    const targets = { selected: people.map((person) => ({ id: person.id, version: person.version })) };
    const handedOn = [{ teamId: id('leftTeam'), to: id('ana') }];
    const preview = await client.ask('users', 'previewOffboard', { targets, handedOn });
    expect(preview).toMatchObject({
      action: 'USER_OFFBOARD',
      toChange: 1,
      records: [{ id: id('leaver'), fields: [{ field: 'isActive', before: true, after: false }] }],
    });
    known['leaving'] = preview.plan;
  },
  'users.offboardReport': async () => {
    const { batchId } = await client.ask('changes', 'run', { plan: id('leaving'), reason: 'has left' });
    expect(await client.ask('users', 'offboardReport', { batchId })).toMatchObject({
      reason: 'has left',
      people: [
        {
          username: 'leaver',
          isDeleted: false,
          isUndone: false,
          teams: expect.arrayContaining([
            expect.objectContaining({ label: 'Left behind', role: 'admin', to: 'ana' }),
          ]) as unknown,
        },
      ],
    });
    await sql.query('DELETE FROM public.users WHERE id = $1', [id('leaver')]);
    await sql.query('DELETE FROM public.teams WHERE id = $1', [id('leftTeam')]);
  },
  'changes.run': async () => {
    const { plan } = await previewRpm('91');
    expect(await client.ask('changes', 'run', { plan })).toMatchObject({ batchId: plan, done: 1 });
    known['batch'] = plan;
    const { rows } = await sql.query('SELECT rpm_limit FROM public.users WHERE id = $1', [id('ana')]);
    expect(rows).toEqual([{ rpm_limit: '91' }]);
  },
  'changes.previewUndo': async () => {
    const { plan, records } = await client.ask('changes', 'previewUndo', { batchId: id('batch') });
    expect(records).toMatchObject([{ fields: [{ field: 'rpmLimit', before: '91', after: '60' }] }]);
    await client.ask('changes', 'run', { plan });
  },
  'changes.unfinished': async () => {
    const batchId = '00000000-0000-4000-8000-0000000000b2';
    // What a console left that was killed before it had moved more than it remembered.
    await sql.query(
      `INSERT INTO litemaas_console.moved_aside (record_kind, record_id, batch_id, way, action, label, version, reason, actor)
       VALUES ('user', $1, $2, 'delete', 'USER_DELETE', 'ana', $3, 'has left', 'boss@desk')`,
      [id('ana'), batchId, '0'.repeat(32)],
    );
    known['unfinished'] = batchId;
    expect(await client.ask('changes', 'unfinished', {})).toMatchObject({
      items: [
        {
          ...{
            batchId,
            kind: 'user',
            way: 'delete',
            total: 1,
            moved: 0,
            reason: 'has left',
            actor: 'boss@desk',
          },
          ...{ records: [{ id: id('ana'), label: 'ana' }], isRunning: false },
        },
      ],
    });
  },
  'changes.finish': async () => {
    const batchId = id('unfinished');
    expect(await client.ask('changes', 'finish', { batchId, how: 'put_back' })).toMatchObject({
      done: 0,
      unchanged: 1,
    });
    expect(await client.ask('changes', 'unfinished', {})).toEqual({ items: [] });
  },
  ...teamCases,
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
  'models.previewUpdate': async () => {
    const targets = { selected: [{ id: 'gpt', version: await modelVersion() }] };
    expect(
      await client.ask('models', 'previewUpdate', { targets, changes: { description: 'A model' } }),
    ).toMatchObject({ toChange: 1, records: [{ id: 'gpt', fields: [{ field: 'description' }] }] });
  },
  'models.previewEdits': async () => {
    const edits = [{ id: 'gpt', version: await modelVersion(), changes: { contextLength: '100' } }];
    expect(await client.ask('models', 'previewEdits', { edits })).toMatchObject({
      toChange: 1,
      records: [{ id: 'gpt', fields: [{ field: 'contextLength', after: '100' }] }],
    });
  },
  'models.previewPrice': async () => {
    const { priceNow } = await client.ask('models', 'get', { id: 'gpt' });
    const seen = priceNow ?? { inputPricePerToken: null, outputPricePerToken: null };
    const price = { id: 'gpt', seen, validFrom: null, inputPricePerToken: '0.5', outputPricePerToken: '0.7' };
    expect(await client.ask('models', 'previewPrice', price)).toMatchObject({
      ...{ action: 'MODEL_PRICE_SET', toChange: 1 },
      records: [{ way: 'create' }],
    });
  },
  'models.previewCreate': async () => {
    expect(await client.ask('models', 'previewCreate', { model: newModel })).toMatchObject({
      ...{ action: 'MODEL_CREATE', toChange: 1 },
      records: [{ id: newModel.id, way: 'create' }],
    });
  },
  'models.previewRetire': async () => {
    const targets = { selected: [{ id: 'gpt', version: await modelVersion() }] };
    expect(await client.ask('models', 'previewRetire', { targets })).toMatchObject({
      ...{ action: 'MODEL_RETIRE', grade: 'reaches_people', toChange: 1 },
      records: [{ id: 'gpt', fields: [{ field: 'isActive', after: false }] }],
    });
  },
  'models.previewReplace': async () => {
    const { id: byModelId } = await insertModel(sql, { id: 'newer' });
    const wanted = { modelId: 'gpt', byModelId, whose: { userIds: [id('ana')] } };
    expect(await client.ask('models', 'previewReplace', wanted)).toMatchObject({
      ...{ action: 'SUBSCRIPTION_REPLACE', grade: 'reaches_people', toChange: 1 },
      records: [{ id: id('subscription'), fields: [{ field: 'status', after: 'cancelled' }] }],
      parts: [
        { kind: 'subscription', way: 'create', count: 1 },
        { kind: 'api_key', way: 'update', count: 1 },
      ],
    });
    await sql.query('DELETE FROM public.models WHERE id = $1', [byModelId]);
  },
  'models.exportCsv': async () => {
    expect(await client.download('models', 'exportCsv', page)).toContain('gpt,GPT,openai');
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
  'subscriptions.whySuspended': async () => {
    expect(await client.ask('subscriptions', 'whySuspended', { id: id('subscription') })).toMatchObject({
      ...{ cause: null, since: null, remedies: [], exceeded: [], hasMore: false },
      timeline: [{ kind: 'event', from: null, to: 'active' }],
    });
  },
  'subscriptions.previewUpdate': async () => {
    const targets = { filter: { filters: { modelId: 'gpt' } } };
    expect(
      await client.ask('subscriptions', 'previewUpdate', { targets, changes: { status: 'suspended' } }),
    ).toMatchObject({
      ...{ action: 'SUBSCRIPTION_UPDATE', grade: 'reaches_people', toChange: 1 },
      records: [
        { id: id('subscription'), fields: [{ field: 'status', before: 'active', after: 'suspended' }] },
      ],
    });
  },
  'subscriptions.previewEdits': async () => {
    const { version } = await client.ask('subscriptions', 'get', { id: id('subscription') });
    const edits = [{ id: id('subscription'), version, changes: { quotaRequests: '9' } }];
    expect(await client.ask('subscriptions', 'previewEdits', { edits })).toMatchObject({
      records: [{ id: id('subscription'), fields: [{ field: 'quotaRequests', before: null, after: '9' }] }],
    });
  },
  'subscriptions.previewCreate': async () => {
    const wanted = { userIds: [id('ana')], modelIds: ['gpt'], terms: newSubscriptionDefaults };
    // Who has it already keeps it.
    expect(await client.ask('subscriptions', 'previewCreate', wanted)).toMatchObject({
      ...{ action: 'SUBSCRIPTION_CREATE', total: 0, toChange: 0 },
      findings: [{ area: 'subscriptions', examples: [{ id: id('subscription') }] }],
    });
  },
  'subscriptions.previewExtend': async () => {
    const targets = { filter: { filters: {} } };
    // It never expires.
    expect(await client.ask('subscriptions', 'previewExtend', { targets, days: 30 })).toMatchObject({
      ...{ total: 1, toChange: 0, unchanged: 1 },
    });
  },
  'subscriptions.previewReset': async () => {
    const targets = { filter: { filters: {} } };
    expect(await client.ask('subscriptions', 'previewReset', { targets, when: 'now' })).toMatchObject({
      ...{ action: 'SUBSCRIPTION_RESET', total: 1, toChange: 1 },
    });
    expect(await client.ask('subscriptions', 'previewReset', { targets, when: 'due' })).toMatchObject({
      ...{ total: 1, toChange: 0, unchanged: 1 },
    });
  },
  'subscriptions.runDue': async () => {
    await sql.query(
      `UPDATE public.subscriptions SET reset_at = now() - interval '1 minute', budget_duration = '1d' WHERE id = $1`,
      [id('subscription')],
    );
    expect(await client.ask('subscriptions', 'runDue', {})).toEqual({ reset: 1, expired: 0, problems: 0 });
  },
  'subscriptions.previewDelete': async () => {
    const targets = { filter: { filters: {} } };
    expect(await client.ask('subscriptions', 'previewDelete', { targets })).toMatchObject({
      ...{ action: 'SUBSCRIPTION_DELETE', refused: 1, toChange: 0 },
    });
  },
  'subscriptions.exportCsv': async () => {
    expect(await client.download('subscriptions', 'exportCsv', page)).toContain(id('subscription'));
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
    expect(await client.download('apiKeys', 'exportCsv', page)).toContain('laptop');
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
    const text = await client.download('usage', 'exportCsv', {
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
    expect(entry).toMatchObject({
      action: 'DATABASE_REVEAL_CONNECTION',
      changes: [],
      undoRecordId: null,
      noUndo: null,
    });
    expect(JSON.parse(entry.metadata)).toEqual({ operator: { osUser: entry.osUser, host: entry.host } });
  },
  'audit.facets': async () => {
    const { actions } = await client.ask('audit', 'facets', {});
    expect(actions).toEqual(expect.arrayContaining(['DATABASE_REVEAL_CONNECTION', 'DEMO_LOAD']));
  },
  'audit.exportCsv': async () => {
    expect(await client.download('audit', 'exportCsv', page)).toContain('DATABASE_REVEAL_CONNECTION');
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
    const text = await client.download('settings', 'exportDiagnostics', {});
    expect(JSON.parse(text)).toMatchObject({ workspaceCount: 1 });
  },
};

async function modelVersion(): Promise<string> {
  const { model } = await client.ask('models', 'get', { id: 'gpt' });
  if (model === null) throw new Error('no model gpt');
  return model.version;
}

async function previewRpm(rpmLimit: string) {
  const { version } = await client.ask('users', 'get', { id: id('ana') });
  const targets = { selected: [{ id: id('ana'), version }] };
  return client.ask('users', 'previewUpdate', { targets, changes: { rpmLimit } });
}
