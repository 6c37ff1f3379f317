import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/postgres/database';
import type { Procedure } from '../../../src/shared/contract/define';
import { contract, type AreaName } from '../../../src/shared/contract/index';
import {
  insertApiKey,
  insertAuditEntry,
  insertModel,
  insertSubscription,
  insertTeam,
  insertUser,
} from '../../support/builders';
import { connectionTo } from '../../support/connection-fields';
import { createSimulator, type Simulator } from '../../support/litellm';
import { connect, createTestDatabase, type TestDatabase } from '../../support/postgres';
import { type BrowserClient, openBrowserClient, Refused } from './browser-client';

/**
 * Every procedure that needs an open database, called on one that is open read-only by a role that may write there:
 * what writes is refused, what reads is answered, and nothing is different afterwards.
 */
interface NamedProcedure {
  readonly area: AreaName;
  readonly name: string;
  readonly procedure: Procedure;
}

const procedures: readonly NamedProcedure[] = Object.entries(contract).flatMap(([area, named]) =>
  Object.entries<Procedure>(named)
    .filter(([, { scope }]) => scope !== 'app')
    .map(([name, procedure]) => ({ area: area as AreaName, name, procedure })),
);

/** What lists and facts are asked with; whatever wants more is in {@link inputsOf}. */
const commonInputs: readonly unknown[] = [{ filters: {} }, {}];

const range = { from: '2026-11-01', to: '2026-11-30' };
const users = { schema: 'public', relation: 'users' };
const statement = 'SELECT username FROM users';
const batch = '00000000-0000-4000-8000-0000000000b1';
const repair = { kind: 'create_index', schema: 'public', index: 'idx_models_provider' };

describe.each([
  ['ours', fillOurs],
  ['another program’s', fillAnothers],
] as const)('a database that is %s, open read-only', (whose, fill) => {
  let database: TestDatabase;
  let client: BrowserClient;
  let admin: pg.Client;
  let simulator: Simulator;
  let inputs: Readonly<Record<string, readonly unknown[]>>;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: whose === 'ours' });
    admin = await connect(database.adminConfig);
    const owner = await connect(database.config);
    const ids = await fill(owner);
    await owner.end();
    simulator = await createSimulator();
    client = await openBrowserClient('read-only-test');
    await client.ask('workspace', 'connect', {
      connection: connectionTo(database),
      settings: {
        name: 'Read',
        environmentLabel: '',
        colour: '',
        access: 'read-only',
        operatorUserId: null,
        reportingTimeZone: 'UTC',
      },
      rememberPassword: false,
    });
    inputs = await inputsOf(client, simulator, ids);
  }, 60_000);
  afterAll(async () => {
    await client.close();
    await simulator.close();
    await admin.end();
    await database.drop();
  });

  it('is the same after every procedure, and those that write are refused by the console', async () => {
    const before = await fingerprint(admin);
    for (const called of procedures) {
      const { area, name, procedure } = called;
      const given = inputs[`${area}.${name}`] ?? commonInputs.filter((input) => takes(procedure, input));
      expect(given, `inputs for ${area}.${name}`).not.toEqual([]);
      for (const input of given) {
        const outcome = await outcomeOf(client, called, input);
        expect(outcome, `${area}.${name}`).toBe(expectedOutcome(procedure, whose === 'ours'));
      }
    }
    expect(await fingerprint(admin)).toEqual(before);
  });

  it.each(['write', 'batch'] as const)('is not written in a %s either: the server refuses', async (kind) => {
    const opened = openDatabase({ config: database.config, readOnly: true });
    try {
      const writing = opened[kind](new AbortController().signal, ({ client: session }) =>
        session.query(`UPDATE public.users SET username = 'changed'`),
      );
      await expect(writing).rejects.toMatchObject({ code: 'read_only', details: { sqlState: '25006' } });
    } finally {
      await opened.close();
    }
  });
});

/** Records to be read by id, and an index to be missed by health. */
async function fillOurs(client: pg.Client): Promise<Readonly<Record<string, string>>> {
  const { id: user } = await insertUser(client);
  const { id: team } = await insertTeam(client, { created_by: user });
  const { id: model } = await insertModel(client, { id: 'gpt' });
  const { id: subscription } = await insertSubscription(client, { user_id: user, model_id: model });
  const { id: apiKey } = await insertApiKey(client, { user_id: user, subscription_id: subscription });
  const { id: entry } = await insertAuditEntry(client);
  await client.query(
    `INSERT INTO litemaas_console.changes (batch_id, action, record_kind, record_id, before, after, actor)
     VALUES ($1, 'USER_UPDATE', 'user', $2, '{"rpmLimit": "1"}', '{"rpmLimit": "60"}', 'test')`,
    [batch, user],
  );
  await client.query('DROP INDEX idx_models_provider');
  return { user, team, model, subscription, apiKey, entry };
}

async function fillAnothers(client: pg.Client): Promise<Readonly<Record<string, string>>> {
  await client.query('CREATE TABLE users (id serial PRIMARY KEY, username text)');
  await client.query(`INSERT INTO users (username) VALUES ('ana')`);
  return {};
}

/** What the procedures are asked with that want more than {@link commonInputs}. */
async function inputsOf(
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
    'users.get': [{ id: id('user') }],
    'users.known': [{ emails: ['ana@example.com'], usernames: ['ana'] }],
    'users.previewDelete': [{ targets: { filter: { filters: {} } } }],
    'users.previewUpdate': [
      { targets: { filter: { filters: {} } }, changes: { rpmLimit: '1' } },
      { targets: { selected: [{ id: id('user'), version: '0'.repeat(32) }] }, changes: { isActive: false } },
    ],
    'users.previewCreate': [{ people: [{ username: 'a', email: null }] }],
    'changes.run': [{ plan: batch }],
    'changes.previewUndo': [{ batchId: batch }],
    'teams.get': [{ id: id('team') }],
    'teams.members': [{ filters: { teamId: id('team') } }],
    'teams.exportMembersCsv': [{ filters: { teamId: id('team') } }],
    'models.get': [{ id: 'gpt' }],
    'models.figures': [{ ids: ['gpt'] }],
    'subscriptions.get': [{ id: id('subscription') }],
    'apiKeys.get': [{ id: id('apiKey') }],
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

function takes({ input }: Procedure, value: unknown): boolean {
  return input.safeParse(value).success;
}

function expectedOutcome({ scope, writes }: Procedure, isOurs: boolean): string {
  // Another program's database has no schema of the console's, which is what is missed first.
  if (scope === 'schema' && !isOurs) return 'db_version';
  return writes ? 'read_only' : 'answered';
}

/** `answered`, or the code of the refusal; with the SQLSTATE where it was not the console that refused. */
async function outcomeOf(
  client: BrowserClient,
  { area, name, procedure }: NamedProcedure,
  input: unknown,
): Promise<string> {
  try {
    await client[procedure.kind === 'file' ? 'download' : 'ask'](area, name as never, input as never);
    return 'answered';
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [error.code, error.details?.['sqlState']].filter((part) => part !== undefined).join(' ');
  }
}

/** What must be the same afterwards: catalogue, the place and origin of every row, sequences, large objects. */
async function fingerprint(client: pg.Client): Promise<unknown> {
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
