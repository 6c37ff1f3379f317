import type pg from 'pg';
import type { InputOf, Contract } from '../../../src/shared/contract/index';
import type { RoleKind } from '../../../src/shared/contract/database';
import {
  insertApiKey,
  insertApiKeyModel,
  insertAuditEntry,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUnattributedUsage,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { connectionTo } from '../../support/connection-fields';
import type { Simulator } from '../../support/litellm';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import type { PostgresMajor } from '../../support/postgres-cluster';
import { type BrowserClient, openBrowserClient, Refused } from '../contract/browser-client';
import {
  batch,
  inputsFor,
  inputsOf,
  keysFor,
  leftBatch,
  type NamedProcedure,
  procedures,
} from '../contract/every-call';

export type Access = 'read-only' | 'administer';

const now = new Date();
/** A month of the usage log that no console creates by itself. */
const longAgo = new Date(Date.UTC(now.getUTCFullYear() - 2, now.getUTCMonth(), 1)).toISOString().slice(0, 7);

/** A console with its workspace open on a database, as one of its roles. */
export async function openConsole(
  database: TestDatabase,
  user: string,
  access: Access,
): Promise<BrowserClient> {
  const client = await openBrowserClient('roles-test');
  try {
    await client.ask('workspace', 'connect', {
      connection: connectionTo(database, { user }),
      settings: {
        name: 'Roles',
        environmentLabel: '',
        colour: '',
        access,
        operatorUserId: null,
        reportingTimeZone: 'UTC',
      },
      // The server asks for none; the connection string has one to be shown.
      password: 'geheim',
      rememberPassword: false,
    });
  } catch (error) {
    await client.close();
    throw error;
  }
  return client;
}

/** A database with records of each kind, an index that is missing, and a month of the usage log that is missing. */
export interface FilledDatabase {
  readonly database: TestDatabase;
  readonly ids: Readonly<Record<string, string>>;
}

export async function createFilledDatabase(major: PostgresMajor): Promise<FilledDatabase> {
  const database = await createTestDatabase({ major });
  const owner = await openTestSession(database.config);
  const ids = await fill(owner);
  const { id: leaver } = await insertUser(owner, { username: 'leaver' });
  await owner.end();
  const console = await openConsole(database, database.config.user ?? '', 'administer');
  const { version } = await console.ask('users', 'get', { id: leaver });
  const { plan } = await console.ask('users', 'previewDelete', {
    targets: { selected: [{ id: leaver, version }] },
  });
  const { batchId } = await console.ask('changes', 'run', { plan, reason: 'test' });
  await console.close();
  return { database, ids: { ...ids, deletion: batchId } };
}

/** What the reading procedures are asked with, among it what an undone deletion would bring back. */
export async function roleInputs(
  client: BrowserClient,
  simulator: Simulator,
  ids: FilledDatabase['ids'],
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const inputs = await inputsOf(client, simulator, ids);
  const undone = [...(inputs['changes.previewUndo'] ?? []), { batchId: ids['deletion'] }];
  return { ...inputs, 'changes.previewUndo': undone };
}

async function fill(client: pg.Client): Promise<Readonly<Record<string, string>>> {
  const { id: user } = await insertUser(client, { username: 'ana' });
  const { id: team } = await insertTeam(client, { name: 'Crew', created_by: user });
  await insertTeamMember(client, { team_id: team, user_id: user });
  const { id: model } = await insertModel(client, { id: 'gpt' });
  await insertModel(client, { id: 'newer' });
  const { id: subscription } = await insertSubscription(client, { user_id: user, model_id: model });
  const { id: apiKey } = await insertApiKey(client, {
    user_id: user,
    subscription_id: subscription,
    name: 'kept value',
    lite_llm_key_value: 'sk-no-reader-sees-this-0123456789',
  });
  await insertApiKeyModel(client, { api_key_id: apiKey, model_id: model });
  await insertUsageLog(client, {
    subscription_id: subscription,
    api_key_id: apiKey,
    model_id: model,
    created_at: '2026-11-05T10:00:00Z',
    latency_ms: 90,
  });
  await insertUnattributedUsage(client, { model_id: 'stray', created_at: '2026-11-06T10:00:00Z' });
  const { id: entry } = await insertAuditEntry(client, { user_id: user });
  await client.query(
    `INSERT INTO litemaas_console.changes (batch_id, action, record_kind, record_id, before, after, actor)
     VALUES ($1, 'USER_UPDATE', 'user', $2, '{"rpmLimit": "1"}', '{"rpmLimit": "60"}', 'test'),
       ($3, 'USER_OFFBOARD', 'user', $2, '{"isActive": true}', '{"isActive": false}', 'test')`,
    [batch, user, leftBatch],
  );
  await client.query(
    `INSERT INTO litemaas_console.moved_aside (record_kind, record_id, batch_id, way, action, label, reason, actor)
     VALUES ('user', $1, $2, 'delete', 'USER_DELETE', 'ana', 'test', 'test')`,
    [user, batch],
  );
  // Somebody whose requests are too many to be deleted in one transaction.
  const { id: busy } = await insertUser(client, { username: 'busy' });
  const { id: much } = await insertSubscription(client, { user_id: busy, model_id: model });
  await client.query(
    `INSERT INTO public.usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
     SELECT $1, $2, 1, 1, '2026-11-05T11:00:00Z'::timestamptz + n * interval '1 ms' FROM generate_series(1, 10001) AS n`,
    [much, model],
  );
  await client.query('DROP INDEX idx_models_provider');
  await client.query(`DROP TABLE usage_logs_${longAgo.replace('-', '_')}`);
  // Near their end, sequences are findings: whoever may not read them is told of none.
  await client.query(`
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, (0.9 * max_value)::bigint)
    FROM pg_sequences WHERE schemaname = 'litemaas_console'`);
  return { user, team, model, subscription, apiKey, entry };
}

/** Takes away what everybody may do by default: then a role has what it was granted, and nothing else. */
export async function withdrawFromPublic(admin: pg.Client, database: TestDatabase): Promise<void> {
  await admin.query(`
    REVOKE ALL ON DATABASE ${database.name} FROM PUBLIC;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    REVOKE ALL ON ALL TABLES IN SCHEMA public, litemaas_console, drizzle FROM PUBLIC;
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public, litemaas_console FROM PUBLIC;`);
}

/** Makes a role by the very SQL that the owner's console gives; a superuser runs it. */
export async function makeRole(
  console: BrowserClient,
  admin: pg.Client,
  wish: { readonly role: RoleKind; readonly name: string },
): Promise<void> {
  const { statements } = await console.ask('database', 'roleSql', wish);
  await admin.query(statements);
}

export async function dropRole(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`DROP OWNED BY ${quoted(name)} CASCADE; DROP ROLE ${quoted(name)};`);
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What each reading procedure answered, or its refusal. */
export type Answers = Readonly<Record<string, unknown>>;

/** What is of this moment, of this session, or sealed for one console. */
const passing: ReadonlySet<string> = new Set(['checkedAt', 'key', 'next', 'previous', 'plan', 'latencyMs']);

/** Asks every procedure that reads. */
export async function readAll(
  client: BrowserClient,
  inputs: Readonly<Record<string, readonly unknown[]>>,
  onAnswer: (called: string, answer: unknown) => boolean = () => true,
): Promise<Answers> {
  const answers: Record<string, unknown> = {};
  for (const called of procedures.filter(({ procedure }) => !procedure.writes)) {
    for (const [place, input] of inputsFor(called, inputs).entries()) {
      const name = `${called.area}.${called.name} ${String(place)}`;
      const answer = await answerOf(client, called, input);
      answers[name] = answer;
      if (!onAnswer(name, answer)) return answers;
    }
  }
  return answers;
}

async function answerOf(
  client: BrowserClient,
  { area, name, procedure }: NamedProcedure,
  input: unknown,
): Promise<unknown> {
  try {
    const value: unknown = await client[procedure.kind === 'file' ? 'download' : 'ask'](
      area,
      name as never,
      input as never,
    );
    return JSON.parse(
      JSON.stringify(value, (key, held: unknown) => (passing.has(key) ? undefined : held)),
    ) as unknown;
  } catch (error) {
    if (error instanceof Refused) return refusal(error);
    throw error;
  }
}

export const refusal = ({ code, message, details }: Refused): string =>
  `${code} ${details?.['sqlState'] ?? ''}: ${message}`;

/** A writing call, and the role that it takes. */
export interface Write {
  readonly procedure: string;
  readonly by: 'administrator' | 'owner';
  run(client: BrowserClient): Promise<unknown>;
}

type Preview = { readonly plan: string };

/** Calls of every procedure that writes, in an order in which each can be done; each looks for what it needs itself. */
export function writesFor(proxy: InputOf<Contract['sync']['link']>): readonly Write[] {
  const seen = async (client: BrowserClient, search: string) => {
    const { rows } = await client.ask('users', 'list', { filters: {}, search });
    const { id = '', version = '' } = rows[0] ?? {};
    return { selected: [{ id, version }] };
  };
  const run = async (client: BrowserClient, { plan }: Preview): Promise<string> => {
    const { batchId, problems, done } = await client.ask('changes', 'run', { plan, reason: 'test' });
    if (problems.length > 0 || done === 0) throw new Error(JSON.stringify({ problems, done }));
    return batchId;
  };
  const undo = async (client: BrowserClient, action: string): Promise<void> => {
    const { rows } = await client.ask('audit', 'list', { filters: { action } });
    const { batchId } = rows[0] ?? {};
    await run(client, await client.ask('changes', 'previewUndo', { batchId: batchId ?? '' }));
  };
  const repair = async (
    client: BrowserClient,
    wanted: InputOf<Contract['health']['repair']>['repair'],
  ): Promise<unknown> => {
    const { version } = await client.ask('health', 'previewRepair', { repair: wanted });
    return client.ask('health', 'repair', { repair: wanted, version });
  };
  const makeKey = async (client: BrowserClient, tpmLimit: string): Promise<unknown> => {
    const { selected } = await seen(client, 'bea');
    return client.ask('apiKeys', 'create', {
      ...{ userId: selected[0]?.id ?? '', name: 'made', alias: null, models: 'all' as const, teamId: null },
      ...{ maxBudget: '5', budgetDuration: 'monthly', tpmLimit, rpmLimit: null, expiresAt: null },
      keepValue: false,
    });
  };
  const by = 'administrator';
  return [
    {
      procedure: 'apiKeys.reveal',
      by,
      run: async (client) => {
        const { rows } = await client.ask('apiKeys', 'list', { filters: {}, search: 'kept value' });
        const asked = { id: rows[0]?.id ?? '', reason: 'its owner lost it' };
        const { secret } = await client.ask('apiKeys', 'reveal', asked);
        if (secret !== 'sk-no-reader-sees-this-0123456789') throw new Error('another value');
      },
    },
    {
      procedure: 'changes.finish',
      by,
      run: async (client) => {
        const { items } = await client.ask('changes', 'unfinished', {});
        await client.ask('changes', 'finish', { batchId: items[0]?.batchId ?? '', how: 'put_back' });
      },
    },
    {
      procedure: 'changes.run',
      by,
      run: async (client) =>
        run(
          client,
          await client.ask('users', 'previewCreate', {
            people: [{ username: 'bea', email: 'bea@example.com' }],
          }),
        ),
    },
    {
      procedure: 'changes.run',
      by,
      run: async (client) =>
        run(
          client,
          await client.ask('users', 'previewUpdate', {
            targets: await seen(client, 'ana'),
            changes: { rpmLimit: '17', isActive: false },
          }),
        ),
    },
    {
      procedure: 'changes.run',
      by,
      run: async (client) => {
        const targets = await seen(client, 'ana');
        await run(client, await client.ask('users', 'previewOffboard', { targets }));
        await undo(client, 'USER_OFFBOARD');
      },
    },
    {
      procedure: 'changes.run',
      by,
      run: async (client) => {
        await run(client, await client.ask('users', 'previewDelete', { targets: await seen(client, 'ana') }));
        await undo(client, 'USER_DELETE');
      },
    },
    {
      procedure: 'changes.run',
      by,
      run: async (client) =>
        run(client, await client.ask('users', 'previewDelete', { targets: await seen(client, 'busy') })),
    },
    {
      procedure: 'changes.run',
      by,
      run: async (client) => {
        const targets = { filter: { filters: {} } };
        await run(
          client,
          await client.ask('teams', 'previewUpdate', {
            targets,
            changes: { rpmLimit: '17', maxBudget: '5' },
          }),
        );
      },
    },
    {
      procedure: 'changes.run',
      by,
      run: async (client) => {
        await run(
          client,
          await client.ask('teams', 'previewDelete', {
            targets: { filter: { filters: {}, search: 'Crew' } },
          }),
        );
        await undo(client, 'TEAM_DELETE');
      },
    },
    {
      procedure: 'subscriptions.runDue',
      by,
      run: async (client) => {
        await run(
          client,
          await client.ask('subscriptions', 'previewReset', {
            targets: { filter: { filters: {} } },
            when: 'now',
          }),
        );
        await client.ask('subscriptions', 'runDue', {});
      },
    },
    { procedure: 'sync.link', by, run: (client) => client.ask('sync', 'link', proxy) },
    {
      procedure: 'sync.run',
      by,
      run: async (client) => {
        const { state, error } = await client.ask('sync', 'run', { backfillDays: 30 });
        if (state !== 'succeeded') throw new Error(JSON.stringify({ state, error }));
      },
    },
    {
      // What waits for the proxy is told once, with what came later.
      procedure: 'changes.run',
      by,
      run: async (client) => {
        const filter = { filters: {} };
        for (const rpmLimit of ['18', '19']) {
          const targets = { filter };
          await run(client, await client.ask('users', 'previewUpdate', { targets, changes: { rpmLimit } }));
        }
      },
    },
    {
      procedure: 'apiKeys.rotate',
      by,
      run: async (client) => {
        const { id = '' } = ((await makeKey(client, '99')) ?? {}) as { id?: string };
        const { version } = await client.ask('apiKeys', 'get', { id });
        const wanted = { id, version, overlap: '1h' as const, keepValue: false, reason: 'test' };
        await client.ask('apiKeys', 'rotate', wanted);
      },
    },
    {
      procedure: 'models.test',
      by,
      run: async (client) => {
        const asked = { id: 'newer', key: { value: 'sk-nobody-has-this-key-0123456789' } };
        // The proxy has no such key.
        const { outcome } = await client.ask('models', 'test', asked);
        if (outcome !== 'refused') throw new Error(outcome);
      },
    },
    {
      procedure: 'apiKeys.create',
      by,
      run: async (client) => {
        await makeKey(client, '100');
        const targets = { filter: { filters: {}, search: 'made' } };
        await run(client, await client.ask('apiKeys', 'previewRevoke', { targets }));
        // Deleted and brought back.
        const batchId = await run(client, await client.ask('apiKeys', 'previewDelete', { targets }));
        await run(client, await client.ask('changes', 'previewUndo', { batchId, recordId: null }));
      },
    },
    {
      // The simulator counts like JavaScript: it takes this limit over otherwise than asked, and the key is taken back.
      procedure: 'apiKeys.create',
      by,
      run: (client) =>
        makeKey(client, '9007199254740993').then(
          () => Promise.reject(new Error('the key was not taken back')),
          (error: unknown) => {
            if (!(error instanceof Refused) || error.code !== 'litellm_refused') throw error;
          },
        ),
    },
    {
      procedure: 'apiKeys.createMany',
      by,
      run: async (client) => {
        const { selected } = await seen(client, 'bea');
        const csv = await client.download('apiKeys', 'createMany', keysFor(selected[0]?.id ?? ''));
        if (!/,sk-[\w-]{43},\r\n/.test(csv)) throw new Error(csv.replaceAll(/sk-[\w-]+/g, 'sk-…'));
        const targets = { filter: { filters: {}, search: '-many' } };
        await run(client, await client.ask('apiKeys', 'previewRevoke', { targets }));
      },
    },
    { procedure: 'sync.send', by, run: (client) => client.ask('sync', 'send', {}) },
    { procedure: 'sync.unlink', by, run: (client) => client.ask('sync', 'unlink', {}) },
    {
      procedure: 'settings.changeReportingTimeZone',
      by,
      run: (client) => client.ask('settings', 'changeReportingTimeZone', { timeZone: 'Asia/Kathmandu' }),
    },
    {
      procedure: 'audit.exportCsv',
      by,
      run: async (client) => {
        const text = await client.download('audit', 'exportCsv', { filters: {} });
        if (!text.includes('USER_DELETE')) throw new Error(text.slice(0, 200));
      },
    },
    {
      procedure: 'database.revealConnection',
      by,
      run: (client) => client.ask('database', 'revealConnection', {}),
    },
    { procedure: 'health.repair', by, run: (client) => repair(client, { kind: 'rebuild_usage' }) },
    {
      procedure: 'health.repair',
      by: 'owner',
      run: (client) =>
        repair(client, { kind: 'create_index', schema: 'public', index: 'idx_models_provider' }),
    },
    {
      procedure: 'database.createPartitions',
      by: 'owner',
      run: (client) => client.ask('database', 'createPartitions', {}),
    },
  ];
}

/** Into an empty database, and out of it again. */
export const demoWrites: readonly Write[] = [
  { procedure: 'demo.load', by: 'administrator', run: (client) => client.ask('demo', 'load', {}) },
  { procedure: 'demo.remove', by: 'administrator', run: (client) => client.ask('demo', 'remove', {}) },
];
