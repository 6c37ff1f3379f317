import { newSubscriptionDefaults } from '../../../src/shared/contract/subscriptions';
import { newTeamDefaults } from '../../../src/shared/contract/teams';
import type pg from 'pg';
import type { Procedure } from '../../../src/shared/contract/define';
import { contract, type AreaName, type Contract, type InputOf } from '../../../src/shared/contract/index';
import type { Simulator } from '../../support/litellm';
import type { BrowserClient } from './browser-client';

/** A key for one person, as one of many. */
export const keysFor = (userId: string): InputOf<Contract['apiKeys']['createMany']> => ({
  ...{ userIds: [userId], pattern: '{username}-many', models: 'all', teamId: null, maxBudget: null },
  ...{ budgetDuration: null, tpmLimit: null, rpmLimit: null, expiresAt: null, keepValue: false },
});

/** Every procedure that needs an open database, with what it is asked by tests that call them all. */
export interface NamedProcedure {
  readonly area: AreaName;
  readonly name: string;
  readonly procedure: Procedure;
}

export const procedures: readonly NamedProcedure[] = Object.entries(contract).flatMap(([area, named]) =>
  Object.entries<Procedure>(named)
    .filter(([, { scope }]) => scope !== 'app')
    .map(([name, procedure]) => ({ area: area as AreaName, name, procedure })),
);

/** What lists and facts are asked with; whatever wants more is in {@link inputsOf}. */
const commonInputs: readonly unknown[] = [{ filters: {} }, {}];

const range = { from: '2026-11-01', to: '2026-11-30' };
const users = { schema: 'public', relation: 'users' };
const statement = 'SELECT username FROM users';
/** A change in the journal that the inputs speak of. */
export const batch = '00000000-0000-4000-8000-0000000000b1';
/** With which somebody left. */
export const leftBatch = '00000000-0000-4000-8000-0000000000b3';
const noPrice = { inputPricePerToken: null, outputPricePerToken: null };
/** A model that a person makes. */
export const newModel = {
  ...{ id: 'own/small', name: 'Small', provider: 'own', description: null, capabilities: [] },
  ...{ contextLength: null, maxTokens: null },
  ...noPrice,
};
const repair = { kind: 'create_index', schema: 'public', index: 'idx_models_provider' };

/** What the procedures are asked with that want more than {@link commonInputs}. */
export async function inputsOf(
  client: BrowserClient,
  simulator: Simulator,
  ids: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  // Where the database is another program's there are no records, and no procedure gets as far as to look for one.
  const id = (name: string): string => ids[name] ?? '00000000-0000-4000-8000-000000000001';
  const { rows } = await client.ask('browse', 'rows', users);
  const litellm = { baseUrl: simulator.url, apiKey: simulator.masterKey };
  return {
    'sync.test': [litellm],
    'sync.link': [litellm],
    'database.roleSql': [{ role: 'reader', name: 'auditor' }],
    'database.exportRoleSql': [{ role: 'owner', name: 'chief' }],
    'users.get': [{ id: id('user') }],
    'users.known': [{ emails: ['ana@example.com'], usernames: ['ana'] }],
    'teams.spend': [{ id: id('team') }],
    'teams.named': [{ names: ['core'] }],
    'users.previewDelete': [{ targets: { filter: { filters: {} } } }],
    'users.previewUpdate': [
      { targets: { filter: { filters: {} } }, changes: { rpmLimit: '1' } },
      { targets: { selected: [{ id: id('user'), version: '0'.repeat(32) }] }, changes: { isActive: false } },
    ],
    'users.previewEdits': [
      { edits: [{ id: id('user'), version: '0'.repeat(32), changes: { rpmLimit: '1' } }] },
    ],
    'users.sameAddress': [{ ids: [id('user'), id('user')] }],
    'users.previewMerge': [
      {
        from: { id: id('user'), version: '0'.repeat(32) },
        into: { id: id('user'), version: '0'.repeat(32) },
      },
    ],
    'users.leaving': [{ ids: [id('user')] }],
    'users.previewOffboard': [{ targets: { selected: [{ id: id('user'), version: '0'.repeat(32) }] } }],
    'users.offboardReport': [{ batchId: leftBatch }],
    'users.previewCreate': [{ people: [{ username: 'a', email: null }] }],
    'changes.run': [{ plan: batch }],
    'changes.previewUndo': [{ batchId: batch }],
    'changes.finish': [{ batchId: batch, how: 'put_back' }],
    'models.previewUpdate': [
      { targets: { filter: { filters: {} } }, changes: { isActive: false } },
      { targets: { selected: [{ id: 'gpt', version: '0'.repeat(32) }] }, changes: { description: null } },
    ],
    'models.previewEdits': [
      { edits: [{ id: 'gpt', version: '0'.repeat(32), changes: { contextLength: '1' } }] },
    ],
    'models.previewPrice': [
      { id: 'gpt', seen: noPrice, validFrom: null, ...noPrice, inputPricePerToken: '1' },
    ],
    'models.previewCreate': [{ model: newModel }],
    'models.testTerms': [{ id: 'gpt' }],
    'models.test': [{ id: 'gpt', key: { value: 'sk-nobody-has-this-key' } }],
    'models.previewReplace': [{ modelId: 'gpt', byModelId: 'newer', whose: 'everybody' }],
    'models.previewRetire': [{ targets: { filter: { filters: {} } } }],
    'teams.get': [{ id: id('team') }],
    'teams.previewUpdate': [
      { targets: { filter: { filters: {} } }, changes: { rpmLimit: '1' } },
      { targets: { selected: [{ id: id('team'), version: '0'.repeat(32) }] }, changes: { isActive: false } },
    ],
    'teams.previewEdits': [
      { edits: [{ id: id('team'), version: '0'.repeat(32), changes: { allowedModels: 'all' } }] },
    ],
    'teams.previewCreate': [
      { team: { ...newTeamDefaults, name: 'a', alias: null, description: null, allowedModels: 'all' } },
    ],
    'teams.previewAddMembers': [{ teamId: id('team'), members: [{ userId: id('user'), role: 'member' }] }],
    'teams.previewMemberRoles': [{ members: [{ id: id('team'), version: '0'.repeat(32) }], role: 'admin' }],
    'teams.previewRemoveMembers': [{ members: [{ id: id('team'), version: '0'.repeat(32) }] }],
    'teams.previewMoveMembers': [{ members: [{ id: id('user'), version: '0'.repeat(32) }], to: id('team') }],
    'teams.memberKeys': [{ members: [id('team')] }],
    'teams.previewDelete': [{ targets: { filter: { filters: {} } } }],
    'teams.members': [{ filters: { teamId: id('team') } }],
    'teams.memberships': [{ filters: { userId: id('user') } }],
    'teams.exportMembersCsv': [{ filters: { teamId: id('team') } }],
    'models.get': [{ id: 'gpt' }],
    'models.figures': [{ ids: ['gpt'] }],
    'subscriptions.get': [{ id: id('subscription') }],
    'subscriptions.whySuspended': [{ id: id('subscription') }],
    'subscriptions.previewUpdate': [
      { targets: { filter: { filters: {} } }, changes: { rpmLimit: '1', budgetDuration: '1d' } },
      {
        targets: { selected: [{ id: id('subscription'), version: '0'.repeat(32) }] },
        changes: { status: 'suspended' },
      },
    ],
    'subscriptions.previewEdits': [
      { edits: [{ id: id('subscription'), version: '0'.repeat(32), changes: { rpmLimit: '1' } }] },
    ],
    'subscriptions.previewCreate': [
      {
        userIds: [id('user')],
        modelIds: ['gpt'],
        terms: { ...newSubscriptionDefaults, budgetDuration: '1d' },
      },
    ],
    'subscriptions.previewExtend': [{ targets: { filter: { filters: {} } }, days: 30 }],
    'subscriptions.previewReset': [{ targets: { filter: { filters: {} } }, when: 'due' }],
    'subscriptions.runDue': [{}],
    'subscriptions.previewDelete': [{ targets: { filter: { filters: {} } } }],
    'apiKeys.get': [{ id: id('apiKey') }],
    'apiKeys.previewUpdate': [
      { targets: { filter: { filters: {} } }, changes: { rpmLimit: '1', models: 'all' } },
      { targets: { filter: { filters: {} } }, changes: { isActive: false, teamId: null } },
    ],
    'apiKeys.previewEdits': [
      { edits: [{ id: id('apiKey'), version: '0'.repeat(32), changes: { expiresAt: '2099-12-31' } }] },
    ],
    'apiKeys.budgets': [{ id: id('apiKey') }],
    'apiKeys.explainRefusal': [{ text: 'gpt is refused', id: id('apiKey') }, { text: 'laptop' }],
    'apiKeys.previewRevoke': [{ targets: { filter: { filters: {} } } }],
    'apiKeys.previewDelete': [{ targets: { filter: { filters: {} } } }],
    'apiKeys.reveal': [{ id: id('apiKey'), reason: 'its owner lost it' }],
    'apiKeys.rotate': [
      { id: id('apiKey'), version: '0'.repeat(32), overlap: '1d', keepValue: false, reason: 'yearly' },
    ],
    'apiKeys.create': [
      {
        ...{ userId: id('user'), name: 'a', alias: null, models: 'all', teamId: null, maxBudget: null },
        ...{ budgetDuration: null, tpmLimit: null, rpmLimit: null, expiresAt: null, keepValue: false },
      },
    ],
    'apiKeys.previewCreateMany': [keysFor(id('user'))],
    'apiKeys.createMany': [keysFor(id('user'))],
    'usage.totals': [{ range, filters: {} }],
    'usage.series': [{ range, filters: {}, bucket: 'day' }],
    'usage.breakdown': [{ filters: { range, dimension: 'model', usage: {} } }],
    'usage.exportCsv': [{ filters: { range, dimension: 'model', usage: {} } }],
    'audit.get': [{ id: id('entry') }],
    'browse.relation': [users],
    'browse.rows': [users],
    'browse.count': [users],
    'browse.cell': [{ ...users, column: 'username', key: rows[0]?.key }],
    'browse.exportCsv': [users],
    'sql.run': [{ statement }],
    'sql.code': [{ statement }],
    'sql.plan': [{ statement }, { statement, analyze: true }],
    'sql.completions': [{ prefix: 'us' }],
    'sql.exportCsv': [{ statement }],
    'health.check': contract.health.check.input.shape.group.options.map((group) => ({ group })),
    'health.previewRepair': [{ repair }],
    'health.repair': [{ repair, version: 'as it was previewed' }],
    'search.everything': [{ search: 'a' }],
    'search.records': [{ records: [{ kind: 'user', id: id('user') }] }],
    'settings.previewReportingTimeZone': [{ timeZone: 'Europe/Vienna' }],
    'settings.changeReportingTimeZone': [{ timeZone: 'Europe/Vienna' }],
  };
}

/** What a procedure is asked with, of all inputs. */
export function inputsFor(
  { area, name, procedure }: NamedProcedure,
  inputs: Readonly<Record<string, readonly unknown[]>>,
): readonly unknown[] {
  return (
    inputs[`${area}.${name}`] ?? commonInputs.filter((input) => procedure.input.safeParse(input).success)
  );
}

/** What must be the same afterwards: catalogue, the place and origin of every row, sequences, large objects. */
export async function fingerprint(client: pg.Client): Promise<unknown> {
  const { rows: catalogue } = await client.query(`
    SELECT (SELECT json_agg(json_build_array(oid, relname, xmin::text, relfilenode, relacl) ORDER BY oid) FROM pg_class) AS relations,
      (SELECT json_agg(json_build_array(attrelid, attname, xmin::text) ORDER BY attrelid, attnum) FROM pg_attribute) AS columns,
      (SELECT json_agg(json_build_array(oid, proname, xmin::text) ORDER BY oid) FROM pg_proc) AS functions,
      (SELECT json_agg(json_build_array(schemaname, sequencename, last_value) ORDER BY schemaname, sequencename) FROM pg_sequences) AS sequences,
      (SELECT count(*) FROM pg_largeobject_metadata) AS objects`);
  const { rows: tables } = await client.query<{ name: string }>(`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relkind IN ('r', 'm') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1`);
  const rows: unknown[] = [];
  for (const { name } of tables) {
    const found = await client.query(`SELECT ctid::text, xmin::text FROM ${name} ORDER BY ctid`);
    rows.push([name, found.rows]);
  }
  return { catalogue, rows };
}
