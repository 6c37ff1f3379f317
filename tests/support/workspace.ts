import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../src/main/postgres/database';
import type { OpenWorkspace } from '../../src/main/workspace/open-workspace';
import { openSecretStore } from '../../src/main/workspace/secrets';
import type { PostgresMajor } from './postgres-cluster';
import { createTestDatabase, type TestDatabase } from './postgres';

export interface TestWorkspace {
  readonly workspace: OpenWorkspace;
  readonly database: TestDatabase;
  close(): Promise<void>;
}

/** A workspace as the console opens one, on a migrated database of this test file. */
export async function openTestWorkspace(
  options: {
    readonly access?: 'read-only' | 'administer';
    readonly major?: PostgresMajor;
    readonly timeZone?: string;
  } = {},
): Promise<TestWorkspace> {
  const database = await createTestDatabase({
    migrated: true,
    ...(options.major ? { major: options.major } : {}),
  });
  const access = options.access ?? 'administer';
  const opened = openDatabase({ config: database.config, readOnly: access === 'read-only', checkRows: true });
  const id = randomUUID();
  const workspace: OpenWorkspace = {
    id,
    profile: {
      id,
      name: 'Test',
      kind: 'server',
      environmentLabel: 'test',
      colour: '',
      host: database.config.host ?? null,
      port: database.config.port ?? null,
      socketFolder: null,
      database: database.config.database ?? '',
      user: database.config.user ?? '',
      tlsMode: 'disable',
      caFile: null,
      clientCertificateFile: null,
      clientKeyFile: null,
      channelBinding: 'prefer',
      weakSignInAllowed: false,
      access,
      litellm: null,
      operatorUserId: null,
      reportingTimeZone: options.timeZone ?? 'UTC',
      runsDue: false,
      superuserAccepted: null,
      lastOpenedAt: null,
    },
    database: opened,
    secrets: openSecretStore({ dataFolder: '/nonexistent' }),
    reportingTimeZone: options.timeZone ?? 'UTC',
    dataChanged: () => undefined,
    keepLitellm: () => Promise.resolve(),
  };
  return {
    workspace,
    database,
    async close() {
      await opened.close();
      await database.drop();
    },
  };
}
