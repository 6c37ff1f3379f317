import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { createSyncHandlers } from '../../../src/main/sync';
import type { ClientOptions } from '../../../src/main/litellm/client/client';
import { type Database, openDatabase } from '../../../src/main/postgres/database';
import type { OpenWorkspace } from '../../../src/main/workspace/open-workspace';
import type { Profile } from '../../../src/main/workspace/profiles';
import type { SecretReference, SecretStore } from '../../../src/main/workspace/secrets';
import { contract } from '../../../src/shared/contract';
import type { SyncRun } from '../../../src/shared/contract/sync';
import type { Progress } from '../../../src/shared/progress';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../support/litellm';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { testSessions } from '../../support/test-session';

export interface Harness {
  readonly simulator: Simulator;
  readonly testDatabase: TestDatabase;
  readonly database: Database;
  readonly workspace: OpenWorkspace;
  /** What was kept as secrets: target → value. */
  readonly secrets: Map<string, string>;
  readonly progress: Progress[];
  readonly handlers: ReturnType<typeof createSyncHandlers>;
  link(key?: string): Promise<void>;
  pull(options?: PullOptions): Promise<SyncRun>;
  /** Rows of one statement, as plain node-postgres reads them. */
  rows<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface PullOptions {
  readonly backfillDays?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface HarnessOptions {
  readonly simulator?: SimulatorOptions;
  readonly client?: ClientOptions;
  readonly major?: 18 | 15;
}

/** A simulated proxy, a migrated database and the handlers of sync between them. Waiting takes no time. */
export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const simulator = await createSimulator(options.simulator);
  const testDatabase = await createTestDatabase(options.major === undefined ? {} : { major: options.major });
  const database = openDatabase({ config: testDatabase.config, readOnly: false, checkRows: true });
  const plain = testSessions({ ...testDatabase.config, max: 2 });
  // Dropping the database may end a connection that is just closing.
  plain.on('error', () => undefined);
  const secrets = new Map<string, string>();
  const progress: Progress[] = [];
  const workspace: { -readonly [Field in keyof OpenWorkspace]: OpenWorkspace[Field] } = {
    id: profile.id,
    profile,
    database,
    secrets: memorySecrets(secrets),
    reportingTimeZone: 'UTC',
    dataChanged: () => undefined,
    keepLitellm(litellm) {
      workspace.profile = { ...workspace.profile, litellm };
      return Promise.resolve();
    },
  };
  const handlers = createSyncHandlers({ sleep: () => Promise.resolve(), ...options.client });
  const call = (signal = new AbortController().signal) => ({ workspace, signal, report: () => undefined });
  return {
    simulator,
    testDatabase,
    database,
    workspace,
    secrets,
    progress,
    handlers,
    async link(key = simulator.masterKey) {
      const proxy = { baseUrl: simulator.url, apiKey: key, headerName: 'Authorization' };
      await handlers.link({ ...proxy, caFile: null, proxy: null }, call());
    },
    async pull({ backfillDays = 31, signal, onProgress } = {}) {
      const report = (step: Progress): void => {
        progress.push(step);
        onProgress?.(step);
      };
      const run = await handlers.run({ backfillDays }, { ...call(signal), report });
      return contract.sync.run.output.parse(run);
    },
    async rows<Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []) {
      return (await plain.query<Row>(statement, values)).rows;
    },
    async close() {
      await plain.end();
      await database.close();
      await simulator.close();
      await testDatabase.drop();
    },
  };
}

const profile: Profile = {
  id: randomUUID(),
  name: 'Test',
  kind: 'server',
  environmentLabel: 'test',
  colour: 'grey',
  host: 'localhost',
  port: 5432,
  socketFolder: null,
  database: 'test',
  user: 'test',
  tlsMode: 'disable',
  caFile: null,
  clientCertificateFile: null,
  clientKeyFile: null,
  channelBinding: 'prefer',
  weakSignInAllowed: false,
  access: 'administer',
  litellm: null,
  operatorUserId: null,
  reportingTimeZone: 'UTC',
  runsDue: false,
  superuserAccepted: null,
  lastOpenedAt: null,
};

function memorySecrets(kept: Map<string, string>): SecretStore {
  const status = { state: 'memory', backend: 'memory', message: 'Kept in memory.' } as const;
  const nameOf = ({ profileId, target }: SecretReference): string => `${profileId} ${JSON.stringify(target)}`;
  return {
    status: () => Promise.resolve(status),
    get(reference) {
      const value = kept.get(nameOf(reference));
      return Promise.resolve(value === undefined ? { state: 'absent' } : { state: 'found', value });
    },
    set(reference, value) {
      kept.set(nameOf(reference), value);
      return Promise.resolve(status);
    },
    delete(reference) {
      kept.delete(nameOf(reference));
      return Promise.resolve();
    },
    deleteAll(profileId) {
      for (const name of kept.keys()) if (name.startsWith(`${profileId} `)) kept.delete(name);
      return Promise.resolve();
    },
    allowUnprotected: () => Promise.resolve(),
  };
}

/** Tables whose content a pull may change, apart from its own history. */
const dataTables = [
  'public.users',
  'public.models',
  'public.teams',
  'public.team_members',
  'public.subscriptions',
  'public.api_keys',
  'public.api_key_models',
  'public.usage_logs',
  'public.usage_summaries',
  'public.audit_logs',
  'litemaas_console.settings',
  'litemaas_console.usage_daily',
  'litemaas_console.usage_monthly',
  'litemaas_console.usage_latency',
  'litemaas_console.unattributed_usage',
  'litemaas_console.subscription_events',
  'litemaas_console.model_prices',
  'litemaas_console.litellm_objects',
  'litemaas_console.import_cursors',
  'litemaas_console.usage_ranges',
] as const;

/** Content of every table, with the transaction that last wrote each row: any write at all changes it. */
export async function fingerprint({ rows }: Harness): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of dataTables) {
    const [row] = await rows<{ hash: string }>(
      `SELECT count(*) || ':' || COALESCE(md5(string_agg(line, E'\\n' ORDER BY line)), '') AS hash
       FROM (SELECT t.tableoid::text || t.ctid::text || t.xmin::text || t::text AS line FROM ${table} t) AS lines`,
    );
    found[table] = row?.hash ?? '';
  }
  return found;
}
